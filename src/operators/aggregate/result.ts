/**
 * Results as batches: the bounds of the window, the keys, the aggregates. The texts of keys are not
 * copied: their spans point into the arena of the table they come from, which is emptied only after the
 * batch has been passed on.
 */
import {
  type Batch,
  batchCapacity,
  type Column,
  createBatch,
  createColumn,
  Tag,
} from '../../record/index.js';
import { markInOrder, spellInstant, windowTime } from '../../time/index.js';
import type { Cells } from '../keyed-cells/cells.js';
import type { GroupKeys, KeyValues } from '../keyed-cells/group-keys.js';
import type { Output } from '../operator.js';
import type { PlaceTime } from '../place.js';
import type { Fill, ResultBounds } from './calls.js';
import type { Groups } from './groups.js';
import type { PlannedAggregate } from './planned.js';

export interface Result {
  readonly batch: Batch;
  readonly output: Output;
  readonly time: PlaceTime | undefined;
  readonly fills: readonly Fill[];
  readonly keyCount: number;
  /** The bounds of the rows to come, filled in by whoever emits; undefined without windows of time. */
  readonly bounds: ResultBounds | undefined;
  /** Whether each window gives its results once, so that they are in the order of times. */
  readonly inOrder: boolean;
  /** The highest watermark passed on: that of the rows to come is not lower. */
  watermark: number;
}

export function createResult(
  planned: PlannedAggregate,
  fills: readonly Fill[],
  time: PlaceTime | undefined,
  output: Output,
): Result {
  const batch = createBatch(planned.image);
  batch.source = 'results';
  for (let k = 0; k < planned.layout.size; k++) batch.columns.push(createColumn(batchCapacity));
  return {
    batch,
    output,
    time,
    fills,
    keyCount: planned.keys.length,
    bounds:
      planned.window === 'time'
        ? { starts: new Float64Array(batchCapacity), ends: new Float64Array(batchCapacity) }
        : undefined,
    inOrder: planned.emission === undefined,
    watermark: Number.NEGATIVE_INFINITY,
  };
}

function fillBound(column: Column, instants: Float64Array, count: number, time: PlaceTime | undefined): void {
  const form = time?.cell.form;
  column.spellInstant ??= form === undefined ? undefined : spellInstant(form);
  column.tags.fill(Tag.instant, 0, count);
  column.numbers.set(instants.subarray(0, count));
}

function fillKey(
  column: Column,
  values: KeyValues,
  arena: Uint8Array,
  slots: Int32Array,
  count: number,
): void {
  const { tags, starts, lengths, numbers } = values;
  column.bytes = arena;
  column.spellInstant = values.spell;
  for (let row = 0; row < count; row++) {
    const slot = slots[row]!;
    column.tags[row] = tags[slot]!;
    column.starts[row] = starts[slot]!;
    column.lengths[row] = lengths[slot]!;
    column.numbers[row] = numbers[slot]!;
  }
}

/**
 * Fills the bounds, which are in result.bounds already, and the keys of so many rows, and selects them all. Returns the
 * number of the column of the first aggregate.
 */
export function beginRows(result: Result, keys: GroupKeys, keySlots: Int32Array, count: number): number {
  const { batch, bounds, keyCount } = result;
  let next = 0;
  if (bounds !== undefined) {
    fillBound(batch.columns[next++]!, bounds.starts, count, result.time);
    fillBound(batch.columns[next++]!, bounds.ends, count, result.time);
    for (let row = 0; row < count; row++) {
      const time = windowTime(bounds.ends[row]!);
      batch.times[row] = time;
      batch.marks[row] = result.inOrder ? Math.max(result.watermark, markInOrder(time)) : result.watermark;
    }
  }
  for (let key = 0; key < keyCount; key++) {
    fillKey(batch.columns[next++]!, keys.values[key]!, keys.table.arena, keySlots, count);
  }
  for (let row = 0; row < count; row++) batch.selection[row] = row;
  batch.count = count;
  batch.selected = count;
  return next;
}

/**
 * Passes on one row for each of up to batchCapacity groups: keySlots are the slots of their keys,
 * cellSlots those of their accumulators. The bounds of the rows are in result.bounds already.
 */
export function emit(
  result: Result,
  keys: GroupKeys,
  keySlots: Int32Array,
  cells: Cells,
  cellSlots: Int32Array,
  count: number,
): void {
  const { batch, bounds } = result;
  let next = beginRows(result, keys, keySlots, count);
  for (const fill of result.fills) fill(cells, cellSlots, count, batch.columns[next++]!, bounds);
  result.output.batch(batch);
}

const slots = new Int32Array(batchCapacity);

/** Passes on the groups of up to batchCapacity slots, as rows of the window [start, end). */
export function emitGroups(
  result: Result,
  { keys, cells }: Groups,
  of: Int32Array,
  count: number,
  start: number,
  end: number,
): void {
  if (result.bounds !== undefined) {
    result.bounds.starts.fill(start, 0, count);
    result.bounds.ends.fill(end, 0, count);
  }
  emit(result, keys, of, cells, of, count);
}

/** Passes on all groups in memory in order of first arrival, as rows of the window [start, end). */
export function emitTable(result: Result, groups: Groups, start: number, end: number): void {
  const { count: all } = groups.keys.table;
  for (let from = 0; from < all; from += batchCapacity) {
    const count = Math.min(batchCapacity, all - from);
    for (let row = 0; row < count; row++) slots[row] = from + row;
    emitGroups(result, groups, slots, count, start, end);
  }
}

/**
 * Passes a watermark on. `due` is the one at which the next window fires, whose results have that time: it is held back as
 * far behind them as the watermark before each result is, so that they find a session open that they touch.
 */
export function emitWatermark(result: Result, watermark: number, due = Number.POSITIVE_INFINITY): void {
  const said = Math.min(watermark, markInOrder(due));
  if (said > result.watermark) result.watermark = said;
  result.output.watermark(result.watermark);
}
