/**
 * Groups: the keys of one table and their accumulators. A window has one, and so has an aggregation without windows.
 * Rows are collected per table first and taken in together, so that each step - finding slots, adding to
 * an accumulator - is one tight loop over one table that stays in the cache.
 */
import { type Batch, batchCapacity } from '../../record/index.js';
import { type Cells, createCells, openCells, resetCells } from './cells.js';
import { assignSlots, createGroupKeys, type GroupKeys, resetKeys } from './group-keys.js';
import type { Running } from './running.js';

export interface Groups {
  readonly keys: GroupKeys;
  readonly cells: Cells;
  /** Rows of the batch at hand that wait to be taken in. */
  rows: Int32Array;
  waiting: number;
}

const slots = new Int32Array(batchCapacity);

export function createGroups(
  running: Running,
  keys: GroupKeys = createGroupKeys(running.reader.columns.length),
  cells: Cells = createCells(running.cellPlan),
): Groups {
  return {
    keys,
    cells,
    rows: new Int32Array(16),
    waiting: 0,
  };
}

/** Lets a row wait. */
export function addRow(groups: Groups, row: number): void {
  if (groups.waiting === groups.rows.length) {
    const grown = new Int32Array(groups.rows.length * 2);
    grown.set(groups.rows);
    groups.rows = grown;
  }
  groups.rows[groups.waiting++] = row;
}

/** Takes in rows[0, count) of a batch; returns how many groups are new. */
export function takeRows(
  running: Running,
  groups: Groups,
  batch: Batch,
  rows: Int32Array,
  count: number,
): number {
  const { keys, cells } = groups;
  const before = keys.table.count;
  assignSlots(keys, running.reader, batch, rows, count, slots);
  const after = keys.table.count;
  if (after > before) openCells(cells, before, after);
  const taken = { rows, slots, count, arrival: running.arrival };
  for (const part of running.parts) part.update(cells, taken);
  return after - before;
}

/** Takes in the rows that wait; returns how many groups are new. */
export function takeWaiting(running: Running, groups: Groups, batch: Batch): number {
  const count = groups.waiting;
  groups.waiting = 0;
  return count === 0 ? 0 : takeRows(running, groups, batch, groups.rows, count);
}

/** Empties groups for their next use. */
export function resetGroups(groups: Groups): void {
  resetCells(groups.cells, groups.keys.table.count);
  resetKeys(groups.keys);
  groups.waiting = 0;
}
