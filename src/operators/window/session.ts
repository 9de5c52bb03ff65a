/**
 * Session windows as a stage: records of a key stay together while no gap is between them. A session's
 * records are passed on when it closes, in the order in which they came, sessions by end, start and first
 * arrival. Sessions merge when they overlap or touch; a late record that merges into a session still open
 * survives (as in Flink).
 */

import type { Batch } from '../../record/index.js';
import {
  type Numbered,
  readFacts,
  readNumbered,
  type SnapshotReader,
  type SnapshotWriter,
  writeFacts,
  writeNumbered,
} from '../../state/index.js';
import { formatDuration, hasFired, sessionEnd, sessionsMeet } from '../../time/index.js';
import { rejectOf } from '../builder.js';
import { type EntryEditor, type GivenEntry, type ShownEntry, wrongEntry } from '../entry.js';
import { boundsOfEntry, plainBounds, spellBound } from '../entry-bounds.js';
import { imageEditor } from '../fields.js';
import { type AddedKeys, addKeys } from '../keyby.js';
import type { Operator, Output } from '../operator.js';
import type { Place, PlaceTime, Services } from '../place.js';
import { createRescan, type Rescan } from '../rescan.js';
import { type BoundsFields, boundsFields, putBounds, spellBounds } from './bounds.js';
import { createKeeper, type KeptRecord, type StoredRecord, spellKeys, storedRecordCodec } from './kept.js';
import {
  createKeptKeys,
  editRecords,
  type GivenRecords,
  type KeptKeys,
  shownRecords,
} from './kept-entries.js';

const recordsPrefix = 'records/';

interface Session {
  start: number;
  end: number;
  readonly arrival: number;
  records: { readonly record: KeptRecord; readonly number: number }[];
}

interface State {
  readonly open: Map<string, Session[]>;
  /** No session fires before the watermark reaches this. */
  nextFiring: number;
  arrivals: number;
  /** The watermark that downstream has seen. */
  watermark: number;
}

/** Adds a record to the sessions of its key, merging those it touches. False when it is late. */
function addRecord(
  state: State,
  key: string,
  record: KeptRecord,
  number: number,
  mark: number,
  gapMs: number,
): boolean {
  const sessions = state.open.get(key) ?? [];
  const end = sessionEnd(record.time, gapMs);
  const meeting = sessions.filter((session) => sessionsMeet(session.start, session.end, record.time, end));
  if (meeting.length === 0 && hasFired(end, mark)) return false;
  const merged: Session = {
    start: Math.min(record.time, ...meeting.map((session) => session.start)),
    end: Math.max(end, ...meeting.map((session) => session.end)),
    arrival: Math.min(number, ...meeting.map((session) => session.arrival)),
    records: [],
  };
  const [only] = meeting;
  if (meeting.length === 1) {
    // The common case appends to the list that is there.
    merged.records = only!.records;
    merged.records.push({ record, number });
  } else {
    merged.records = [...meeting.flatMap((session) => session.records), { record, number }];
    merged.records.sort((a, b) => a.number - b.number);
  }
  state.open.set(key, [...sessions.filter((session) => !meeting.includes(session)), merged]);
  state.nextFiring = Math.min(state.nextFiring, merged.end - 1);
  return true;
}

/** Takes out the sessions that have fired by a watermark, in the order in which they fire. */
function takeFired(state: State, watermark: number): Session[] {
  const fired: Session[] = [];
  state.nextFiring = Number.POSITIVE_INFINITY;
  for (const [key, sessions] of state.open) {
    const left = sessions.filter((session) => !hasFired(session.end, watermark));
    if (left.length < sessions.length)
      fired.push(...sessions.filter((session) => hasFired(session.end, watermark)));
    if (left.length === 0) state.open.delete(key);
    else if (left.length < sessions.length) state.open.set(key, left);
    for (const session of left) state.nextFiring = Math.min(state.nextFiring, session.end - 1);
  }
  return fired.sort((a, b) => a.end - b.end || a.start - b.start || a.arrival - b.arrival);
}

/** Sessions follow from their records, so only those are written, by number. */
function writeState(into: SnapshotWriter, { open, arrivals, watermark }: State): void {
  writeFacts(into, { arrivals, watermark });
  const kept: Numbered<StoredRecord>[] = [];
  for (const [key, sessions] of open) {
    for (const { records } of sessions) {
      for (const { record, number } of records) kept.push({ number, thing: { ...record, key } });
    }
  }
  kept.sort((a, b) => a.number - b.number);
  writeNumbered(into, recordsPrefix, kept, storedRecordCodec);
}

function readState(from: SnapshotReader, state: State, gapMs: number): void {
  Object.assign(state, readFacts(from, { arrivals: 0, watermark: 0 }));
  readNumbered(from, recordsPrefix, storedRecordCodec, (number, { key, ...record }) => {
    addRecord(state, key, record, number, Number.NEGATIVE_INFINITY, gapMs);
  });
}

/** The open sessions, as readState would find them. */
function* showSessions({ open }: State, keys: KeptKeys, time: PlaceTime): Generator<ShownEntry> {
  for (const [key, sessions] of open) {
    for (const { start, end, records } of sessions) {
      const members = [`"window_start":${spellBound(start, time)}`, `"window_end":${spellBound(end, time)}`];
      yield shownRecords(keys, key, records, { members, state: plainBounds({ start, end }, time) });
    }
  }
}

/** Sessions follow from their records: the bounds of an entry must be those that its records have. */
function checkBounds(entry: GivenEntry, { records }: GivenRecords, time: PlaceTime, gapMs: number): void {
  const { start, end } = boundsOfEntry(entry, time);
  const times = records.map(({ record }) => record.time).sort((a, b) => a - b);
  const first = times[0]!;
  const last = sessionEnd(times.at(-1)!, gapMs);
  if (times.some((at, index) => index > 0 && at > sessionEnd(times[index - 1]!, gapMs))) {
    throw wrongEntry('between two of its records is more than the gap', 'make two sessions of it');
  }
  if (start === first && end === last) return;
  throw wrongEntry(
    'its bounds are not those of its records',
    `a session goes from its first record to a gap after its last: ${spellBound(first, time)} to ${spellBound(last, time)}`,
  );
}

function editSessions(state: State, keys: KeptKeys, time: PlaceTime, gapMs: number): EntryEditor {
  state.open.clear();
  state.nextFiring = Number.POSITIVE_INFINITY;
  return editRecords(
    keys,
    (records) => {
      for (const { key, record, number } of records) {
        addRecord(state, key, record, number, Number.NEGATIVE_INFINITY, gapMs);
        state.arrivals = Math.max(state.arrivals, number + 1);
      }
    },
    (entry, given) => {
      checkBounds(entry, given, time, gapMs);
      if (!hasFired(boundsOfEntry(entry, time).end, state.watermark)) return;
      throw wrongEntry('its session has closed already', 'take the entry out, or give it later records');
    },
  );
}

function createSessions(
  gapMs: number,
  keys: AddedKeys,
  scanned: (send: (batch: Batch) => void) => Rescan,
  bounds: BoundsFields,
  time: PlaceTime,
  output: Output,
  services: Services,
): Operator {
  const state: State = {
    open: new Map(),
    nextFiring: Number.POSITIVE_INFINITY,
    arrivals: 0,
    watermark: -Infinity,
  };
  const keeper = createKeeper(keys.key);
  const reject = rejectOf(services);
  const imageFor = imageEditor(bounds.fields, []);
  let sending: { session: Session; left: number }[] = [];
  const rescan = scanned((batch) => {
    spellBounds(batch, bounds, time);
    for (let row = 0; row < batch.count; row++) {
      const first = sending[0]!;
      putBounds(batch, bounds, row, first.session.start, first.session.end);
      if (--first.left === 0) sending.shift();
    }
    batch.image = imageFor(batch.image);
    output.batch(batch);
  });
  const fire = (watermark: number): void => {
    if (watermark < state.nextFiring) return;
    const fired = takeFired(state, watermark);
    sending = fired.map((session) => ({ session, left: session.records.length }));
    for (const { records } of fired) {
      for (const { record } of records)
        rescan.addBytes(record.bytes, record.time, state.watermark, record.source);
    }
    rescan.flush();
  };
  const take = (batch: Batch): void => {
    for (let k = 0; k < batch.selected; k++) {
      const row = batch.selection[k]!;
      const mark = batch.marks[row]!;
      if (mark > state.watermark) {
        fire(mark);
        state.watermark = mark;
      }
      const key = keeper.keyOf(batch, row);
      if (addRecord(state, key, keeper.keep(batch, row), state.arrivals, mark, gapMs)) state.arrivals++;
      else services.reports.late(batch, row);
    }
  };
  return {
    stateShape: `sessions with gaps of ${formatDuration(gapMs)}${spellKeys(keys.key)}`,
    staysInMemory: true,
    snapshot: (into) => writeState(into, state),
    entries: () => showSessions(state, createKeptKeys(keys.key), time),
    edit: () => editSessions(state, createKeptKeys(keys.key), time, gapMs),
    restore: (from) => readState(from, state, gapMs),
    onBatch: (batch) => keys.around(batch, reject, take),
    onWatermark(watermark) {
      fire(watermark);
      state.watermark = Math.max(state.watermark, watermark);
      output.watermark(watermark);
    },
    onEnd() {},
  };
}

/** The stage for sessions of a gap, by the key of the node or of the place. */
export function buildSession(gapMs: number, keys: AddedKeys, time: PlaceTime) {
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
      createSessions(gapMs, keys, rescan.start, bounds, time, output, services),
  };
}

/** Keys for a window: its own, else those of the place. */
export function keysOf(by: Parameters<typeof addKeys>[0], place: Place): AddedKeys {
  if (by.length > 0) return addKeys(by, place.rows);
  return { key: place.key, rows: place.rows, around: (batch, _reject, then) => then(batch) };
}
