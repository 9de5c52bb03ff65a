/**
 * Windows of aligned shapes and of bounds that records carry share this: a table of groups for each open
 * window, rows that wait in the tables of their windows, and firing. What fires within a batch leaves when
 * the batch is done: its rows are then taken in with all others, and the answer is the same, for windows
 * that have fired get no more rows.
 */
import type { Batch } from '../../record/index.js';
import {
  createWindowTables,
  nextFiring,
  type OpenWindow,
  openTables,
  openWindow,
  readWindows,
  releaseTable,
  type SnapshotReader,
  type SnapshotWriter,
  takeDue,
  type WindowTables,
  windowsInOrder,
  writeWindows,
} from '../../state/index.js';
import type { ShownEntry } from '../entry.js';
import { isWorthKeeping } from '../keyed-cells/relief.js';
import { showTable } from './entries.js';
import { readGroups, writeGroups } from './group-pages.js';
import { createGroups, type Groups, groupCount, resetGroups, takeWaiting } from './groups.js';
import { emitTable, emitWatermark } from './result.js';
import { countGroups, type Running } from './running.js';
import { readRunning, writeRunning } from './running-facts.js';
import { type Emission, emitSpilled } from './spill/emission.js';
import { rest } from './spill/rest.js';

export interface FiringWindows {
  readonly tables: WindowTables<Groups>;
  /** Tables with rows that wait. */
  readonly touched: Groups[];
  /** Windows that have fired and not left yet, in order. */
  readonly fired: OpenWindow<Groups>[];
  /** The watermark (epoch ms) at which the next window fires. */
  due: number;
}

export function createFiringWindows(): FiringWindows {
  return { tables: createWindowTables(), touched: [], fired: [], due: Number.POSITIVE_INFINITY };
}

/** The open window of these bounds; opened if need be. */
export function windowAt(
  windows: FiringWindows,
  running: Running,
  start: number,
  end: number,
): OpenWindow<Groups> {
  const window = openWindow(windows.tables, start, end, () => createGroups(running));
  if (end - 1 < windows.due) windows.due = end - 1;
  return window;
}

/** Writes the windows that are open. Between two batches no rows wait and what has fired has left. */
export function writeFiring(into: SnapshotWriter, windows: FiringWindows, running: Running): void {
  writeRunning(into, running);
  writeWindows(into, windows.tables, (under, groups) => writeGroups(under, running, groups));
}

/** Shows the groups of all open windows. */
export function* showFiring(windows: FiringWindows, running: Running): Generator<ShownEntry> {
  for (const { table, start, end } of windowsInOrder(windows.tables)) {
    yield* showTable(running, table, start, end);
  }
}

export function readFiring(from: SnapshotReader, windows: FiringWindows, running: Running): void {
  readRunning(from, running);
  readWindows(from, windows.tables, (under) => readGroups(under, running));
  windows.due = nextFiring(windows.tables);
}

/** Notes that rows begin to wait in a table. */
export function touch(windows: FiringWindows, groups: Groups): void {
  if (groups.waiting === 0) windows.touched.push(groups);
}

/** Fires every window that the watermark has passed. They leave with the next call of settle. */
export function fireDue(windows: FiringWindows, running: Running, batch: Batch, watermark: number): void {
  for (;;) {
    const window = takeDue(windows.tables, watermark);
    if (window === undefined) break;
    windows.fired.push(window);
  }
  windows.due = nextFiring(windows.tables);
  // The limit counts the groups that are open at the same time, wherever a batch begins and ends.
  if (running.maxGroups !== Number.POSITIVE_INFINITY) settle(windows, running, batch);
}

/** A window has left: its table is free. */
function release(windows: FiringWindows, running: Running, table: Groups): void {
  running.groups -= groupCount(table);
  resetGroups(table, running);
  if (running.spill !== undefined && !isWorthKeeping(table, running.spill.memoryBytes)) return;
  releaseTable(windows.tables, table);
}

function leave(windows: FiringWindows, running: Running): void {
  for (const { table, start, end } of windows.fired) {
    if (table.spilled === undefined) emitTable(running.result, table, start, end);
    else {
      const emission = emitSpilled(running.spill!.space, running, table, start, end);
      while (emission());
    }
    release(windows, running, table);
  }
  windows.fired.length = 0;
}

/** Lets the windows that have fired leave piece by piece, and then the watermark that has fired them. */
function leaveLater(windows: FiringWindows, running: Running, watermark: number): Emission {
  let emission: Emission | undefined;
  return () => {
    const window = windows.fired[0];
    if (window === undefined) {
      emitWatermark(running.result, watermark, windows.due);
      return false;
    }
    const { table, start, end } = window;
    if (table.spilled === undefined) emitTable(running.result, table, start, end);
    else {
      emission ??= emitSpilled(running.spill!.space, running, table, start, end);
      if (emission()) return true;
      emission = undefined;
    }
    release(windows, running, table);
    windows.fired.shift();
    return true;
  };
}

/** Takes in all rows that wait, then lets the windows that have fired leave. */
export function settle(windows: FiringWindows, running: Running, batch: Batch): void {
  const { touched, fired } = windows;
  for (const groups of touched) countGroups(running, takeWaiting(running, groups, batch));
  touched.length = 0;
  if (fired.length > 0) leave(windows, running);
}

/** A watermark between two batches: fires what it passes and passes it on. */
export function passWatermark(windows: FiringWindows, running: Running, watermark: number): void {
  for (;;) {
    const window = takeDue(windows.tables, watermark);
    if (window === undefined) break;
    windows.fired.push(window);
  }
  windows.due = nextFiring(windows.tables);
  const { spill } = running;
  // At the end of the input everything fires. What memory could not hold is not to wait there to be written.
  const isTooMuch =
    watermark === Number.POSITIVE_INFINITY && windows.fired.some(({ table }) => table.spilled);
  if (spill !== undefined && isTooMuch) {
    spill.emissions.push(leaveLater(windows, running, watermark));
    return;
  }
  leave(windows, running);
  emitWatermark(running.result, watermark, windows.due);
}

/** The hook of the same name: see Operator. */
export function onRest(windows: FiringWindows, running: Running): boolean {
  return rest(running, openTables(windows.tables));
}
