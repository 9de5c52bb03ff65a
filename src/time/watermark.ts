/**
 * The rules of watermarks and lateness, in one place: a watermark w says that no more records with time <= w
 * are expected. Flink's SQL rules; nothing here keeps state.
 */

/** The watermark behind a highest time seen, both epoch ms: no further millisecond is taken off. */
export function watermarkBehind(highestTime: number, delayMs: number): number {
  return highestTime - delayMs;
}

/**
 * Whether a window [start, end) has fired when the watermark stands at `watermark`: its last ms has been
 * passed.
 */
export function hasFired(windowEnd: number, watermark: number): boolean {
  return watermark >= windowEnd - 1;
}

/**
 * Whether a record is late for a window that ends at `windowEnd`, by the watermark as it stood before that
 * record.
 */
export function isLate(windowEnd: number, watermark: number): boolean {
  return hasFired(windowEnd, watermark);
}

/**
 * How far the watermark stays behind the times of records that leave in their order (ms): behind the last one of an open
 * session that a record of the next time touches, so that it finds it open.
 */
export const heldInOrderMs = 2;

/**
 * The watermark before a record that leaves in the order of times, where that is held back. It follows from the record alone,
 * and not from when the watermark was told between batches, for what is behind may depend on it: sessions and timers.
 */
export function markInOrder(time: number): number {
  return time - heldInOrderMs;
}

/**
 * The event time of a window's result, which puts the result into the same window downstream: its last ms.
 */
export function windowTime(windowEnd: number): number {
  return windowEnd - 1;
}
