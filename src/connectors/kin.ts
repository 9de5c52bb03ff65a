/** Names of files that rotation makes of one another: app.log, app.log.1, app.log.1.gz, app.log-20261127. */

/** A name without what rotation and compression put behind it. */
const stemOf = (path: string): string => path.replace(/([.-]\d+)*(\.gz|\.zst)?$/, '');

/** Whether one of the names may be the other's after a rotation. */
export function areKin(one: string, other: string): boolean {
  const [a, b] = [stemOf(one), stemOf(other)];
  return a.startsWith(b) || b.startsWith(a);
}
