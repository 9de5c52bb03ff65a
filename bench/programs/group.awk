# Count and sum by (key, window) without a JSON parser: splits at quotes and trusts the order of the fields.
# Called with -F'"' -v key=<number of the field> -v name=<its name> -v cut=<characters of the time>.
{
  k = $key SUBSEP substr($4, 1, cut)
  n[k]++
  match($0, /"bytes":[0-9]+/)
  s[k] += substr($0, RSTART + 8, RLENGTH - 8)
}
END {
  for (k in n) {
    split(k, part, SUBSEP)
    printf "{\"window_start\":\"%s\",\"%s\":\"%s\",\"n\":%d,\"bytes\":%d}\n", part[2], name, part[1], n[k], s[k]
  }
}
