/**
 * What a program keeps, by key: named values, lists and maps of plain JSON, and the timers of the key. A key that keeps
 * nothing is forgotten. Timers are kept in the order in which they fire: by time, then by the age of the key.
 */
import { putText, takeText } from '../../record/index.js';
import {
  type Codec,
  type Numbered,
  readNumbered,
  type SnapshotReader,
  type SnapshotWriter,
  writeNumbered,
} from '../../state/index.js';

export type TimerKind = 'event' | 'processing';

export interface KeyState {
  /** Key bytes, a character a byte. */
  readonly key: string;
  readonly number: number;
  /** By name; a list or a map is one of them. */
  readonly values: Map<string, unknown>;
  readonly timers: Readonly<Record<TimerKind, Set<number>>>;
}

/** What is kept under a key, as it is written out. */
export interface StoredKey {
  readonly key: string;
  readonly values: readonly (readonly [string, unknown])[];
  readonly event: readonly number[];
  readonly processing: readonly number[];
}

const codec: Codec<StoredKey> = {
  write: (out, stored) => putText(out, JSON.stringify(stored)),
  read: (from) => JSON.parse(takeText(from)) as StoredKey,
};

interface Queued {
  readonly time: number;
  readonly state: KeyState;
}

const isBefore = (a: Queued, b: Queued): boolean =>
  a.time < b.time || (a.time === b.time && a.state.number < b.state.number);

function insert(queue: Queued[], timer: Queued): void {
  let [low, high] = [0, queue.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(queue[middle]!, timer)) low = middle + 1;
    else high = middle;
  }
  queue.splice(low, 0, timer);
}

export interface KeyStates {
  of(key: string): KeyState;
  /** Forgets the key when it keeps nothing. */
  release(state: KeyState): void;
  addTimer(kind: TimerKind, state: KeyState, time: number): void;
  removeTimer(kind: TimerKind, state: KeyState, time: number): void;
  /** Takes the next timer that is due. */
  takeDue(kind: TimerKind, until: number): Queued | undefined;
  next(kind: TimerKind): number;
  /** All keys, by age. */
  stored(): readonly Numbered<StoredKey>[];
  /** Has these keys, by age, in place of those that there are. */
  replace(all: readonly Numbered<StoredKey>[]): void;
  snapshot(into: SnapshotWriter): void;
  restore(from: SnapshotReader): void;
}

export function createKeyStates(): KeyStates {
  const states = new Map<string, KeyState>();
  const queues: Record<TimerKind, Queued[]> = { event: [], processing: [] };
  let numbers = 0;
  const make = (key: string, number: number, values: StoredKey['values'] = []): KeyState => {
    const state = {
      key,
      number,
      values: new Map(values),
      timers: { event: new Set<number>(), processing: new Set<number>() },
    };
    states.set(key, state);
    return state;
  };
  const addTimer = (kind: TimerKind, state: KeyState, time: number): void => {
    if (state.timers[kind].has(time)) return;
    state.timers[kind].add(time);
    insert(queues[kind], { time, state });
  };
  const put = (number: number, { key, values, event, processing }: StoredKey): void => {
    const state = make(key, number, values);
    for (const time of event) addTimer('event', state, time);
    for (const time of processing) addTimer('processing', state, time);
    numbers = Math.max(numbers, number + 1);
  };
  const stored = (): Numbered<StoredKey>[] =>
    [...states.values()].map(({ key, number, values, timers }) => ({
      number,
      thing: { key, values: [...values], event: [...timers.event], processing: [...timers.processing] },
    }));
  return {
    of: (key) => states.get(key) ?? make(key, numbers++),
    release(state) {
      const { values, timers } = state;
      if (values.size + timers.event.size + timers.processing.size === 0) states.delete(state.key);
    },
    addTimer,
    removeTimer(kind, state, time) {
      if (!state.timers[kind].delete(time)) return;
      const at = queues[kind].findIndex((timer) => timer.time === time && timer.state === state);
      queues[kind].splice(at, 1);
    },
    takeDue(kind, until) {
      const first = queues[kind][0];
      if (first === undefined || first.time > until) return undefined;
      queues[kind].shift();
      first.state.timers[kind].delete(first.time);
      return first;
    },
    next: (kind) => queues[kind][0]?.time ?? Number.POSITIVE_INFINITY,
    stored,
    replace(all) {
      states.clear();
      queues.event.length = 0;
      queues.processing.length = 0;
      for (const { number, thing } of all) put(number, thing);
    },
    snapshot: (into) => writeNumbered(into, 'keys.', stored(), codec),
    restore: (from) => readNumbered(from, 'keys.', codec, put),
  };
}
