/**
 * Values of text formats in columns: spans of text, numbers, nulls, instants. Here it is decided what counts
 * as a number: exactly what JSON would take, so that 007 and 1,5 stay text and a number can leave in the
 * spelling it came in.
 */
import { type Boxed, type Column, Tag } from '../record/index.js';
import { decodeEscapes } from './unescape.js';

export function putMissing(column: Column, row: number): void {
  column.tags[row] = Tag.missing;
}

export function putNull(column: Column, row: number): void {
  column.tags[row] = Tag.null;
}

export function putBoolean(column: Column, row: number, value: boolean): void {
  column.tags[row] = value ? Tag.true : Tag.false;
}

export function putBoxed(column: Column, row: number, value: Boxed): void {
  column.tags[row] = Tag.boxed;
  column.boxed[row] = value;
}

/** A number that has no spelling of its own in the text. */
export function putComputedNumber(column: Column, row: number, value: number): void {
  column.tags[row] = Tag.number;
  column.starts[row] = 0;
  column.lengths[row] = 0;
  column.numbers[row] = value;
}

/** Epoch milliseconds; NaN is null. */
export function putInstant(column: Column, row: number, epochMs: number): void {
  column.tags[row] = Number.isNaN(epochMs) ? Tag.null : Tag.instant;
  column.numbers[row] = epochMs;
}

/**
 * Position of the first byte of bytes[start, end) that JSON escapes: a quote, a backslash, a control; `end`
 * if none.
 */
function firstSpecial(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte < 0x20 || byte === 0x22 || byte === 0x5c) break;
  }
  return at;
}

/** Text as it stands: plain where nothing in it needs an escape in JSON, raw otherwise. */
export function putText(column: Column, row: number, bytes: Uint8Array, start: number, end: number): void {
  column.tags[row] = firstSpecial(bytes, start, end) === end ? Tag.text : Tag.raw;
  column.starts[row] = start;
  column.lengths[row] = end - start;
}

/** Text in which backslashes escape. Escapes that make no valid text are left as they stand. */
export function putEscaped(column: Column, row: number, bytes: Uint8Array, start: number, end: number): void {
  const special = firstSpecial(bytes, start, end);
  const decoded = special === end ? undefined : decodeEscapes(bytes, start, end);
  if (decoded !== undefined) {
    putBoxed(column, row, decoded);
    return;
  }
  column.tags[row] = special === end ? Tag.text : Tag.raw;
  column.starts[row] = start;
  column.lengths[row] = end - start;
}

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

/** Powers of ten that are exact doubles: a quotient of two exact doubles is correctly rounded. */
const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** Position behind the exponent of a number, or -1 where there is a malformed one; `at` if there is none. */
function behindExponent(bytes: Uint8Array, at: number, end: number): number {
  if (at === end || (bytes[at]! | 0x20) !== 0x65) return at;
  let next = at + 1;
  if (next < end && (bytes[next] === 0x2b || bytes[next] === 0x2d)) next++;
  const digits = next;
  while (next < end && isDigit(bytes[next]!)) next++;
  return next === digits ? -1 : next;
}

/** Puts bytes[start, end) if it is a JSON number, all of it; else leaves the row alone and says false. */
export function putNumber(
  column: Column,
  row: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  const negative = start < end && bytes[start] === 0x2d;
  const first = negative ? start + 1 : start;
  let at = first;
  let mantissa = 0;
  while (at < end && isDigit(bytes[at]!)) mantissa = mantissa * 10 + bytes[at++]! - 0x30;
  const whole = at - first;
  if (whole === 0 || (whole > 1 && bytes[first] === 0x30)) return false;
  let fraction = 0;
  if (at < end && bytes[at] === 0x2e) {
    const point = ++at;
    while (at < end && isDigit(bytes[at]!)) mantissa = mantissa * 10 + bytes[at++]! - 0x30;
    fraction = at - point;
    if (fraction === 0) return false;
  }
  const digitsEnd = at;
  at = behindExponent(bytes, at, end);
  if (at !== end) return false;
  column.starts[row] = start;
  column.lengths[row] = end - start;
  if (digitsEnd !== end || whole + fraction > 15) {
    column.tags[row] = Tag.exact;
    return true;
  }
  const value = fraction === 0 ? mantissa : mantissa / powersOfTen[fraction]!;
  column.tags[row] = Tag.number;
  column.numbers[row] = negative ? -value : value;
  return true;
}
