# Responses of 500 and more by minute and path in nginx's combined format, fields between blanks. Times are those of
# the log (UTC there), the minute as it is written; a request that is no request line has no path.
BEGIN {
  split("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", name, " ")
  for (i = 1; i <= 12; i++) month[name[i]] = sprintf("%02d", i)
}
{
  # The status is the first field behind the quoted request.
  split($0, quoted, "\"")
  split(quoted[3], behind, " ")
  if (behind[1] < 500) next
  path = $7
  sub(/\?.*/, "", path)
  t = $4
  key = substr(t, 9, 4) "-" month[substr(t, 5, 3)] "-" substr(t, 2, 2) "T" substr(t, 14, 5) SUBSEP path
  n[key]++
}
END {
  for (key in n) {
    split(key, part, SUBSEP)
    printf "{\"window_start\":\"%s\",\"path\":\"%s\",\"n\":%d}\n", part[1], part[2], n[key]
  }
}
