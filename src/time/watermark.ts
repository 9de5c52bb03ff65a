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
 * The event time of a window's result, which puts the result into the same window downstream: its last ms.
 */
export function windowTime(windowEnd: number): number {
  return windowEnd - 1;
}
