/**
 * What every aggregation over sessions has: the sessions that are open, their accumulators by the slot of the session, and
 * the keys that they are of. Who opens, fires and closes them is the business of the operator.
 */
import { readerUnder, type SnapshotReader, type SnapshotWriter, writerUnder } from '../../state/index.js';
import { type Cells, clearCells, createCells, openCells } from '../keyed-cells/cells.js';
import { compactKeys, createGroupKeys, type GroupKeys } from '../keyed-cells/group-keys.js';
import { readCells, readKeys, writeCells, writeKeys } from './group-pages.js';
import { countGroups, type Running } from './running.js';
import { readRunning, writeRunning } from './running-facts.js';
import { blankSlots, readSessions, writeSessions } from './session-pages.js';
import { createSessionTable, dropSession, openSession, type SessionTable } from './session-table.js';

export interface SessionGroups {
  readonly gapMs: number;
  table: SessionTable;
  cells: Cells;
  keys: GroupKeys;
}

/** No sessions yet. */
export function createSessionGroups(running: Running, gapMs: number): SessionGroups {
  return {
    gapMs,
    table: createSessionTable(),
    cells: createCells(running.cellPlan),
    keys: createGroupKeys(running.reader.columns.length),
  };
}

/** Opens a session of a key for a row. */
export function addSession(
  { table, cells }: SessionGroups,
  running: Running,
  key: number,
  start: number,
  end: number,
  arrival: number,
): number {
  const slot = openSession(table, key, start, end, arrival);
  openCells(cells, slot, slot + 1);
  countGroups(running, 1);
  return slot;
}

/** Has a session reach from `start` to `end`, as far as it does not. */
export function growSession({ table }: SessionGroups, slot: number, start: number, end: number): void {
  if (start < table.starts[slot]!) table.starts[slot] = start;
  if (end > table.ends[slot]!) table.ends[slot] = end;
}

/** Makes session `from` part of session `into`, with what it has accumulated. No rows of the two wait. */
export function mergeSessions(groups: SessionGroups, running: Running, into: number, from: number): void {
  const { table, cells } = groups;
  for (const part of running.parts) part.merge(cells, into, from);
  growSession(groups, into, table.starts[from]!, table.ends[from]!);
  table.arrivals[into] = Math.min(table.arrivals[into]!, table.arrivals[from]!);
  table.filled[into]! |= table.filled[from]!;
  dropSession(table, from);
  running.groups--;
}

/** Drops the keys that have no open session, once they are most of them: memory follows what is open. */
export function dropIdleKeys(groups: SessionGroups): void {
  const { table, keys } = groups;
  const { count } = keys.table;
  if (count < 1024 || table.open * 4 > count) return;
  const live = new Uint8Array(count);
  for (let key = 0; key < count; key++) if (table.first[key]! >= 0) live[key] = 1;
  const moved = new Int32Array(count);
  groups.keys = compactKeys(keys, live, moved);
  const first = table.first;
  table.first = new Int32Array(Math.max(16, groups.keys.table.count * 2)).fill(-1);
  for (let key = 0; key < count; key++) {
    const to = moved[key]!;
    if (to < 0) continue;
    table.first[to] = first[key]!;
    for (let slot = first[key]!; slot >= 0; slot = table.next[slot]!) table.keys[slot] = to;
  }
}

export function writeSessionGroups(into: SnapshotWriter, running: Running, groups: SessionGroups): void {
  const { table, keys, cells } = groups;
  blankSlots(table, (slot) => clearCells(cells, slot));
  writeRunning(into, running);
  writeSessions(into, table, keys.table.count);
  writeKeys(into, keys);
  writeCells(writerUnder(into, 'cells/'), cells, running.cellPlan, table.used);
}

export function readSessionGroups(from: SnapshotReader, running: Running, groups: SessionGroups): void {
  readRunning(from, running);
  groups.table = readSessions(from);
  groups.keys = readKeys(from, running.reader.columns.length);
  groups.cells = readCells(readerUnder(from, 'cells/'), running.cellPlan, groups.table.used);
}
