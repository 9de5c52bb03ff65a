/** How many records of each key there were in a window, up to a limit: a table of key bytes, and a number for each. */
import {
  addKey,
  createKeyedTable,
  type KeyedTable,
  readArray,
  readerUnder,
  readTable,
  type SnapshotReader,
  type SnapshotWriter,
  writeArray,
  writerUnder,
  writeTable,
} from '../../state/index.js';

export interface Counts {
  readonly start: number;
  readonly end: number;
  table: KeyedTable;
  counts: Int32Array;
}

export function createCounts(start: number, end: number): Counts {
  const table = createKeyedTable();
  return { start, end, table, counts: new Int32Array(table.starts.length) };
}

/** The slot of a key, new if it has to be. */
export function slotOf(counts: Counts, bytes: Uint8Array, length: number, hash: number): number {
  const slot = addKey(counts.table, bytes, 0, length, hash);
  const room = counts.table.starts.length;
  if (room > counts.counts.length) {
    const grown = new Int32Array(room);
    grown.set(counts.counts);
    counts.counts = grown;
  }
  return slot;
}

/** Counts a record of a key in, unless there were so many already. */
export function countKey(
  counts: Counts,
  bytes: Uint8Array,
  length: number,
  hash: number,
  limit: number,
): boolean {
  const slot = slotOf(counts, bytes, length, hash);
  if (counts.counts[slot]! >= limit) return false;
  counts.counts[slot]!++;
  return true;
}

/** The keys of all windows. */
export function keysIn(open: ReadonlyMap<string, Counts>): number {
  let keys = 0;
  for (const { table } of open.values()) keys += table.count;
  return keys;
}

/** Writes each window under its bounds. */
export function writeCounts(into: SnapshotWriter, open: ReadonlyMap<string, Counts>): void {
  for (const [name, { table, counts }] of open) {
    const under = writerUnder(into, `windows/${name}/`);
    writeTable(under, table);
    writeArray(under, 'counts', counts, table.count);
  }
}

export function readCounts(from: SnapshotReader, open: Map<string, Counts>): void {
  const names = from.sections.flatMap(
    (section) => /^windows\/(-?\d+\/-?\d+)\/counts$/.exec(section)?.[1] ?? [],
  );
  for (const name of names) {
    const [start, end] = name.split('/').map(Number) as [number, number];
    const under = readerUnder(from, `windows/${name}/`);
    const table = readTable(under);
    const counts = new Int32Array(table.starts.length);
    readArray(under, 'counts', counts);
    open.set(name, { start, end, table, counts });
  }
}
