/**
 * A table for each open window, and the order in which they fire. Windows are found by their bounds; a
 * window that has fired gives its table back, and a few tables are kept for the next windows: closing a
 * window is dropping its table, and a table that is used again is still in the cache. Knows nothing of
 * records or of what the tables hold. Rows fired together are ordered by window end, then by window start.
 */
import { createWindowQueue, nextEnd, popWindow, pushWindow, type WindowQueue } from './window-queue.js';

/** An open window [start, end), in epoch ms, and its table. */
export interface OpenWindow<Table> {
  readonly start: number;
  readonly end: number;
  readonly table: Table;
  /** Another open window of the same end. */
  next: OpenWindow<Table> | undefined;
}

export interface WindowTables<Table> {
  /** Open windows by end. */
  readonly byEnd: Map<number, OpenWindow<Table>>;
  /** Open windows in the order in which they fire; ids are indices into `open`. */
  readonly queue: WindowQueue;
  readonly open: (OpenWindow<Table> | undefined)[];
  readonly freeIds: number[];
  /** Empty tables for the next windows. */
  readonly spare: Table[];
}

const mostSpare = 4;

export function createWindowTables<Table>(): WindowTables<Table> {
  return { byEnd: new Map(), queue: createWindowQueue(), open: [], freeIds: [], spare: [] };
}

/** Number of open windows. */
export function openWindows(tables: WindowTables<unknown>): number {
  return tables.queue.size;
}

/** The tables of all open windows. */
export function* openTables<Table>(tables: WindowTables<Table>): Generator<Table> {
  for (const window of tables.open) if (window !== undefined) yield window.table;
}

/** All open windows, the first to fire first. */
export function windowsInOrder<Table>(tables: WindowTables<Table>): readonly OpenWindow<Table>[] {
  const open = tables.open.filter((window) => window !== undefined);
  return open.sort((a, b) => a.end - b.end || a.start - b.start);
}

/**
 * The watermark (epoch ms) at which the next window fires: its end less 1 ms; +Infinity when none is open.
 */
export function nextFiring(tables: WindowTables<unknown>): number {
  return nextEnd(tables.queue) - 1;
}

/** The open window of these bounds, if there is one. */
export function findWindow<Table>(
  tables: WindowTables<Table>,
  start: number,
  end: number,
): OpenWindow<Table> | undefined {
  let window = tables.byEnd.get(end);
  while (window !== undefined && window.start !== start) window = window.next;
  return window;
}

/**
 * The open window of these bounds; it is opened, with a spare table or one that `create` makes, if it is not
 * there.
 */
export function openWindow<Table>(
  tables: WindowTables<Table>,
  start: number,
  end: number,
  create: () => Table,
): OpenWindow<Table> {
  const known = findWindow(tables, start, end);
  if (known !== undefined) return known;
  const window = { start, end, table: tables.spare.pop() ?? create(), next: tables.byEnd.get(end) };
  tables.byEnd.set(end, window);
  const id = tables.freeIds.pop() ?? tables.open.length;
  tables.open[id] = window;
  pushWindow(tables.queue, start, end, id);
  return window;
}

/** Takes out the next window that a watermark (epoch ms) fires; undefined when there is none. */
export function takeDue<Table>(
  tables: WindowTables<Table>,
  watermark: number,
): OpenWindow<Table> | undefined {
  const { queue, open, byEnd } = tables;
  if (queue.size === 0 || watermark < nextEnd(queue) - 1) return undefined;
  const id = popWindow(queue);
  const window = open[id]!;
  open[id] = undefined;
  tables.freeIds.push(id);
  const first = byEnd.get(window.end)!;
  if (first !== window) {
    let before = first;
    while (before.next !== window) before = before.next!;
    before.next = window.next;
  } else if (window.next === undefined) byEnd.delete(window.end);
  else byEnd.set(window.end, window.next);
  return window;
}

/** Gives back the table of a window that has fired, emptied by its owner. */
export function releaseTable<Table>(tables: WindowTables<Table>, table: Table): void {
  if (tables.spare.length < mostSpare) tables.spare.push(table);
}
