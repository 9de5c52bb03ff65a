/**
 * Sessions: spans of activity that end when nothing came for a gap. A session is [start, end), its end the
 * last time plus the gap; sessions that overlap or just touch are one, as in Flink's TimeWindow.intersects.
 */

/** The end of a session whose last record is at `lastTime`. */
export function sessionEnd(lastTime: number, gapMs: number): number {
  return lastTime + gapMs;
}

/** Whether two sessions are one: they overlap, or the end of one is the start of the other. */
export function sessionsMeet(startA: number, endA: number, startB: number, endB: number): boolean {
  return startA <= endB && startB <= endA;
}
