/**
 * Comparing values: numbers of all kinds with each other, texts by code point (the order of their UTF-8 bytes), times
 * with times. A text is compared with a number or a time by what it spells, as Flink's implicit casts do. What cannot be
 * compared refuses the record.
 */
import type { Decimal, Temporal, Value } from './value.js';
import { isNumeric, type Numeric } from './value-convert.js';
import { compareDecimals, decimalOf, parseDecimal } from './value-decimal.js';
import { isValueError, valueError } from './value-error.js';
import { parseTemporal, parseTimeOfDay } from './value-temporal.js';
import { describeValue } from './value-text.js';

const surrogate = /[\ud800-\udfff]/;

/** -1, 0 or 1, by code point. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  // UTF-16 units order like code points unless a surrogate meets one of the few characters above them.
  if (surrogate.test(a) || surrogate.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}

function isTemporal(value: Value): value is Temporal {
  return (
    typeof value === 'object' &&
    value !== null &&
    (value.type === 'timestamp' ||
      value.type === 'timestamp_ltz' ||
      value.type === 'date' ||
      value.type === 'time')
  );
}

/** -1, 0 or 1 for numbers of any kind. */
export function compareNumerics(a: Numeric, b: Numeric): number {
  if (typeof a !== 'object' && typeof b !== 'object') return a < b ? -1 : a > b ? 1 : 0;
  return compareDecimals(typeof a === 'object' ? a : decimalOf(a), typeof b === 'object' ? b : decimalOf(b));
}

function compareTemporals(a: Temporal, b: Temporal): number {
  return Math.sign(a.ms - b.ms || a.nanos - b.nanos);
}

function numberOfText(text: string, other: Value): Numeric {
  const decimal = parseDecimal(text);
  if (decimal !== undefined) return decimal;
  throw valueError(`the text '${text}' cannot be compared with ${describeValue(other)}`);
}

function temporalOfText(text: string, other: Temporal): Temporal {
  const parsed = other.type === 'time' ? parseTimeOfDay(text) : parseTemporal(text);
  if (parsed !== undefined) return parsed;
  throw valueError(`the text '${text}' is not a ${other.type}`);
}

/** -1, 0 or 1 for two values that are not null. Throws a value error when they cannot be compared. */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'string') {
    if (typeof b === 'string') return compareTexts(a, b);
    if (isNumeric(b)) return compareNumerics(numberOfText(a, b), b);
    if (isTemporal(b)) return compareTemporals(temporalOfText(a, b), b);
  } else if (isNumeric(a)) {
    if (isNumeric(b)) return compareNumerics(a, b);
    if (typeof b === 'string') return compareNumerics(a, numberOfText(b, a));
  } else if (isTemporal(a)) {
    if (isTemporal(b)) return compareTemporals(a, b);
    if (typeof b === 'string') return compareTemporals(a, temporalOfText(b, a));
  } else if (typeof a === 'boolean' && typeof b === 'boolean') {
    return a === b ? 0 : a ? 1 : -1;
  } else if (typeof a === 'object' && a !== null && typeof b === 'object' && b !== null) {
    if (a.type === 'nested' && b.type === 'nested') return compareTexts(canonical(a.text), canonical(b.text));
    if (a.type === 'interval' && b.type === 'interval') return Math.sign(a.months - b.months || a.ms - b.ms);
  }
  throw valueError(`${describeValue(a)} cannot be compared with ${describeValue(b)}`);
}

function canonical(text: string): string {
  const sorted = (_name: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return JSON.stringify(JSON.parse(text), sorted);
}

/** Whether two values are the same to DISTINCT: nulls are, values of kinds that cannot be compared are not. */
export function isSameValue(a: Value, b: Value): boolean {
  if (a === null || b === null) return a === b;
  try {
    return compareValues(a, b) === 0;
  } catch (error) {
    if (isValueError(error)) return false;
    throw error;
  }
}
