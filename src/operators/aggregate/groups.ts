/**
 * Groups: the keys of one table and their accumulators. A window has one, and so has an aggregation without windows.
 * Rows are collected per table first and taken in together, so that each step - finding slots, adding to
 * an accumulator - is one tight loop over one table that stays in the cache.
 */
import { type Batch, batchCapacity } from '../../record/index.js';
import { type Cells, createCells, openCells, resetCells } from '../keyed-cells/cells.js';
import { assignSlots, createGroupKeys, type GroupKeys, resetKeys } from '../keyed-cells/group-keys.js';
import { bringBack, type SpilledGroups } from '../keyed-cells/spilled-groups.js';
import { dropTable } from '../keyed-cells/table-spill.js';
import type { Running } from './running.js';

export interface Groups {
  keys: GroupKeys;
  cells: Cells;
  /** Rows of the batch at hand that wait to be taken in. */
  rows: Int32Array;
  waiting: number;
  /** The groups that are not in memory; undefined when all are. */
  spilled: SpilledGroups | undefined;
  /** Rows taken in, where groups may be put out of memory. */
  rowsTaken: number;
  /** What the things of the groups' lists took in memory when so many rows had been taken in. */
  sampled: { readonly rows: number; readonly bytes: number };
}

const nothingSampled = { rows: 0, bytes: 0 };
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
    spilled: undefined,
    rowsTaken: 0,
    sampled: nothingSampled,
  };
}

/** How many groups there are, in memory or not. */
export function groupCount({ keys, spilled }: Groups): number {
  return spilled === undefined ? keys.table.count : spilled.count;
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

/** The slots of the groups of rows[0, count), new groups opened; returns how many are new. */
export function findSlots(
  running: Running,
  groups: Groups,
  batch: Batch,
  rows: Int32Array,
  count: number,
  slots: Int32Array,
): number {
  const { keys, cells } = groups;
  const before = keys.table.count;
  assignSlots(keys, running.reader, batch, rows, count, slots);
  const after = keys.table.count;
  let opened = after - before;
  if (opened > 0) openCells(cells, before, after);
  if (running.spill !== undefined) {
    groups.rowsTaken += count;
    if (groups.spilled !== undefined) {
      opened -= bringBack(running.spill.space, groups.spilled, groups, running.cellPlan, before);
    }
  }
  return opened;
}

/** Adds rows[0, count) to the groups of their slots. */
export function updateGroups(
  running: Running,
  { cells }: Pick<Groups, 'cells'>,
  rows: Int32Array,
  slots: Int32Array,
  count: number,
): void {
  const taken = { rows, slots, count, arrival: running.arrival };
  for (const part of running.parts) part.update(cells, taken);
}

/** Takes in rows[0, count) of a batch; returns how many groups are new. */
export function takeRows(
  running: Running,
  groups: Groups,
  batch: Batch,
  rows: Int32Array,
  count: number,
): number {
  const opened = findSlots(running, groups, batch, rows, count, slots);
  updateGroups(running, groups, rows, slots, count);
  return opened;
}

/** Takes in the rows that wait; returns how many groups are new. */
export function takeWaiting(running: Running, groups: Groups, batch: Batch): number {
  const count = groups.waiting;
  groups.waiting = 0;
  return count === 0 ? 0 : takeRows(running, groups, batch, groups.rows, count);
}

/** Empties memory of groups; those that are elsewhere stay there. */
export function emptyGroups(groups: Groups): void {
  resetCells(groups.cells, groups.keys.table.count);
  resetKeys(groups.keys);
  groups.rowsTaken = 0;
  groups.sampled = nothingSampled;
}

/** Empties memory of groups and gives it up. */
export function renewGroups(groups: Groups, running: Running): void {
  emptyGroups(groups);
  groups.keys = createGroupKeys(running.reader.columns.length);
  groups.cells = createCells(running.cellPlan);
}

/** Empties groups for their next use. */
export function resetGroups(groups: Groups, running: Running): void {
  emptyGroups(groups);
  groups.waiting = 0;
  if (groups.spilled === undefined) return;
  dropTable(running.spill!, groups.spilled.id);
  groups.spilled = undefined;
}
