/**
 * When a stage that was asked to stop does so. Ctrl-C reaches all stages of a pipe: those behind the first one of a job wait
 * for the barrier with which that stops. Before the first byte a stage does not know whether it is one of those, and waits
 * for a word, but not for long.
 */

/** How long a stage of a job waits for the one before it, and one that may become such a stage for the first word. */
const patienceMs = { stage: 10_000, unknown: 300 } as const;

export interface Stop {
  readonly signal: AbortSignal;
  /** It is known now whether the stage waits for the one before it. */
  decide(isFollower: boolean): void;
}

/** `mayFollow`: the input may turn out to be the stream of a job. */
export function createStop(asked: AbortSignal | undefined, mayFollow: boolean): Stop {
  const controller = new AbortController();
  let patience: keyof typeof patienceMs | 'none' = mayFollow ? 'unknown' : 'none';
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    clearTimeout(timer);
    if (patience === 'none') {
      controller.abort();
      return;
    }
    timer = setTimeout(() => controller.abort(), patienceMs[patience]);
    // The run may end before.
    if (patience === 'stage') timer.unref();
  };
  if (asked?.aborted === true) stop();
  else asked?.addEventListener('abort', stop, { once: true });
  return {
    signal: controller.signal,
    decide(isFollower) {
      patience = isFollower ? 'stage' : 'none';
      if (asked?.aborted === true) stop();
    },
  };
}
