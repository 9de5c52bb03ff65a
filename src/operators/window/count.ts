/**
 * Count windows as a stage: every `slide` records of a key, its last `size` records (at first fewer, as Flink's count
 * windows do when they slide). They have nothing to do with time: the windows are numbered as they fire, window n has
 * the bounds [n, n + 1), and the watermark is the number of the last one. What is left when the input ends
 * does not fire.
 */
import { type Batch, putCount, takeCount } from '../../record/index.js';
import {
  type Codec,
  readFacts,
  readNumbered,
  type SnapshotReader,
  type SnapshotWriter,
  writeFacts,
  writeNumbered,
} from '../../state/index.js';
import { rejectOf } from '../builder.js';
import { type EntryEditor, type ShownEntry, secondEntry, wrongEntry } from '../entry.js';
import { imageEditor } from '../fields.js';
import type { AddedKeys } from '../keyby.js';
import type { Operator, Output } from '../operator.js';
import type { PlaceTime, Services } from '../place.js';
import { processingTimeField } from '../processing-time.js';
import { createRescan, type Rescan } from '../rescan.js';
import { type BoundsFields, boundsFields, putBounds, spellBounds } from './bounds.js';
import { createKeeper, type StoredRecord, spellKeys, storedRecordCodec } from './kept.js';
import {
  createKeptKeys,
  editRecords,
  type GivenRecords,
  type KeptKeys,
  shownRecords,
} from './kept-entries.js';

/** A record that a coming window may hold, and how many had come since the last firing when it did. */
interface CountedRecord extends StoredRecord {
  readonly number: number;
  readonly sinceFiring: number;
}

interface Counted {
  readonly last: CountedRecord[];
  sinceFiring: number;
}

interface State {
  readonly counted: Map<string, Counted>;
  arrivals: number;
  fired: number;
}

const recordsPrefix = 'records/';

const countedCodec: Codec<Omit<CountedRecord, 'number'>> = {
  write(out, record) {
    putCount(out, record.sinceFiring);
    storedRecordCodec.write(out, record);
  },
  read(from) {
    const sinceFiring = takeCount(from);
    return { ...storedRecordCodec.read(from), sinceFiring };
  },
};

/** A key without records begins anew with its next one, so the records are all there is to write. */
function writeState(into: SnapshotWriter, { counted, arrivals, fired }: State): void {
  writeFacts(into, { arrivals, fired });
  const kept = [...counted.values()].flatMap(({ last }) =>
    last.map((thing) => ({ number: thing.number, thing })),
  );
  kept.sort((a, b) => a.number - b.number);
  writeNumbered(into, recordsPrefix, kept, countedCodec);
}

function readState(from: SnapshotReader, state: State): void {
  Object.assign(state, readFacts(from, { arrivals: 0, fired: 0 }));
  readNumbered(from, recordsPrefix, countedCodec, (number, record) => {
    const of = state.counted.get(record.key) ?? { last: [], sinceFiring: 0 };
    state.counted.set(record.key, of);
    of.last.push({ ...record, number });
    of.sinceFiring = record.sinceFiring;
  });
}

/** The records of each key that a coming window may hold. */
function* showCounts({ counted }: State, keys: KeptKeys): Generator<ShownEntry> {
  for (const [key, { last }] of counted) {
    if (last.length === 0) continue;
    const records = last.map(({ number, sinceFiring, ...record }) => ({
      record,
      number,
      facts: { since_firing: sinceFiring },
    }));
    yield shownRecords(keys, key, records, { members: [], state: {} });
  }
}

function checkCounted({ records }: GivenRecords, size: number, slide: number): void {
  if (records.length > size) {
    throw wrongEntry(`it has ${records.length} records`, `a window holds ${size} at most`);
  }
  for (const { facts } of records) {
    const { since_firing: since, ...others } = facts;
    const isCount = Number.isSafeInteger(since) && (since as number) >= 0 && (since as number) < slide;
    if (isCount && Object.keys(others).length === 0) continue;
    throw wrongEntry(
      'a record does not say how many came since the last firing',
      `since_firing is a number from 0 to ${slide - 1}`,
    );
  }
}

function editCounts(state: State, keys: KeptKeys, size: number, slide: number): EntryEditor {
  state.counted.clear();
  const seen = new Set<string>();
  return editRecords(
    keys,
    (records) => {
      for (const { key, record, number, facts } of records) {
        const of = state.counted.get(key) ?? { last: [], sinceFiring: 0 };
        state.counted.set(key, of);
        of.sinceFiring = facts['since_firing'] as number;
        of.last.push({ ...record, key, number, sinceFiring: of.sinceFiring });
        state.arrivals = Math.max(state.arrivals, number + 1);
      }
    },
    (_entry, given) => {
      checkCounted(given, size, slide);
      if (seen.has(given.key)) throw secondEntry();
      seen.add(given.key);
    },
  );
}

/** Numbers of windows in the place of times; there is no field that holds them. */
export function countTime(): PlaceTime {
  return {
    assignment: { field: processingTimeField, delayMs: 0 },
    cell: { form: { kind: 'epoch-ms', quoted: false, fractionDigits: 0, suffix: '' } },
  };
}

function createCounts(
  shape: { readonly size: number; readonly slide: number },
  keys: AddedKeys,
  scanned: (send: (batch: Batch) => void) => Rescan,
  bounds: BoundsFields,
  time: PlaceTime,
  output: Output,
  services: Services,
): Operator {
  const state: State = { counted: new Map(), arrivals: 0, fired: 0 };
  const keeper = createKeeper(keys.key);
  const reject = rejectOf(services);
  const imageFor = imageEditor(bounds.fields, []);
  const rescan = scanned((batch) => {
    spellBounds(batch, bounds, time);
    for (let row = 0; row < batch.count; row++) {
      putBounds(batch, bounds, row, batch.times[row]!, batch.times[row]! + 1);
    }
    batch.image = imageFor(batch.image);
    output.batch(batch);
  });
  const take = (batch: Batch): void => {
    for (let k = 0; k < batch.selected; k++) {
      const row = batch.selection[k]!;
      const key = keeper.keyOf(batch, row);
      const of = state.counted.get(key) ?? { last: [], sinceFiring: 0 };
      state.counted.set(key, of);
      of.sinceFiring = (of.sinceFiring + 1) % shape.slide;
      const { sinceFiring } = of;
      of.last.push({ ...keeper.keep(batch, row), key, number: state.arrivals++, sinceFiring });
      if (of.last.length > shape.size) of.last.shift();
      if (sinceFiring > 0) continue;
      for (const { bytes, source } of of.last) {
        rescan.addBytes(bytes, state.fired, state.fired - 1, source);
      }
      state.fired++;
      if (shape.slide >= shape.size) of.last.length = 0;
    }
    rescan.flush();
    output.watermark(state.fired - 1);
  };
  return {
    stateShape: `windows of ${shape.size} records every ${shape.slide}${spellKeys(keys.key)}`,
    staysInMemory: true,
    snapshot: (into) => writeState(into, state),
    entries: () => showCounts(state, createKeptKeys(keys.key)),
    edit: () => editCounts(state, createKeptKeys(keys.key), shape.size, shape.slide),
    restore: (from) => readState(from, state),
    onBatch: (batch) => keys.around(batch, reject, take),
    onWatermark(watermark) {
      if (watermark === Number.POSITIVE_INFINITY) output.watermark(watermark);
    },
    onEnd() {},
  };
}

/** The stage for count windows by the given keys. */
export function buildCount(
  shape: { readonly size: number; readonly slide: number },
  keys: AddedKeys,
  time: PlaceTime,
) {
  const rescan = createRescan();
  const rows = {
    fields: new Map<string, number>(),
    open: true,
    dropped: new Set<string>(),
    layout: rescan.layout,
  };
  const bounds = boundsFields(rows);
  return {
    rows: bounds.rows,
    create: (output: Output, services: Services): Operator =>
      createCounts(shape, keys, rescan.start, bounds, time, output, services),
  };
}
