# Count and sum by ($key, window): the window is the time cut to $cut characters.
reduce inputs as $r ({};
  ($r[$key] + "\t" + $r.ts[0:$cut]) as $k
  | .[$k] as $old
  | .[$k] = [($old[0] // 0) + 1, ($old[1] // 0) + $r.bytes])
| to_entries[]
| (.key / "\t") as [$name, $start]
| {window_start: $start, ($key): $name, n: .value[0], bytes: .value[1]}
