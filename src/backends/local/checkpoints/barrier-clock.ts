/**
 * When the next barrier is due: every so often, never while a checkpoint is under way, and not sooner than a pause after
 * the last one was done. Knows instants only (ms of whatever clock it is asked with); takes none itself.
 */
export interface BarrierClock {
  /** The instant of the next barrier; +Infinity while a checkpoint is under way. */
  dueAt(): number;
  /** A barrier was cut. */
  cut(nowMs: number): void;
  /** The checkpoint is done. */
  done(nowMs: number): void;
}

export function createBarrierClock(everyMs: number, minPauseMs: number, startedMs: number): BarrierClock {
  let nextMs = startedMs + everyMs;
  let isUnderWay = false;
  return {
    dueAt: () => (isUnderWay ? Number.POSITIVE_INFINITY : nextMs),
    cut(nowMs) {
      isUnderWay = true;
      nextMs = nowMs + everyMs;
    },
    done(nowMs) {
      isUnderWay = false;
      nextMs = Math.max(nextMs, nowMs + minPauseMs);
    },
  };
}
