/** How long one waits between two looks at what another process has to write. */

const shortestMs = 2;
const longestMs = 50;

/** A third of the time waited so far (ms), so that little of the whole is waited in vain and few looks are taken. */
export function pauseAfter(waitedMs: number): number {
  return Math.min(longestMs, Math.max(shortestMs, waitedMs / 3));
}
