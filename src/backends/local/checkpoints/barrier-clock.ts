/**
 * When the next barrier is due: every so often, never while a checkpoint is under way, and not sooner than a pause after
 * the last one was done. One that there is a reason to hurry with may come before it is due, as long as the taking of
 * checkpoints stays a small part of the time. Knows instants only (ms of whatever clock it is asked with); takes none itself.
 */
export interface BarrierClock {
  /** The instant of the next barrier; +Infinity while a checkpoint is under way. */
  dueAt(): number;
  /** Whether a barrier may be cut although it is not due. */
  mayHurry(nowMs: number): boolean;
  /** Records have waited for so long while the state of a checkpoint was taken. */
  taken(tookMs: number): void;
  /** A barrier was cut. */
  cut(nowMs: number): void;
  /** The checkpoint is done. */
  done(nowMs: number): void;
}

/** Hurried barriers are apart at least so many times what taking the last one took. */
const hurryFactor = 50;

/** Durations in ms. */
export interface BarrierTiming {
  readonly everyMs: number;
  /** From the done checkpoint to the next barrier, at least. */
  readonly minPauseMs: number;
}

export function createBarrierClock({ everyMs, minPauseMs }: BarrierTiming, startedMs: number): BarrierClock {
  let nextMs = startedMs + everyMs;
  let hurryMs = startedMs;
  let lastCutMs = startedMs;
  let isUnderWay = false;
  return {
    dueAt: () => (isUnderWay ? Number.POSITIVE_INFINITY : nextMs),
    mayHurry: (nowMs) => !isUnderWay && nowMs >= hurryMs,
    taken(tookMs) {
      hurryMs = lastCutMs + hurryFactor * tookMs;
    },
    cut(nowMs) {
      isUnderWay = true;
      lastCutMs = nowMs;
      nextMs = nowMs + everyMs;
    },
    done(nowMs) {
      isUnderWay = false;
      nextMs = Math.max(nextMs, nowMs + minPauseMs);
      hurryMs = Math.max(hurryMs, nowMs + minPauseMs);
    },
  };
}
