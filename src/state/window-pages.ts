/**
 * Queues and tables of windows as pages. The table of a window is in sections named by the window's bounds, so that it
 * keeps its pages while other windows open and fire.
 */
import { readArray, storedLength, writeArray } from './array-pages.js';
import { misfit } from './misfit.js';
import { readerUnder, type SnapshotReader, type SnapshotWriter, writerUnder } from './snapshot.js';
import { createWindowQueue, type WindowQueue } from './window-queue.js';
import { type OpenWindow, openWindow, type WindowTables } from './window-tables.js';

/** Writes a queue as it stands: entries of equal bounds keep their order. */
export function writeQueue(into: SnapshotWriter, queue: WindowQueue): void {
  writeArray(into, 'queue.starts', queue.starts, queue.size);
  writeArray(into, 'queue.ends', queue.ends, queue.size);
  writeArray(into, 'queue.ids', queue.ids, queue.size);
}

export function readQueue(from: SnapshotReader): WindowQueue {
  const queue = createWindowQueue();
  const size = storedLength(from, 'queue.ids', 4);
  const room = Math.max(size, queue.ids.length);
  queue.starts = new Float64Array(room);
  queue.ends = new Float64Array(room);
  queue.ids = new Int32Array(room);
  queue.size = readArray(from, 'queue.ids', queue.ids);
  const starts = readArray(from, 'queue.starts', queue.starts);
  if (starts !== size || readArray(from, 'queue.ends', queue.ends) !== size) {
    throw misfit('queue.ids', 'does not fit the bounds');
  }
  return queue;
}

const boundsSection = 'windows';

function prefixOf(start: number, end: number): string {
  return `${start}..${end}/`;
}

/** Writes all open windows, each table by `writeOne`. Spare tables are no state. */
export function writeWindows<Table>(
  into: SnapshotWriter,
  tables: WindowTables<Table>,
  writeOne: (into: SnapshotWriter, table: Table) => void,
): void {
  const open = tables.open
    .filter((window): window is OpenWindow<Table> => window !== undefined)
    .sort((a, b) => a.end - b.end || a.start - b.start);
  const bounds = new Float64Array(open.length * 2);
  open.forEach(({ start, end, table }, index) => {
    bounds[index * 2] = start;
    bounds[index * 2 + 1] = end;
    writeOne(writerUnder(into, prefixOf(start, end)), table);
  });
  writeArray(into, boundsSection, bounds);
}

/** Opens the windows that were written, each with the table that `readOne` makes. */
export function readWindows<Table>(
  from: SnapshotReader,
  tables: WindowTables<Table>,
  readOne: (from: SnapshotReader) => Table,
): void {
  const bounds = new Float64Array(storedLength(from, boundsSection, 8));
  readArray(from, boundsSection, bounds);
  for (let at = 0; at < bounds.length; at += 2) {
    const start = bounds[at]!;
    const end = bounds[at + 1]!;
    openWindow(tables, start, end, () => readOne(readerUnder(from, prefixOf(start, end))));
  }
}
