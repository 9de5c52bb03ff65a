/**
 * Epoch times: seconds, milliseconds, microseconds or nanoseconds since 1970, as numbers or as their digits.
 * From digits the millisecond is exact whatever their count; from a double it is right as far as the double
 * is.
 */
import type { TimeForm } from './form.js';

export type EpochKind = Extract<TimeForm['kind'], `epoch-${string}`>;

/** The furthest instant that a JavaScript date, and so leat, can spell: epoch ms. */
export const mostMs = 8.64e15;

/** Decimal places to move the point by, to come to ms. */
const shift: Readonly<Record<EpochKind, number>> = {
  'epoch-s': 3,
  'epoch-ms': 0,
  'epoch-us': -3,
  'epoch-ns': -6,
};

export function isEpochKind(kind: TimeForm['kind']): kind is EpochKind {
  return kind !== 'iso' && kind !== 'sql' && kind !== 'pattern';
}

/**
 * The unit that a number must be in to lie between the years 1653 and 5138 of our time, by its magnitude.
 */
export function epochKindOf(magnitude: number): EpochKind {
  if (magnitude < 1e11) return 'epoch-s';
  if (magnitude < 1e14) return 'epoch-ms';
  return magnitude < 1e17 ? 'epoch-us' : 'epoch-ns';
}

function inRange(ms: number): number {
  return ms >= -mostMs && ms <= mostMs ? ms : Number.NaN;
}

/** The quotient rounded down. A division would round up where the quotient is just below a large integer. */
function floorQuotient(n: number, divisor: number): number {
  const rest = n % divisor;
  return (n - rest) / divisor - (rest < 0 ? 1 : 0);
}

/** Whole epoch ms of a number, what is finer cut off; NaN when it is out of range. */
export function epochFromNumber(kind: EpochKind, n: number): number {
  switch (kind) {
    case 'epoch-s':
      // 1432108800.123 * 1000 may come out just below .123, so microseconds are rounded first.
      return inRange(Number.isInteger(n) ? n * 1000 : Math.floor(Math.round(n * 1e6) / 1000));
    case 'epoch-ms':
      return inRange(Math.floor(n));
    case 'epoch-us':
      return inRange(floorQuotient(n, 1000));
    case 'epoch-ns':
      if (Number.isSafeInteger(n)) return inRange(floorQuotient(n, 1e6));
      // Doubles of today's nanoseconds are 256 apart; the nearest to a whole millisecond may lie below it.
      return inRange(Math.floor(n / 1e6 + Math.abs(n) * (Number.EPSILON / 1e6)));
  }
}

/**
 * Whole epoch ms of a number in digits, `[+-]digits[.digits]`, at `bytes[start, start + length)`: exact,
 * what is finer cut off. NaN when it is anything else (an exponent too) or out of range.
 */
export function epochFromBytes(kind: EpochKind, bytes: Uint8Array, start: number, length: number): number {
  const end = start + length;
  let at = start;
  const sign = bytes[at];
  if (length > 1 && (sign === 45 || sign === 43)) at++;
  const first = at;
  while (at < end && bytes[at]! >= 48 && bytes[at]! <= 57) at++;
  const point = at;
  if (point === first || point - first > 40) return Number.NaN;
  if (at < end) {
    if (bytes[at] !== 46 || at + 1 === end) return Number.NaN;
    for (at++; at < end; at++) if (bytes[at]! < 48 || bytes[at]! > 57) return Number.NaN;
  }
  let ms = 0;
  let cut = false;
  const kept = point - first + shift[kind];
  let index = 0;
  for (at = first; at < end; at++) {
    if (at === point) continue;
    const digit = bytes[at]! - 48;
    if (index++ < kept) ms = ms * 10 + digit;
    else if (digit !== 0) cut = true;
  }
  for (; index < kept; index++) ms *= 10;
  if (sign !== 45) return inRange(ms);
  return inRange(cut ? -ms - 1 : 0 - ms);
}

/** An epoch ms in a unit, as the number it is: ms / 1000 in seconds, for instance. */
export function epochToNumber(kind: EpochKind, ms: number): number {
  switch (kind) {
    case 'epoch-s':
      return ms / 1000;
    case 'epoch-ms':
      return ms;
    case 'epoch-us':
      return ms * 1000;
    case 'epoch-ns':
      return ms * 1e6;
  }
}

/**
 * An epoch ms as digits in a unit; seconds get `fractionDigits` digits, or three if ms would be lost
 * otherwise.
 */
export function epochToText(kind: EpochKind, ms: number, fractionDigits: number): string {
  switch (kind) {
    case 'epoch-s': {
      const digits = ms % 1000 === 0 ? fractionDigits : Math.max(3, fractionDigits);
      if (digits === 0) return String(ms / 1000);
      const absolute = Math.abs(ms);
      const seconds = Math.floor(absolute / 1000);
      const fraction = String(absolute % 1000).padStart(3, '0');
      const padded = fraction.padEnd(digits, '0').slice(0, digits);
      return `${ms < 0 ? '-' : ''}${seconds}.${padded}`;
    }
    case 'epoch-ms':
      return String(ms);
    case 'epoch-us':
      return ms === 0 ? '0' : `${ms}000`;
    case 'epoch-ns':
      return ms === 0 ? '0' : `${ms}000000`;
  }
}
