/**
 * Keys to slots: an open-addressing hash table on typed arrays. A key is bytes; its slot is a small integer, given in
 * order of first arrival, by which accumulators and values are found in arrays of their own. The table knows nothing
 * of what the bytes mean, never gives up a key but all at once or by compaction, and holds no closures, so
 * that it can be written out and read back as it is.
 *
 * Probing is linear and the table at most two thirds full; hashes are kept beside the keys, so that
 * growing reads no key and most keys that differ are told apart without a look at their bytes. Hashes are
 * compared as signed integers.
 */
import { problem } from '../diagnostics/index.js';
import { hashBytes } from '../record/index.js';

export interface KeyedTable {
  /**
   * Four integers a bucket: hash, where the key begins in the arena, its length in bytes, slot + 1 (0:
   * free).
   */
  entries: Int32Array;
  /** Number of buckets, a power of two, less 1. */
  mask: number;
  /** Number of keys; slots are 0 to count - 1. */
  count: number;
  /** The bytes of all keys, and whatever the owner appended behind them. */
  arena: Uint8Array;
  /** How much of the arena is taken. */
  used: number;
  /** Where the key of each slot lies in the arena. As long as the table has room for slots, or longer. */
  starts: Int32Array;
  lengths: Int32Array;
}

const leastBuckets = 16;
const leastArenaBytes = 256;
const mostBytes = 2 ** 31 - 1;

/** An empty table with room for `keys` keys; it grows by itself. */
export function createKeyedTable(keys = leastBuckets / 2): KeyedTable {
  let buckets = leastBuckets;
  while (buckets < keys * 2) buckets *= 2;
  return {
    entries: new Int32Array(buckets * 4),
    mask: buckets - 1,
    count: 0,
    arena: new Uint8Array(leastArenaBytes),
    used: 0,
    starts: new Int32Array(buckets),
    lengths: new Int32Array(buckets),
  };
}

/** A copy of the array that is `length` long. */
function grownInts(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(length);
  grown.set(array);
  return grown;
}

function growBuckets(table: KeyedTable): void {
  const old = table.entries;
  const buckets = (table.mask + 1) * 2;
  if (buckets > 2 ** 27) {
    throw problem({
      code: 'limit',
      message: 'too many different keys for one table',
      hint: 'use shorter windows',
    });
  }
  const mask = buckets - 1;
  const entries = new Int32Array(buckets * 4);
  for (let from = 0; from < old.length; from += 4) {
    if (old[from + 3] === 0) continue;
    let bucket = old[from]! & mask;
    while (entries[bucket * 4 + 3] !== 0) bucket = (bucket + 1) & mask;
    const at = bucket * 4;
    entries[at] = old[from]!;
    entries[at + 1] = old[from + 1]!;
    entries[at + 2] = old[from + 2]!;
    entries[at + 3] = old[from + 3]!;
  }
  table.entries = entries;
  table.mask = mask;
  table.starts = grownInts(table.starts, buckets);
  table.lengths = grownInts(table.lengths, buckets);
}

/** Puts all keys of a table into buckets that are still free, by hashBytes of their bytes. */
export function fillBuckets(table: KeyedTable): void {
  const { entries, mask, arena, starts, lengths, count } = table;
  for (let slot = 0; slot < count; slot++) {
    const start = starts[slot]!;
    const length = lengths[slot]!;
    const hash = hashBytes(arena, start, length);
    let bucket = hash & mask;
    while (entries[(bucket << 2) + 3] !== 0) bucket = (bucket + 1) & mask;
    const at = bucket << 2;
    entries[at] = hash;
    entries[at + 1] = start;
    entries[at + 2] = length;
    entries[at + 3] = slot + 1;
  }
}

/** Appends bytes[start, start + length) to the arena and returns where they begin there. */
export function appendToArena(table: KeyedTable, bytes: Uint8Array, start: number, length: number): number {
  const at = table.used;
  const end = at + length;
  if (end > table.arena.length) {
    if (end > mostBytes) {
      throw problem({
        code: 'limit',
        message: 'the keys of one table take more than 2 GiB',
        hint: 'use shorter windows or shorter keys',
      });
    }
    const grown = new Uint8Array(Math.min(mostBytes, Math.max(end, table.arena.length * 2)));
    grown.set(table.arena.subarray(0, at));
    table.arena = grown;
  }
  const { arena } = table;
  if (length > 48) arena.set(bytes.subarray(start, start + length), at);
  else for (let index = 0; index < length; index++) arena[at + index] = bytes[start + index]!;
  table.used = end;
  return at;
}

/** The bucket of a key: the one that holds it, or the free one that it would be put into. */
function bucketOf(table: KeyedTable, bytes: Uint8Array, start: number, length: number, hash: number): number {
  const { entries, mask, arena } = table;
  let bucket = hash & mask;
  for (;;) {
    const at = bucket << 2;
    if (entries[at + 3] === 0) return bucket;
    if (entries[at] === hash && entries[at + 2] === length) {
      const key = entries[at + 1]!;
      let index = 0;
      while (index < length && arena[key + index] === bytes[start + index]) index++;
      if (index === length) return bucket;
    }
    bucket = (bucket + 1) & mask;
  }
}

/**
 * The slot of the key bytes[start, start + length), or -1. `hash` is hashBytes of it, or any other 32 bits
 * that depend on the bytes alone.
 */
export function findKey(
  table: KeyedTable,
  bytes: Uint8Array,
  start: number,
  length: number,
  hash: number,
): number {
  const bucket = bucketOf(table, bytes, start, length, hash | 0);
  return table.entries[(bucket << 2) + 3]! - 1;
}

/**
 * Whether the next key needs more buckets: two thirds are taken. Half would need twice the cache for many
 * groups.
 */
function isFull(table: KeyedTable): boolean {
  return table.count * 3 > table.mask * 2;
}

/** Puts a new key into a free bucket. */
function putKey(
  table: KeyedTable,
  bucket: number,
  bytes: Uint8Array,
  start: number,
  length: number,
  hash: number,
): number {
  const key = appendToArena(table, bytes, start, length);
  const slot = table.count++;
  const at = bucket << 2;
  const { entries } = table;
  entries[at] = hash;
  entries[at + 1] = key;
  entries[at + 2] = length;
  entries[at + 3] = slot + 1;
  table.starts[slot] = key;
  table.lengths[slot] = length;
  return slot;
}

/** The slot of a key, which is added if it is new: it then has the slot that `count` was before. */
export function addKey(
  table: KeyedTable,
  bytes: Uint8Array,
  start: number,
  length: number,
  hash: number,
): number {
  const signed = hash | 0;
  let bucket = bucketOf(table, bytes, start, length, signed);
  const known = table.entries[(bucket << 2) + 3]!;
  if (known !== 0) return known - 1;
  if (isFull(table)) {
    growBuckets(table);
    bucket = bucketOf(table, bytes, start, length, signed);
  }
  return putKey(table, bucket, bytes, start, length, signed);
}

/** Where keys lie: spans of `bytes` by row, with their hashes. A batch's column has this form. */
export interface KeySpans {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  readonly hashes: Int32Array;
}

/**
 * The slots of the keys of rows[0, count), new keys added: what addKey does for each, in one loop. This is where an
 * aggregation spends its time; the probe is spelled out here because a call for each row costs a third more.
 */
export function addKeys(
  table: KeyedTable,
  spans: KeySpans,
  rows: Int32Array,
  count: number,
  slots: Int32Array,
): void {
  const { bytes, starts, lengths, hashes } = spans;
  let { entries, mask, arena } = table;
  for (let k = 0; k < count; k++) {
    const row = rows[k]!;
    const hash = hashes[row]!;
    const start = starts[row]!;
    const length = lengths[row]!;
    let bucket = hash & mask;
    let slot = -1;
    for (;;) {
      const at = bucket << 2;
      const taken = entries[at + 3]!;
      if (taken === 0) break;
      if (entries[at] === hash && entries[at + 2] === length) {
        const key = entries[at + 1]!;
        let index = 0;
        while (index < length && arena[key + index] === bytes[start + index]) index++;
        if (index === length) {
          slot = taken - 1;
          break;
        }
      }
      bucket = (bucket + 1) & mask;
    }
    if (slot < 0) {
      slot = isFull(table)
        ? addKey(table, bytes, start, length, hash)
        : putKey(table, bucket, bytes, start, length, hash);
      entries = table.entries;
      mask = table.mask;
      arena = table.arena;
    }
    slots[k] = slot;
  }
}

/**
 * The slots of the keys of rows[0, count), -1 for those that are not there: what findKey does for each, in one loop for the
 * same reason. The loop before it touches the buckets: its reads wait for nothing, so that the memory answers several at a
 * time. With 100,000 keys that halves the time where the cache is wanted by others too.
 */
export function findKeys(
  table: KeyedTable,
  spans: KeySpans,
  rows: Int32Array,
  count: number,
  slots: Int32Array,
): void {
  const { bytes, starts, lengths, hashes } = spans;
  const { entries, mask, arena } = table;
  for (let k = 0; k < count; k++) slots[k] = entries[(hashes[rows[k]!]! & mask) << 2]!;
  for (let k = 0; k < count; k++) {
    const row = rows[k]!;
    const hash = hashes[row]!;
    const start = starts[row]!;
    const length = lengths[row]!;
    let bucket = hash & mask;
    let slot = -1;
    for (;;) {
      const at = bucket << 2;
      const taken = entries[at + 3]!;
      if (taken === 0) break;
      if (entries[at] === hash && entries[at + 2] === length) {
        const key = entries[at + 1]!;
        let index = 0;
        while (index < length && arena[key + index] === bytes[start + index]) index++;
        if (index === length) {
          slot = taken - 1;
          break;
        }
      }
      bucket = (bucket + 1) & mask;
    }
    slots[k] = slot;
  }
}

/** Empties a table for its next use. Memory that was far too large for what it held is given back. */
export function resetTable(table: KeyedTable): void {
  const buckets = table.mask + 1;
  const wanted = Math.max(leastBuckets, table.count * 4);
  if (buckets > wanted * 4) {
    const small = createKeyedTable(wanted / 2);
    table.entries = small.entries;
    table.mask = small.mask;
    table.starts = small.starts;
    table.lengths = small.lengths;
  } else table.entries.fill(0);
  if (table.arena.length > Math.max(leastArenaBytes, table.used * 16)) {
    table.arena = new Uint8Array(Math.max(leastArenaBytes, table.used * 4));
  }
  table.count = 0;
  table.used = 0;
}
