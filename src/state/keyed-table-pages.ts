/**
 * A keyed table as pages: the arena, and where each key lies in it. The buckets are made anew when it is read, from
 * the keys themselves: a third of the bytes, and hashing a key costs no more than reading its bucket would.
 */
import { readArray, storedLength, writeArray } from './array-pages.js';
import { createKeyedTable, fillBuckets, type KeyedTable } from './keyed-table.js';
import { misfit } from './misfit.js';
import type { SnapshotReader, SnapshotWriter } from './snapshot.js';

/** Writes a table whose keys were added with hashBytes as their hashes. */
export function writeTable(into: SnapshotWriter, table: KeyedTable): void {
  writeArray(into, 'arena', table.arena, table.used);
  writeArray(into, 'starts', table.starts, table.count);
  writeArray(into, 'lengths', table.lengths, table.count);
}

function checkSpans({ starts, lengths, count, used }: KeyedTable): void {
  for (let slot = 0; slot < count; slot++) {
    const start = starts[slot]!;
    const length = lengths[slot]!;
    if (start < 0 || length < 0 || start + length > used) throw misfit('starts', 'points beyond the keys');
  }
}

/** The table that was written, every key in its slot. */
export function readTable(from: SnapshotReader): KeyedTable {
  const count = storedLength(from, 'starts', 4);
  const table = createKeyedTable(count);
  const used = storedLength(from, 'arena', 1);
  if (used > table.arena.length) table.arena = new Uint8Array(used + (used >> 2));
  readArray(from, 'arena', table.arena);
  readArray(from, 'starts', table.starts);
  if (readArray(from, 'lengths', table.lengths) !== count) throw misfit('lengths', 'does not fit its starts');
  table.used = used;
  table.count = count;
  checkSpans(table);
  fillBuckets(table);
  return table;
}
