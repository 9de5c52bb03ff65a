/**
 * Aggregation of records that carry the bounds of their window, put there by a window stage upstream: rows
 * are grouped by the bounds and the key, and a window fires when the watermark passes its end, as if
 * window and aggregate were one stage. The stage upstream has dropped what was late; a record whose window
 * has fired here all the same is late. Neighbouring records mostly have the same bounds, so the last two
 * are remembered as they were spelled.
 */
import type { Batch, Column } from '../../record/index.js';
import { Tag } from '../../record/index.js';
import type { OpenWindow } from '../../state/index.js';
import { isLate } from '../../time/index.js';
import type { Operator } from '../operator.js';
import type { PlaceTime } from '../place.js';
import { boundAt } from '../window/read-bound.js';
import { editWindows } from './edit-table.js';
import {
  createFiringWindows,
  type FiringWindows,
  fireDue,
  onRest,
  passWatermark,
  readFiring,
  settle,
  showFiring,
  touch,
  windowAt,
  writeFiring,
} from './fire.js';
import { addRow, type Groups } from './groups.js';
import { beginBatch, endBatch, type Running, refuses } from './running.js';

const mostBytes = 64;

/** One bound as it was spelled last: its tag, and its number or its bytes. */
interface Spelled {
  tag: number;
  number: number;
  length: number;
  readonly bytes: Uint8Array;
}

/**
 * Bounds that came not long ago, and their window; undefined when it has fired. The twins are those of a row of
 * the batch at hand that had them, or -1.
 */
interface Known {
  readonly start: Spelled;
  readonly end: Spelled;
  startTwin: number;
  endTwin: number;
  window: OpenWindow<Groups> | undefined;
}

function createSpelled(): Spelled {
  return { tag: -1, number: 0, length: 0, bytes: new Uint8Array(mostBytes) };
}

function createKnown(): Known {
  return { start: createSpelled(), end: createSpelled(), startTwin: -1, endTwin: -1, window: undefined };
}

function isNumeric(tag: number): boolean {
  return tag === Tag.number || tag === Tag.instant;
}

function isSame(spelled: Spelled, column: Column, row: number): boolean {
  const tag = column.tags[row]!;
  if (tag !== spelled.tag) return false;
  if (isNumeric(tag)) return column.numbers[row] === spelled.number;
  const length = column.lengths[row]!;
  if (length !== spelled.length) return false;
  const { bytes } = column;
  const start = column.starts[row]!;
  // The end of a time changes more often than its beginning.
  let index = length - 1;
  while (index >= 0 && bytes[start + index] === spelled.bytes[index]) index--;
  return index < 0;
}

function remember(spelled: Spelled, column: Column, row: number): void {
  const tag = column.tags[row]!;
  const length = column.lengths[row]!;
  const isSpan = tag === Tag.text || tag === Tag.raw || tag === Tag.exact;
  spelled.tag = isNumeric(tag) || (isSpan && length <= mostBytes) ? tag : -1;
  spelled.number = column.numbers[row]!;
  spelled.length = length;
  if (spelled.tag < 0 || !isSpan) return;
  const start = column.starts[row]!;
  spelled.bytes.set(column.bytes.subarray(start, start + length));
}

/** The columns of the bounds. */
export interface BoundColumns {
  readonly start: number;
  readonly end: number;
}

interface Bounded {
  readonly columns: BoundColumns;
  readonly time: PlaceTime;
  readonly windows: FiringWindows;
  current: Known;
  other: Known;
}

function forgetTwins(known: Known): void {
  known.startTwin = -1;
  known.endTwin = -1;
}

function forget({ current, other }: Bounded): void {
  current.end.tag = -1;
  other.end.tag = -1;
  forgetTwins(current);
  forgetTwins(other);
}

/**
 * Whether a row has bounds that are known. Where the scanner has paired the rows, two numbers say so; comparing the
 * bytes of both took an eighth of the time of such a stage.
 */
function isKnown(known: Known, starts: Column, ends: Column, row: number): boolean {
  const { twins } = ends;
  const isTwin = twins !== undefined && twins[row] === known.endTwin;
  if (isTwin && starts.twins?.[row] === known.startTwin) return true;
  if (!isSame(known.end, ends, row) || !isSame(known.start, starts, row)) return false;
  keepTwins(known, starts, ends, row);
  return true;
}

function keepTwins(known: Known, starts: Column, ends: Column, row: number): void {
  known.startTwin = starts.twins?.[row] ?? -1;
  known.endTwin = ends.twins?.[row] ?? -1;
}

/** Looks up the window of a row; false when its bounds cannot be read, and the row is refused. */
function look(bounded: Bounded, running: Running, batch: Batch, row: number): boolean {
  const starts = batch.columns[bounded.columns.start]!;
  const ends = batch.columns[bounded.columns.end]!;
  const known = bounded.other;
  bounded.other = bounded.current;
  bounded.current = known;
  if (isKnown(known, starts, ends, row)) return true;
  const { form } = bounded.time.cell;
  const start = boundAt(form, starts, row);
  const end = boundAt(form, ends, row);
  if (!(start < end)) {
    known.end.tag = -1;
    forgetTwins(known);
    running.services.reports.reject(batch, row, 'window_start and window_end are not the bounds of a window');
    return false;
  }
  remember(known.start, starts, row);
  remember(known.end, ends, row);
  keepTwins(known, starts, ends, row);
  known.window = isLate(end, batch.marks[row]!) ? undefined : windowAt(bounded.windows, running, start, end);
  return true;
}

function takeBatch(bounded: Bounded, running: Running, batch: Batch): void {
  const { selection, selected, marks } = batch;
  const { windows } = bounded;
  const starts = batch.columns[bounded.columns.start]!;
  const ends = batch.columns[bounded.columns.end]!;
  // Twins are rows of one batch.
  forgetTwins(bounded.current);
  forgetTwins(bounded.other);
  for (let k = 0; k < selected; k++) {
    const row = selection[k]!;
    if (marks[row]! >= windows.due) {
      fireDue(windows, running, batch, marks[row]!);
      forget(bounded);
    }
    const { current } = bounded;
    if (!isKnown(current, starts, ends, row) && !look(bounded, running, batch, row)) continue;
    const { window } = bounded.current;
    if (window === undefined) {
      running.services.reports.late(batch, row);
      continue;
    }
    if (refuses(running, batch, row)) continue;
    touch(windows, window.table);
    addRow(window.table, row);
  }
}

/** An operator that aggregates records by the bounds they carry. */
export function createBounded(running: Running, columns: BoundColumns, time: PlaceTime): Operator {
  const windows = createFiringWindows();
  const bounded: Bounded = { columns, time, windows, current: createKnown(), other: createKnown() };
  return {
    stateShape: `${running.shape} in the windows that records carry`,
    snapshot: (into) => writeFiring(into, windows, running),
    entries: () => showFiring(windows, running),
    edit: () => editWindows(running, windows, () => true, 'any windows'),
    restore: (from) => readFiring(from, windows, running),
    onBatch(batch) {
      beginBatch(running, batch);
      takeBatch(bounded, running, batch);
      settle(windows, running, batch);
      endBatch(running, batch);
    },
    onWatermark(instant) {
      passWatermark(windows, running, instant);
      forget(bounded);
    },
    onEnd() {},
    onRest: () => onRest(windows, running),
  };
}
