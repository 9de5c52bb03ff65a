/**
 * Rows of both inputs of a join that may still find a partner: by key and time, and in the order in which they expire. Each
 * carries a number of its own, in order of arrival, by which it is written out.
 */
import { putByte, putDouble, putText, takeByte, takeDouble, takeText } from '../../record/index.js';
import { type Codec, createWindowQueue, nextEnd, popWindow, pushWindow } from '../../state/index.js';
import { putRowKey, takeRowKey } from '../row-key.js';

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
    putByte(out, side + (matched ? 2 : 0));
    putDouble(out, time);
    putRowKey(out, key);
    putText(out, text);
  },
  read(from) {
    const flags = takeByte(from);
    const [time, key] = [takeDouble(from), takeRowKey(from)];
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
  /** All rows by place; the queue has their places by the end of their use and, of one end, by number. */
  const rows: (JoinRow | undefined)[] = [];
  const free: number[] = [];
  const queue = createWindowQueue();
  const forget = ({ side, key }: JoinRow): void => {
    if (key === undefined) return;
    const bucket = buckets[side].get(key)!;
    dropFirst(bucket);
    if (bucket.head === bucket.rows.length) buckets[side].delete(key);
  };
  return {
    add(row) {
      const { side, key, time, number } = row;
      const place = free.pop() ?? rows.length;
      rows[place] = row;
      pushWindow(queue, number, time + afterMs[side], place);
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
      if (nextEnd(queue) >= watermark) return undefined;
      const place = popWindow(queue);
      const row = rows[place]!;
      rows[place] = undefined;
      free.push(place);
      forget(row);
      return row;
    },
    all: () => rows.filter((row) => row !== undefined).sort((a, b) => a.number - b.number),
  };
}
