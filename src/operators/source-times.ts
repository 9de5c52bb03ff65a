/**
 * The watermark of sources that are read beside each other, such as the partitions of a topic: the lowest of theirs,
 * leaving out those that were silent for too long and those that have ended. A source that has sent nothing yet holds
 * it back. (Flink, Generating Watermarks: per partition, idleness.)
 */

export interface SourceTimes {
  /** Rows of `present` are about to be worked on: its highest time so far, and the watermark that the others allow. */
  enter(present: string, nowMs: number): { readonly own: number; readonly ceiling: number };
  /** The highest time of `present` is now this. */
  leave(present: string, highest: number, nowMs: number): void;
  /** The watermark of all that are not silent; undefined when all are. */
  watermark(nowMs: number): number | undefined;
  /** When the next one will have been silent for too long (epoch ms); +Infinity for never. */
  nextSilence(nowMs: number): number;
  facts(): Readonly<Record<string, number>>;
  restore(facts: Readonly<Record<string, number>>): void;
}

interface Seen {
  highest: number;
  lastSeenMs: number;
}

export interface SourceTimesOptions {
  readonly delayMs: number;
  readonly idleMs: number | undefined;
  /** The sources that have something to come while `present` is worked on. */
  live(present: string): readonly string[];
}

/** The times of sources, none of which has been seen. */
export function createSourceTimes({ delayMs, idleMs, live }: SourceTimesOptions): SourceTimes {
  const seen = new Map<string, Seen>();
  let current = '';
  const of = (name: string, nowMs: number): Seen => {
    let one = seen.get(name);
    if (one === undefined) {
      one = { highest: Number.NEGATIVE_INFINITY, lastSeenMs: nowMs };
      seen.set(name, one);
    }
    if (one.lastSeenMs === Infinity) one.lastSeenMs = nowMs;
    return one;
  };
  const isSilent = ({ lastSeenMs }: Seen, nowMs: number): boolean =>
    idleMs !== undefined && nowMs - lastSeenMs >= idleMs;
  const talking = (nowMs: number): Seen[] =>
    live(current).flatMap((name) => {
      const one = of(name, nowMs);
      return isSilent(one, nowMs) ? [] : one;
    });
  const lowest = (times: readonly Seen[]): number =>
    times.reduce((low, { highest }) => Math.min(low, highest - delayMs), Number.POSITIVE_INFINITY);
  return {
    enter(present, nowMs) {
      current = present;
      const own = of(present, nowMs);
      own.lastSeenMs = nowMs;
      return { own: own.highest, ceiling: lowest(talking(nowMs).filter((one) => one !== own)) };
    },
    leave(present, highest, nowMs) {
      const own = of(present, nowMs);
      own.highest = Math.max(own.highest, highest);
      own.lastSeenMs = nowMs;
    },
    watermark(nowMs) {
      const times = talking(nowMs);
      return times.length === 0 ? undefined : lowest(times);
    },
    nextSilence(nowMs) {
      if (idleMs === undefined) return Number.POSITIVE_INFINITY;
      const times = talking(nowMs);
      return times.reduce((at, one) => Math.min(at, one.lastSeenMs + idleMs), Number.POSITIVE_INFINITY);
    },
    facts: () =>
      Object.fromEntries(
        [...seen].flatMap(([name, { highest }]) => (Number.isFinite(highest) ? [[name, highest]] : [])),
      ),
    restore(facts) {
      // How long they have been silent is counted from the first batch of this run.
      for (const [name, highest] of Object.entries(facts)) seen.set(name, { highest, lastSeenMs: Infinity });
    },
  };
}
