/**
 * Aggregation over count windows: of every `slide` records of a key, the last `size` (at first fewer, as
 * Flink's count windows do when they slide). They have nothing to do with time and no bounds to show; they
 * leave in the order in which they fire. What has not fired when the input ends is dropped.
 *
 * Windows of a key overlap as hopping ones do, so a key has up to size / slide windows under way, each
 * with cells of its own: a record is taken in once for each of them.
 */
import { type WindowShape, windowText } from '../../plan/index.js';
import type { Batch } from '../../record/index.js';
import { batchCapacity } from '../../record/index.js';
import {
  readArray,
  readerUnder,
  readInts,
  type SnapshotReader,
  type SnapshotWriter,
  writeArray,
  writerUnder,
} from '../../state/index.js';
import type { EntryEditor, ShownEntry } from '../entry.js';
import { type Cells, clearCells, createCells, openCells } from '../keyed-cells/cells.js';
import { assignSlots, createGroupKeys, type GroupKeys } from '../keyed-cells/group-keys.js';
import type { Operator } from '../operator.js';
import { editCounts, windowsUnderWay } from './edit-counts.js';
import { showSlots } from './entries.js';
import { readCells, readKeys, writeCells, writeKeys } from './group-pages.js';
import { emit, emitWatermark } from './result.js';
import { beginBatch, countGroups, endBatch, type Running, refuses } from './running.js';
import { readRunning, writeRunning } from './running-facts.js';

export type CountShape = Extract<WindowShape, { shape: 'count' }>;

interface Counts {
  readonly size: number;
  readonly slide: number;
  /** Windows that a key can have under way. */
  readonly most: number;
  keys: GroupKeys;
  cells: Cells;
  /** Records of each key so far. */
  counts: Float64Array;
  /** Cells of the windows of key k: under[k * most] and following; -1 for none. Window m is at m % most. */
  under: Int32Array;
  /** Cells that were ever used, and those that are free again. */
  used: number;
  free: number[];
  readonly keySlots: Int32Array;
  /** Rows that wait to be taken in, and their cells. */
  rows: Int32Array;
  slots: Int32Array;
  waiting: number;
  /** What has fired in this batch: cells (-1 if no record was taken in) and keys. */
  readonly fired: { cell: number; key: number }[];
}

function growKeys(counts: Counts, keys: number): void {
  if (keys <= counts.counts.length) return;
  const room = Math.max(keys, counts.counts.length * 2);
  const grown = new Float64Array(room);
  grown.set(counts.counts);
  counts.counts = grown;
  const under = new Int32Array(room * counts.most).fill(-1);
  under.set(counts.under);
  counts.under = under;
}

function growWaiting(counts: Counts): void {
  const { rows, slots } = counts;
  counts.rows = new Int32Array(rows.length * 2);
  counts.slots = new Int32Array(rows.length * 2);
  counts.rows.set(rows);
  counts.slots.set(slots);
}

/** Lets a row wait for a window of its key; the window's cells are opened if need be. */
function addToWindow(counts: Counts, running: Running, at: number, row: number): void {
  let cell = counts.under[at]!;
  if (cell < 0) {
    countGroups(running, 1);
    cell = counts.free.pop() ?? counts.used++;
    openCells(counts.cells, cell, cell + 1);
    counts.under[at] = cell;
  }
  if (counts.waiting === counts.rows.length) growWaiting(counts);
  counts.rows[counts.waiting] = row;
  counts.slots[counts.waiting++] = cell;
}

function takeWaiting(counts: Counts, running: Running): void {
  if (counts.waiting === 0) return;
  const taken = { rows: counts.rows, slots: counts.slots, count: counts.waiting, arrival: running.arrival };
  for (const part of running.parts) part.update(counts.cells, taken);
  counts.waiting = 0;
}

/** Lets the windows that have fired leave, in the order in which they did. */
function leave(counts: Counts, running: Running): void {
  const { fired, keys, cells } = counts;
  if (fired.length === 0) return;
  const keySlots = new Int32Array(batchCapacity);
  const cellSlots = new Int32Array(batchCapacity);
  let count = 0;
  for (const { cell, key } of fired) {
    if (cell < 0) continue;
    keySlots[count] = key;
    cellSlots[count++] = cell;
    if (count < batchCapacity) continue;
    emit(running.result, keys, keySlots, cells, cellSlots, count);
    count = 0;
  }
  if (count > 0) emit(running.result, keys, keySlots, cells, cellSlots, count);
  for (const { cell } of fired) {
    if (cell < 0) continue;
    counts.free.push(cell);
    running.groups--;
  }
  fired.length = 0;
}

function takeRow(counts: Counts, running: Running, batch: Batch, row: number, key: number): void {
  const { size, slide, most } = counts;
  const before = counts.counts[key]!;
  // A refused record has been there all the same: it counts, though nothing of it is taken in.
  const refused = running.inputs.errors.size > 0 && refuses(running, batch, row);
  const first = Math.floor(before / slide) + 1;
  if (!refused) {
    for (let window = first; window * slide <= before + size; window++) {
      addToWindow(counts, running, key * most + (window % most), row);
    }
  }
  counts.counts[key] = before + 1;
  if (before + 1 !== first * slide) return;
  const at = key * most + (first % most);
  counts.fired.push({ cell: counts.under[at]!, key });
  counts.under[at] = -1;
  if (running.maxGroups === Number.POSITIVE_INFINITY) return;
  takeWaiting(counts, running);
  leave(counts, running);
}

function showCounts(counts: Counts, running: Running): Iterable<ShownEntry> {
  const blank = counts.used;
  openCells(counts.cells, blank, blank + 1);
  return showSlots(running, counts, windowsUnderWay(counts, blank));
}

function beginEdit(counts: Counts, running: Running): EntryEditor {
  counts.keys = createGroupKeys(running.reader.columns.length);
  counts.cells = createCells(running.cellPlan);
  counts.counts = new Float64Array(0);
  counts.under = new Int32Array(0);
  counts.used = 0;
  counts.free = [];
  return editCounts(running, counts, () => growKeys(counts, counts.keys.table.count));
}

function writeState(into: SnapshotWriter, counts: Counts, running: Running): void {
  const { keys, cells, free, used, most } = counts;
  const keyCount = keys.table.count;
  for (const cell of free) clearCells(cells, cell);
  writeRunning(into, running);
  writeKeys(into, keys);
  writeArray(into, 'counts', counts.counts, keyCount);
  writeArray(into, 'under way', counts.under, keyCount * most);
  writeArray(into, 'free', Int32Array.from(free));
  writeCells(writerUnder(into, 'cells/'), cells, running.cellPlan, used);
}

function readState(from: SnapshotReader, counts: Counts, running: Running): void {
  readRunning(from, running);
  counts.keys = readKeys(from, running.reader.columns.length);
  growKeys(counts, counts.keys.table.count);
  readArray(from, 'counts', counts.counts);
  readArray(from, 'under way', counts.under);
  counts.free = [...readInts(from, 'free')];
  // Every cell that was ever used is under way or free.
  counts.used = running.groups + counts.free.length;
  counts.cells = readCells(readerUnder(from, 'cells/'), running.cellPlan, counts.used);
}

/** An operator that aggregates over count windows of each key. */
export function createCounts(running: Running, shape: CountShape, by: string): Operator {
  const { size, slide } = shape;
  const counts: Counts = {
    size,
    slide,
    most: Math.ceil(size / slide),
    keys: createGroupKeys(running.reader.columns.length),
    cells: createCells(running.cellPlan),
    counts: new Float64Array(0),
    under: new Int32Array(0),
    used: 0,
    free: [],
    keySlots: new Int32Array(batchCapacity),
    rows: new Int32Array(batchCapacity),
    slots: new Int32Array(batchCapacity),
    waiting: 0,
    fired: [],
  };
  return {
    stateShape: `${running.shape} in ${windowText(shape)}${by}`,
    staysInMemory: true,
    snapshot: (into) => writeState(into, counts, running),
    entries: () => showCounts(counts, running),
    edit: () => beginEdit(counts, running),
    restore: (from) => readState(from, counts, running),
    onBatch(batch) {
      beginBatch(running, batch);
      const { selection, selected } = batch;
      assignSlots(counts.keys, running.reader, batch, selection, selected, counts.keySlots);
      growKeys(counts, counts.keys.table.count);
      for (let k = 0; k < selected; k++) takeRow(counts, running, batch, selection[k]!, counts.keySlots[k]!);
      takeWaiting(counts, running);
      leave(counts, running);
      endBatch(running, batch);
    },
    onWatermark(time) {
      if (time === Number.POSITIVE_INFINITY) emitWatermark(running.result, time);
    },
    onEnd() {},
  };
}
