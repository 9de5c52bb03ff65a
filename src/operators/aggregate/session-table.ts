/**
 * Open sessions: each is a slot with bounds, the slot of its key and the number of its first row; the
 * sessions of a key are a linked list, hardly ever longer than two. Typed arrays only. A session is queued
 * once by the end it had when it was queued; when its turn comes and its end has moved, it is queued
 * again. A slot is free for another session only when its turn has come.
 */
import { createWindowQueue, nextEnd, popWindow, pushWindow, type WindowQueue } from '../../state/index.js';

export interface SessionTable {
  readonly queue: WindowQueue;
  starts: Float64Array;
  ends: Float64Array;
  /** Number of the first row among all rows; results of equal bounds are in this order. */
  arrivals: Float64Array;
  /** 1 if a record was taken in; a session of refused records alone has no result. */
  filled: Uint8Array;
  /** The slot of the key, -1 for a session that was merged into another. */
  keys: Int32Array;
  /** The next session of the same key, -1 at the end. */
  next: Int32Array;
  /** The first session of each key by the key's slot, -1 for none. */
  first: Int32Array;
  /** Slots that were ever used. */
  used: number;
  readonly free: number[];
  /** Sessions that are open. */
  open: number;
}

export function createSessionTable(): SessionTable {
  const room = 16;
  return {
    queue: createWindowQueue(),
    starts: new Float64Array(room),
    ends: new Float64Array(room),
    arrivals: new Float64Array(room),
    filled: new Uint8Array(room),
    keys: new Int32Array(room),
    next: new Int32Array(room),
    first: new Int32Array(room).fill(-1),
    used: 0,
    free: [],
    open: 0,
  };
}

function grow(table: SessionTable): void {
  const room = table.keys.length * 2;
  const doubles = (from: Float64Array): Float64Array => {
    const into = new Float64Array(room);
    into.set(from);
    return into;
  };
  const ints = (from: Int32Array): Int32Array => {
    const into = new Int32Array(room);
    into.set(from);
    return into;
  };
  table.starts = doubles(table.starts);
  table.ends = doubles(table.ends);
  table.arrivals = doubles(table.arrivals);
  const { filled } = table;
  table.filled = new Uint8Array(room);
  table.filled.set(filled);
  table.keys = ints(table.keys);
  table.next = ints(table.next);
}

/** Makes room for so many keys. */
export function growFirst(table: SessionTable, keys: number): void {
  if (keys <= table.first.length) return;
  const first = new Int32Array(Math.max(keys, table.first.length * 2)).fill(-1);
  first.set(table.first);
  table.first = first;
}

/** Opens a session of a key; returns its slot. */
export function openSession(
  table: SessionTable,
  key: number,
  start: number,
  end: number,
  arrival: number,
): number {
  const slot = table.free.pop() ?? table.used++;
  if (slot === table.keys.length) grow(table);
  table.starts[slot] = start;
  table.ends[slot] = end;
  table.arrivals[slot] = arrival;
  table.filled[slot] = 0;
  table.keys[slot] = key;
  table.next[slot] = table.first[key]!;
  table.first[key] = slot;
  table.open++;
  pushWindow(table.queue, start, end, slot);
  return slot;
}

/** Takes a session out of the list of its key. */
function unlink(table: SessionTable, slot: number): void {
  const { next, first } = table;
  const key = table.keys[slot]!;
  if (first[key] === slot) first[key] = next[slot]!;
  else {
    let before = first[key]!;
    while (next[before] !== slot) before = next[before]!;
    next[before] = next[slot]!;
  }
  table.open--;
}

/** Makes a session that is part of another one no session; its slot becomes free when its turn comes. */
export function dropSession(table: SessionTable, slot: number): void {
  unlink(table, slot);
  table.keys[slot] = -1;
}

/** The watermark (epoch ms) before which no session fires. */
export function sessionsDue(table: SessionTable): number {
  return nextEnd(table.queue) - 1;
}

/**
 * Closes the next session that the watermark fires and returns its slot, -1 when there is none. The slot
 * keeps its bounds and key until it is given back with freeSession.
 */
export function closeDue(table: SessionTable, watermark: number): number {
  const { queue, ends, keys } = table;
  while (queue.size > 0 && nextEnd(queue) - 1 <= watermark) {
    const slot = popWindow(queue);
    if (keys[slot] === -1) table.free.push(slot);
    else if (ends[slot]! - 1 > watermark) pushWindow(queue, table.starts[slot]!, ends[slot]!, slot);
    else {
      unlink(table, slot);
      return slot;
    }
  }
  return -1;
}

/** Gives back the slot of a closed session whose result has left. */
export function freeSession(table: SessionTable, slot: number): void {
  table.free.push(slot);
}
