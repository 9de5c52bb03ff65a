/**
 * Aggregates over the records before each record: a record waits until the watermark has passed its time, is taken in after
 * the earlier ones of its key, and leaves with what they make together - the bytes that came, with fields added. Nothing
 * leaves out of the order of time but a record that was older than the watermark and yet newer than the last one of its key.
 *
 * The watermark that counts here is a millisecond behind that of the input, as Flink's documentation advises for times that
 * do not rise strictly. Leat's moves with every record, so a second one of the newest time would be late otherwise, and only
 * where a filter before it is in the same process: between processes a watermark is said before records that are older.
 */
import { problem } from '../../diagnostics/index.js';
import type { Batch, Image } from '../../record/index.js';
import { readFacts, writeFacts } from '../../state/index.js';
import { heldInOrderMs, markInOrder } from '../../time/index.js';
import { putValue } from '../aggregate/put-value.js';
import { rejectOf } from '../builder.js';
import type { KeyColumns } from '../chosen/key-columns.js';
import type { EntryKeys } from '../entry-key.js';
import type { Operator, Output } from '../operator.js';
import type { Services } from '../place.js';
import type { Rescan } from '../rescan.js';
import { createKeeper } from '../window/kept.js';
import type { Folding, Values } from './folding.js';
import type { Frames } from './frames.js';
import { editOver, type OverEntries, showOver } from './over-entries.js';
import {
  addWaiting,
  createWaiting,
  nextTime,
  readWaiting,
  takeNext,
  type Waiting,
  type WaitingRecord,
  writeWaiting,
} from './waiting.js';

/** How far the watermark is held back that records are judged by. */
const heldMs = 1;

/** What an over is made of. */
export interface OverParts {
  readonly shape: string;
  readonly keys: KeyColumns;
  /** The same for entries, and the names of the results. */
  readonly entryKeys: EntryKeys;
  readonly names: readonly string[];
  /** Most keys that may be remembered at once. */
  readonly maxKeys: number;
  readonly folding: Folding;
  readonly frames: Frames;
  /** The columns of the results, and how records are written with them. */
  readonly columns: readonly number[];
  readonly imageFor: (image: Image) => Image;
}

interface State {
  waiting: Waiting;
  arrivals: number;
  turns: number;
  watermark: number;
}

/** Records of one time by key, keys in the order in which they come. */
function byKey(records: readonly WaitingRecord[]): ReadonlyMap<string, readonly WaitingRecord[]> {
  const groups = new Map<string, WaitingRecord[]>();
  for (const record of records) {
    const group = groups.get(record.key);
    if (group === undefined) groups.set(record.key, [record]);
    else group.push(record);
  }
  return groups;
}

function checkKeys(keys: number, most: number): void {
  if (keys <= most) return;
  throw problem({
    code: 'limit',
    message: `more than ${most} keys are remembered`,
    hint: 'raise --max-keys, or let them be forgotten: over --range 1h',
  });
}

/** The results of records of one time and one key, in their order. */
function resultsOfKey(
  { frames, maxKeys }: OverParts,
  state: State,
  records: readonly WaitingRecord[],
): readonly Values[] {
  const { key, time } = records[0]!;
  const due = records.map(({ arrival, values }) => ({ arrival, turn: state.turns++, values }));
  const results = frames.take(key, time, due);
  checkKeys(frames.keys(), maxKeys);
  return results;
}

/** The results of records of one time, in their order. Most often there is one record of a time. */
function resultsOf(parts: OverParts, state: State, records: readonly WaitingRecord[]): readonly Values[] {
  if (records.length === 1) return resultsOfKey(parts, state, records);
  const results = new Map<WaitingRecord, Values>();
  for (const group of byKey(records).values()) {
    const all = resultsOfKey(parts, state, group);
    for (const [index, record] of group.entries()) results.set(record, all[index]!);
  }
  return records.map((record) => results.get(record)!);
}

/** Sends batches of records on with their results, which are added in the same order. */
function createSender(
  { columns, imageFor }: OverParts,
  scanned: (send: (batch: Batch) => void) => Rescan,
  output: Output,
) {
  const waiting: Values[] = [];
  const rescan = scanned((batch) => {
    for (let row = 0; row < batch.count; row++) {
      for (let c = 0; c < columns.length; c++) putValue(batch.columns[columns[c]!]!, row, waiting[row]![c]!);
    }
    waiting.splice(0, batch.count);
    batch.image = imageFor(batch.image);
    output.batch(batch);
  });
  return {
    add({ bytes, time, source }: WaitingRecord, mark: number, results: Values) {
      waiting.push(results);
      rescan.addBytes(bytes, time, mark, source);
    },
    flush: () => rescan.flush(),
  };
}

/** The records that wait, by arrival. */
const waitingOf = ({ waiting }: State): WaitingRecord[] =>
  [...waiting.records.values()].sort((a, b) => a.arrival - b.arrival);

function entryHooks(parts: OverParts, state: State): Pick<Operator, 'entries' | 'edit'> {
  const entries: OverEntries = { ...parts, keys: parts.entryKeys };
  return {
    entries: () => showOver(entries, waitingOf(state)),
    edit: () =>
      editOver(entries, {
        watermark: state.watermark,
        checkKeys: (keys) => checkKeys(keys, parts.maxKeys),
        replace(waiting, arrivals, turns) {
          state.waiting = createWaiting();
          for (const record of waiting) addWaiting(state.waiting, record);
          state.arrivals = Math.max(state.arrivals, arrivals);
          state.turns = Math.max(state.turns, turns);
        },
      }),
  };
}

function stateHooks({ folding, frames }: OverParts, state: State): Pick<Operator, 'snapshot' | 'restore'> {
  return {
    snapshot(into) {
      const { arrivals, turns, watermark, waiting } = state;
      writeFacts(into, { arrivals, turns, watermark });
      writeWaiting(into, waiting, folding.arguments);
      frames.snapshot(into);
    },
    restore(from) {
      Object.assign(state, readFacts(from, { arrivals: 0, turns: 0, watermark: 0 }));
      readWaiting(from, state.waiting, folding.arguments);
      frames.restore(from);
    },
  };
}

export function createOver(
  parts: OverParts,
  scanned: (send: (batch: Batch) => void) => Rescan,
  output: Output,
  services: Services,
): Operator {
  const { keys, folding, frames } = parts;
  const state: State = {
    waiting: createWaiting(),
    arrivals: 0,
    turns: 0,
    watermark: Number.NEGATIVE_INFINITY,
  };
  const keeper = createKeeper(keys.key);
  const reject = rejectOf(services);
  const sender = createSender(parts, scanned, output);
  /** Gives on what the watermark has reached. */
  const release = (watermark: number): void => {
    while (nextTime(state.waiting) <= watermark && state.waiting.queue.size > 0) {
      const records = takeNext(state.waiting);
      const results = resultsOf(parts, state, records);
      // One that was older than the watermark when it came is behind younger ones.
      const mark = Math.max(markInOrder(records[0]!.time), state.watermark + heldMs - heldInOrderMs);
      for (let k = 0; k < records.length; k++) sender.add(records[k]!, mark, results[k]!);
    }
    frames.pass(watermark);
    if (watermark > state.watermark) state.watermark = watermark;
  };
  const take = (batch: Batch, row: number, refusal: string | undefined, values: Values): void => {
    const mark = batch.marks[row]! - heldMs;
    if (mark > state.watermark || nextTime(state.waiting) <= mark) release(mark);
    const key = keeper.keyOf(batch, row);
    if (frames.isLate(key, batch.times[row]!, mark)) services.reports.late(batch, row);
    else if (refusal !== undefined) services.reports.reject(batch, row, refusal);
    else {
      const { bytes, time, source } = keeper.keep(batch, row);
      addWaiting(state.waiting, { bytes, time, source, key, arrival: state.arrivals++, values });
    }
  };
  return {
    stateShape: parts.shape,
    staysInMemory: true,
    ...stateHooks(parts, state),
    ...entryHooks(parts, state),
    onBatch(batch) {
      keys.project(batch, reject);
      folding.prepare(batch);
      for (let k = 0; k < batch.selected; k++) {
        const row = batch.selection[k]!;
        const refusal = folding.refusal(row);
        take(batch, row, refusal, refusal === undefined ? folding.valuesOf(row) : []);
      }
      sender.flush();
    },
    onWatermark(instant) {
      const watermark = instant - heldMs;
      release(watermark);
      sender.flush();
      output.watermark(instant - heldInOrderMs);
    },
    onEnd() {},
  };
}
