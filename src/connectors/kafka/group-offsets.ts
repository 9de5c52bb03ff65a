/**
 * Tells a group how far a reader has come: at most once a second, at the end, and whenever it is asked for. What the
 * group is told is never ahead of what was worked on, so that whoever goes on from there misses nothing. A broker that
 * does not answer is asked again, and never holds the end up for long.
 */
import { setTimeout as pause } from 'node:timers/promises';
import {
  isOutOfDate,
  isRetriable,
  type KafkaClient,
  kafkaProblem,
  type PartitionName,
} from '../../kafka/index.js';
import type { Assigned } from './assigned.js';

export type CommittedOffset = PartitionName & { readonly offset: number };

export interface GroupOffsetsOptions {
  readonly client: Pick<KafkaClient, 'forget' | 'brokers'>;
  readonly group: string;
  commit(offsets: readonly CommittedOffset[]): Promise<void>;
  /** The group takes no offsets from here. Not called when the group goes on without this member. */
  onFailure(error: unknown): void;
  say(line: string): void;
}

export interface GroupOffsets {
  /** Everything in front of these offsets, by the keys of partitions, is worked on. */
  note(partitions: readonly Assigned[], offsets: ReadonlyMap<string, number>): void;
  /** Tells now what is not told yet; waits for so long at most. Resolves to whether all is told. */
  settle(atMostMs: number): Promise<boolean>;
  /** Forgets what is not told: the partitions are another's. */
  drop(): void;
  close(): void;
}

const everyMs = 1000;

interface State extends GroupOffsetsOptions {
  readonly wanted: Map<string, CommittedOffset>;
  readonly told: Map<string, number>;
  telling: Promise<void> | undefined;
  timer: NodeJS.Timeout | undefined;
  lastMs: number;
  closed: boolean;
}

async function tell(state: State): Promise<void> {
  const offsets = [...state.wanted.values()];
  state.wanted.clear();
  state.lastMs = performance.now();
  if (offsets.length === 0) return;
  const keyOf = ({ topic, partition }: CommittedOffset): string => `${topic}/${partition}`;
  try {
    await state.commit(offsets);
    for (const one of offsets) state.told.set(keyOf(one), one.offset);
  } catch (error) {
    if (!isRetriable(error)) {
      state.onFailure(error);
      return;
    }
    state.client.forget();
    // What was noted meanwhile is further.
    for (const one of offsets) if (!state.wanted.has(keyOf(one))) state.wanted.set(keyOf(one), one);
  }
}

function tellNow(state: State): Promise<void> {
  state.telling ??= tell(state).finally(() => {
    state.telling = undefined;
    if (state.wanted.size > 0) tellLater(state);
  });
  return state.telling;
}

function tellLater(state: State): void {
  if (state.timer !== undefined || state.telling !== undefined || state.closed) return;
  const dueMs = Math.max(0, state.lastMs + everyMs - performance.now());
  state.timer = setTimeout(() => {
    state.timer = undefined;
    void tellNow(state);
  }, dueMs);
  state.timer.unref();
}

async function settleAll(state: State, endMs: number): Promise<void> {
  while (state.telling !== undefined || state.wanted.size > 0) {
    if (performance.now() > endMs) return;
    await tellNow(state);
    if (state.wanted.size > 0) await pause(50);
  }
}

/** Nothing is told yet. */
export function createGroupOffsets(options: GroupOffsetsOptions): GroupOffsets {
  const state: State = {
    ...options,
    wanted: new Map(),
    told: new Map(),
    telling: undefined,
    timer: undefined,
    lastMs: Number.NEGATIVE_INFINITY,
    closed: false,
  };
  return {
    note(partitions, offsets) {
      for (const { topic, partition, key } of partitions) {
        const offset = offsets.get(key);
        if (offset === undefined || (state.told.get(key) === offset && !state.wanted.has(key))) continue;
        state.wanted.set(key, { topic, partition, offset });
      }
      if (state.wanted.size > 0) tellLater(state);
    },
    async settle(atMostMs) {
      clearTimeout(state.timer);
      state.timer = undefined;
      const end = new AbortController();
      const late = pause(atMostMs, undefined, { signal: end.signal }).catch(() => {});
      await Promise.race([settleAll(state, performance.now() + atMostMs), late]);
      end.abort();
      return state.wanted.size === 0 && state.telling === undefined;
    },
    drop() {
      state.wanted.clear();
      state.told.clear();
    },
    close() {
      state.closed = true;
      clearTimeout(state.timer);
    },
  };
}

/** What a failure means for a reader: the problem that ends it; undefined when the group has only gone on without it. */
export function commitProblem(
  error: unknown,
  shared: boolean,
  brokers: readonly string[],
): Error | undefined {
  return shared && isOutOfDate(error) ? undefined : kafkaProblem(error, { brokers });
}
