/**
 * What is to fire next: a binary heap of windows, or of anything else that has bounds, by end and then by start.
 * The bounds of an entry never change while it is queued; whoever extends a window queues it again. Plain
 * typed arrays.
 */
export interface WindowQueue {
  /** Number of entries; the least is entry 0. */
  size: number;
  starts: Float64Array;
  ends: Float64Array;
  /** What each entry stands for; the owner's business. */
  ids: Int32Array;
}

export function createWindowQueue(): WindowQueue {
  const room = 16;
  return {
    size: 0,
    starts: new Float64Array(room),
    ends: new Float64Array(room),
    ids: new Int32Array(room),
  };
}

function grow(queue: WindowQueue): void {
  const room = queue.ids.length * 2;
  const { starts, ends, ids } = queue;
  queue.starts = new Float64Array(room);
  queue.ends = new Float64Array(room);
  queue.ids = new Int32Array(room);
  queue.starts.set(starts);
  queue.ends.set(ends);
  queue.ids.set(ids);
}

function put(queue: WindowQueue, at: number, start: number, end: number, id: number): void {
  queue.starts[at] = start;
  queue.ends[at] = end;
  queue.ids[at] = id;
}

/** Whether entry `at` comes before the window [start, end). */
function isBefore(queue: WindowQueue, at: number, start: number, end: number): boolean {
  const its = queue.ends[at]!;
  return its < end || (its === end && queue.starts[at]! < start);
}

/** Queues a window. */
export function pushWindow(queue: WindowQueue, start: number, end: number, id: number): void {
  if (queue.size === queue.ids.length) grow(queue);
  let at = queue.size++;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const later = queue.ends[parent]! > end || (queue.ends[parent]! === end && queue.starts[parent]! > start);
    if (!later) break;
    put(queue, at, queue.starts[parent]!, queue.ends[parent]!, queue.ids[parent]!);
    at = parent;
  }
  put(queue, at, start, end, id);
}

/** The end of the window that fires next (epoch ms), +Infinity when there is none. */
export function nextEnd(queue: WindowQueue): number {
  return queue.size === 0 ? Number.POSITIVE_INFINITY : queue.ends[0]!;
}

/** Takes the least entry out and returns its id. The queue must not be empty. */
export function popWindow(queue: WindowQueue): number {
  const id = queue.ids[0]!;
  const last = --queue.size;
  const start = queue.starts[last]!;
  const end = queue.ends[last]!;
  const moved = queue.ids[last]!;
  let at = 0;
  for (;;) {
    let child = at * 2 + 1;
    if (child >= last) break;
    if (child + 1 < last && isBefore(queue, child + 1, queue.starts[child]!, queue.ends[child]!)) child++;
    if (!isBefore(queue, child, start, end)) break;
    put(queue, at, queue.starts[child]!, queue.ends[child]!, queue.ids[child]!);
    at = child;
  }
  put(queue, at, start, end, moved);
  return id;
}
