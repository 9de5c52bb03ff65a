/**
 * Rows of both inputs of a join that may still find a partner: by key and time, and in the order in which they expire. Each
 * carries a number of its own, in order of arrival, by which it is written out.
 */
import {
  putByte,
  putCount,
  putDouble,
  putText,
  takeByte,
  takeCount,
  takeDouble,
  takeText,
} from '../../record/index.js';
import type { Codec } from '../../state/index.js';

export type JoinSide = 0 | 1;

/** A row: its JSON text without newline. The key is undefined when a part of it is null. */
export interface JoinRow {
  readonly side: JoinSide;
  readonly number: number;
  readonly text: string;
  readonly time: number;
  readonly key: string | undefined;
  matched: boolean;
}

export const joinRowCodec: Codec<Omit<JoinRow, 'number'>> = {
  write(out, { side, text, time, key, matched }) {
    putByte(out, side + (matched ? 2 : 0) + (key === undefined ? 4 : 0));
    putDouble(out, time);
    if (key !== undefined) {
      putCount(out, key.length);
      for (let at = 0; at < key.length; at++) putByte(out, key.charCodeAt(at));
    }
    putText(out, text);
  },
  read(from) {
    const flags = takeByte(from);
    const time = takeDouble(from);
    let key: string | undefined;
    if ((flags & 4) === 0) {
      const bytes = Array.from({ length: takeCount(from) }, () => takeByte(from));
      key = Buffer.from(bytes).toString('latin1');
    }
    return { side: (flags & 1) as JoinSide, time, key, matched: (flags & 2) !== 0, text: takeText(from) };
  },
};

/** Rows of one key and side by time and number; those before `head` have expired. */
interface Bucket {
  rows: JoinRow[];
  head: number;
}

const isBefore = (a: JoinRow, b: JoinRow): boolean =>
  a.time < b.time || (a.time === b.time && a.number < b.number);

/** The first position of the bucket at which no row is before this time. */
function firstFrom({ rows, head }: Bucket, time: number): number {
  let [low, high] = [head, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]!.time < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function insert({ rows, head }: Bucket, row: JoinRow): void {
  let at = rows.length;
  while (at > head && isBefore(row, rows[at - 1]!)) at--;
  rows.splice(at, 0, row);
}

/** Drops the oldest row of a bucket. */
function dropFirst(bucket: Bucket): void {
  bucket.head++;
  if (bucket.head < 32 || bucket.head * 2 < bucket.rows.length) return;
  bucket.rows = bucket.rows.slice(bucket.head);
  bucket.head = 0;
}

/** Rows of one side in the order in which they expire. */
interface Expiry {
  readonly afterMs: number;
  heap: JoinRow[];
}

function pushHeap(heap: JoinRow[], row: JoinRow): void {
  let at = heap.length;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBefore(row, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = row;
}

function popHeap(heap: JoinRow[]): void {
  const last = heap.pop()!;
  if (heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
    if (!isBefore(heap[child]!, last)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
}

export interface KeptRows {
  add(row: JoinRow): void;
  /** The rows of the other side with this key whose time is in the closed interval, oldest first. */
  partners(side: JoinSide, key: string, fromMs: number, toMs: number): readonly JoinRow[];
  /** Takes out the next row that has expired by this watermark, in the order of expiry; undefined for none. */
  expire(watermark: number): JoinRow | undefined;
  /** All rows, by number. */
  all(): JoinRow[];
}

/** `afterMs`: how long after its time a row of the side may still find a partner. */
export function createKeptRows(afterMs: readonly [number, number]): KeptRows {
  const buckets = [new Map<string, Bucket>(), new Map<string, Bucket>()] as const;
  const expiries: readonly [Expiry, Expiry] = [
    { afterMs: afterMs[0], heap: [] },
    { afterMs: afterMs[1], heap: [] },
  ];
  const nextOf = ({ heap, afterMs }: Expiry): number => (heap[0]?.time ?? Number.POSITIVE_INFINITY) + afterMs;
  const forget = ({ side, key }: JoinRow): void => {
    if (key === undefined) return;
    const bucket = buckets[side].get(key)!;
    dropFirst(bucket);
    if (bucket.head === bucket.rows.length) buckets[side].delete(key);
  };
  return {
    add(row) {
      const { side, key } = row;
      pushHeap(expiries[side].heap, row);
      if (key === undefined) return;
      let bucket = buckets[side].get(key);
      if (bucket === undefined) {
        bucket = { rows: [], head: 0 };
        buckets[side].set(key, bucket);
      }
      insert(bucket, row);
    },
    partners(side, key, fromMs, toMs) {
      const bucket = buckets[side === 0 ? 1 : 0].get(key);
      if (bucket === undefined) return [];
      const first = firstFrom(bucket, fromMs);
      let end = first;
      while (end < bucket.rows.length && bucket.rows[end]!.time <= toMs) end++;
      return bucket.rows.slice(first, end);
    },
    expire(watermark) {
      const [left, right] = expiries;
      const [ofLeft, ofRight] = [nextOf(left), nextOf(right)];
      const isLeft =
        ofLeft < ofRight ||
        (ofLeft === ofRight && (left.heap[0]?.number ?? 0) < (right.heap[0]?.number ?? 0));
      const { heap } = isLeft ? left : right;
      const [row] = heap;
      if (row === undefined || Math.min(ofLeft, ofRight) >= watermark) return undefined;
      popHeap(heap);
      forget(row);
      return row;
    },
    all: () => expiries.flatMap(({ heap }) => heap).sort((a, b) => a.number - b.number),
  };
}
