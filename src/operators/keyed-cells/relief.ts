/**
 * Keeps tables within their memory: at rest, while they take too much, the largest is written out and emptied, a piece at
 * a time so that what waits to be written stays small. Which one is decided by size alone: what fires soon and what is hot
 * is not known here.
 */
import type { CellPlan } from './cells.js';
import { arrayBytes, isNearlyFull } from './group-memory.js';
import type { KeyedCells } from './group-record.js';
import {
  beginWriting,
  createSpilled,
  type SpilledGroups,
  type Writing,
  writeSome,
} from './spilled-groups.js';
import type { TableSpill } from './table-spill.js';

/** A table whose groups may lie outside memory. */
export interface SpillableTable extends KeyedCells {
  /** The groups that are not in memory; undefined when all are. */
  spilled: SpilledGroups | undefined;
}

/** What only the owner of tables knows of them. */
export interface TableCare<Table extends SpillableTable> {
  readonly plan: CellPlan;
  /** About what a table takes in memory. */
  bytesOf(table: Table): number;
  /** Empties memory of groups; those that are elsewhere stay there. */
  empty(table: Table): void;
  /** The same, and gives the memory up. */
  renew(table: Table): void;
}

/** Written between two flushes. */
const pieceBytes = 1 << 21;
/** Tables of fewer groups stay, for their things cannot be many: groups that are hot would only come and go. */
const leastGroups = 64;
/** Arrays beyond this are given up whatever is in them. */
const idleBytes = 1 << 20;

/** A table that is being written out. */
export interface Relieving<Table> {
  readonly table: Table;
  readonly writing: Writing;
  /** Its arrays are given up, not only emptied. */
  readonly gives: boolean;
}

function choose<Table extends SpillableTable>(
  memoryBytes: number,
  care: TableCare<Table>,
  tables: Iterable<Table>,
): Relieving<Table> | undefined {
  const least = Math.max(1, Math.min(leastGroups, memoryBytes >> 14));
  let total = 0;
  let most = 0;
  let largest: Table | undefined;
  for (const table of tables) {
    const bytes = care.bytesOf(table);
    total += bytes;
    const isSmall = table.keys.table.count < least && arrayBytes(table) < idleBytes;
    if (isSmall || bytes <= most) continue;
    most = bytes;
    largest = table;
  }
  if (largest === undefined) return undefined;
  const isOver = total > memoryBytes;
  if (!isOver && !(isNearlyFull(largest) && total + most > memoryBytes)) return undefined;
  return { table: largest, writing: beginWriting(), gives: isOver };
}

/** Whether a table that is free keeps its arrays for its next use. */
export function isWorthKeeping(table: KeyedCells, memoryBytes: number): boolean {
  return arrayBytes(table) * 8 < memoryBytes;
}

/**
 * Writes a piece of what is too much. Returns whether it has put something, and wants to be called again when that has
 * been flushed.
 */
export function relieve<Table extends SpillableTable>(
  spill: TableSpill<Table>,
  care: TableCare<Table>,
  tables: Iterable<Table>,
): boolean {
  spill.relieving ??= choose(spill.memoryBytes, care, tables);
  while (spill.relieving?.table.keys.table.count === 0) {
    care.renew(spill.relieving.table);
    spill.relieving = choose(spill.memoryBytes, care, tables);
  }
  if (spill.relieving === undefined) return false;
  const { table, writing, gives } = spill.relieving;
  table.spilled ??= createSpilled(spill.nextId++, table);
  if (writeSome(spill.space, table.spilled, table, care.plan, writing, pieceBytes)) return true;
  spill.relieving = undefined;
  if (gives) care.renew(table);
  else care.empty(table);
  return true;
}
