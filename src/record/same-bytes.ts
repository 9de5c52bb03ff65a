/** Spans compared byte by byte: those of keys are short, and a call to Buffer.compare costs more than the loop. */

/** Whether the `length` bytes of one array from `start` on are those of another from `otherStart` on. */
export function sameBytes(
  bytes: Uint8Array,
  start: number,
  others: Uint8Array,
  otherStart: number,
  length: number,
): boolean {
  let index = 0;
  while (index < length && bytes[start + index] === others[otherStart + index]) index++;
  return index === length;
}
