/**
 * The last record of each key within a span of event time: a record is passed on unless one of its key follows it that is
 * less than the span away. That is certain when the watermark is the span behind it; then it leaves, in the order of times.
 * So the watermark behind is more than the span behind as well, and a record that is as old as what has left is late.
 */
import { type Batch, putCount, putDouble, takeCount, takeDouble } from '../../record/index.js';
import {
  type Codec,
  createWindowQueue,
  nextEnd,
  popWindow,
  pushWindow,
  readFacts,
  readNumbered,
  type WindowQueue,
  writeFacts,
  writeNumbered,
} from '../../state/index.js';
import { formatDuration, heldInOrderMs, markInOrder } from '../../time/index.js';
import { rejectOf } from '../builder.js';
import type { KeyColumns } from '../chosen/key-columns.js';
import type { Operator, Output } from '../operator.js';
import type { Services } from '../place.js';
import type { Rescan } from '../rescan.js';
import {
  createKeeper,
  type KeptRecord,
  type StoredRecord,
  spellKeys,
  storedRecordCodec,
} from '../window/kept.js';
import { editLast, showLast } from './last-entries.js';

/** A record that nothing has followed yet. */
export interface Waiting {
  readonly number: number;
  readonly record: KeptRecord;
}

export interface Group {
  readonly key: string;
  waiting: readonly Waiting[];
  /** Of all its records that may yet follow one, also of those that do not wait. */
  times: readonly number[];
  /** When it is looked at next. Entries of the queue that say another time are no longer of use. */
  dueAt: number;
}

export interface LastState {
  readonly groups: Map<string, Group>;
  /** Groups by the time at which they may have something to give. */
  queue: WindowQueue;
  readonly queued: Map<number, Group>;
  nextId: number;
  arrivals: number;
  watermark: number;
}

const recordsPrefix = 'records/';

const codec: Codec<StoredRecord & { readonly times: readonly number[] }> = {
  write(out, thing) {
    putCount(out, thing.times.length);
    for (const time of thing.times) putDouble(out, time);
    storedRecordCodec.write(out, thing);
  },
  read(from) {
    const times = Array.from({ length: takeCount(from) }, () => takeDouble(from));
    return { ...storedRecordCodec.read(from), times };
  },
};

const timeOf = ({ record }: Waiting): number => record.time;

function emptyLast(): LastState {
  return {
    groups: new Map(),
    queue: createWindowQueue(),
    queued: new Map(),
    nextId: 0,
    arrivals: 0,
    watermark: Number.NEGATIVE_INFINITY,
  };
}

/** Sees to it that a group is looked at when the first of what waits in it is due. */
function enqueue(state: LastState, group: Group, withinMs: number): void {
  const due = Math.min(...group.waiting.map(timeOf)) + withinMs;
  group.dueAt = due;
  const id = state.nextId;
  state.nextId = (id + 1) & 0x7fffffff;
  state.queued.set(id, group);
  pushWindow(state.queue, due, due, id);
}

/**
 * Times of a key, one more among them, in order. Of three that lie within the span the middle one is left out: whatever it
 * follows, one of the others follows as well. So there are at most two in a span.
 */
function withTime(times: readonly number[], time: number, withinMs: number): readonly number[] {
  const kept: number[] = [];
  for (const one of [...times, time].sort((a, b) => a - b)) {
    if (one === kept.at(-1)) continue;
    while (kept.length >= 2 && one - kept.at(-2)! < withinMs) kept.pop();
    kept.push(one);
  }
  return kept;
}

/** Takes a record in: what it follows goes, and it stays unless something follows it. */
export function addWaiting(state: LastState, key: string, one: Waiting, withinMs: number): void {
  const time = timeOf(one);
  const group = state.groups.get(key) ?? { key, waiting: [], times: [], dueAt: Number.POSITIVE_INFINITY };
  const left = group.waiting.filter((other) => timeOf(other) > time || time - timeOf(other) >= withinMs);
  const isFollowed = group.times.some((other) => other > time && other - time < withinMs);
  group.waiting = isFollowed ? left : [...left, one];
  group.times = withTime(group.times, time, withinMs);
  state.groups.set(key, group);
  // What waits now may be due later than the group is looked at, which does no harm.
  if (!isFollowed && time + withinMs < group.dueAt) enqueue(state, group, withinMs);
}

/** Takes a record back that waited, and the times of its key, which one of its records has. */
export function putBack(
  state: LastState,
  key: string,
  one: Waiting,
  times: readonly number[],
  withinMs: number,
): void {
  addWaiting(state, key, one, withinMs);
  if (times.length > 0) state.groups.get(key)!.times = times;
}

/** The times of a key, at the record that came last of those that wait; nothing at the others. */
export const timesAt = ({ waiting, times }: Group, at: number): readonly number[] =>
  at === waiting.length - 1 ? times : [];

/** Takes out what the watermark has made certain, in the order of times and arrival. */
function takeDue(state: LastState, watermark: number, withinMs: number): readonly Waiting[] {
  const due: Waiting[] = [];
  const { queue, queued, groups } = state;
  while (queue.size > 0 && nextEnd(queue) <= watermark) {
    const at = nextEnd(queue);
    const id = popWindow(queue);
    const group = queued.get(id)!;
    queued.delete(id);
    if (group.dueAt !== at) continue;
    for (const one of group.waiting) if (timeOf(one) + withinMs <= watermark) due.push(one);
    group.waiting = group.waiting.filter((one) => timeOf(one) + withinMs > watermark);
    group.times = group.times.filter((time) => time + withinMs > watermark);
    group.dueAt = Number.POSITIVE_INFINITY;
    if (group.waiting.length > 0) enqueue(state, group, withinMs);
    else groups.delete(group.key);
  }
  return due.sort((a, b) => timeOf(a) - timeOf(b) || a.number - b.number);
}

function stateHooks(
  state: LastState,
  withinMs: number,
  keys: KeyColumns,
): Pick<Operator, 'snapshot' | 'restore' | 'entries' | 'edit'> {
  return {
    snapshot(into) {
      const { arrivals, watermark } = state;
      writeFacts(into, { arrivals, watermark });
      const all = [...state.groups.values()].flatMap((group) =>
        group.waiting.map(({ number, record }, at) => {
          return { number, thing: { ...record, key: group.key, times: timesAt(group, at) } };
        }),
      );
      all.sort((a, b) => a.number - b.number);
      writeNumbered(into, recordsPrefix, all, codec);
    },
    restore(from) {
      Object.assign(state, readFacts(from, { arrivals: 0, watermark: 0 }));
      readNumbered(from, recordsPrefix, codec, (number, { key, times, ...record }) => {
        putBack(state, key, { number, record }, times, withinMs);
      });
    },
    entries: () => showLast(keys.key, state),
    edit: () => editLast(keys.key, state, withinMs),
  };
}

export function createLastWithin(
  withinMs: number,
  keys: KeyColumns,
  scanned: (send: (batch: Batch) => void) => Rescan,
  output: Output,
  services: Services,
): Operator {
  const state = emptyLast();
  const keeper = createKeeper(keys.key);
  const reject = rejectOf(services);
  const rescan = scanned((batch) => output.batch(batch));
  const pass = (watermark: number): void => {
    for (const { record } of takeDue(state, watermark, withinMs)) {
      rescan.addBytes(record.bytes, record.time, markInOrder(record.time), record.source);
    }
    if (watermark > state.watermark) state.watermark = watermark;
  };
  const take = (batch: Batch, row: number): void => {
    const mark = batch.marks[row]!;
    if (mark > state.watermark) pass(mark);
    if (batch.times[row]! + withinMs <= mark) {
      services.reports.late(batch, row);
      return;
    }
    const record = keeper.keep(batch, row);
    addWaiting(state, keeper.keyOf(batch, row), { number: state.arrivals++, record }, withinMs);
  };
  return {
    stateShape: `the last record${spellKeys(keys.key)} within ${formatDuration(withinMs)}`,
    staysInMemory: true,
    ...stateHooks(state, withinMs, keys),
    onBatch(batch) {
      keys.project(batch, reject);
      for (let k = 0; k < batch.selected; k++) take(batch, batch.selection[k]!);
      rescan.flush();
    },
    onWatermark(watermark) {
      pass(watermark);
      rescan.flush();
      output.watermark(watermark - withinMs - heldInOrderMs);
    },
    onEnd() {},
  };
}
