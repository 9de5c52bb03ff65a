/**
 * Comparing values: numbers of all kinds with each other, texts by code point (the order of their UTF-8 bytes), times
 * with times. A text is compared with a number or a time by what it spells, as Flink's implicit casts do. What cannot be
 * compared refuses the record.
 */
import type { Decimal, Temporal, Value } from './value.js';
import { compareDecimals, makeDecimal, parseDecimal } from './value-decimal.js';
import { valueError } from './value-error.js';
import { kindOfValue } from './value-kind.js';
import { parseTemporal, parseTimeOfDay } from './value-temporal.js';

const surrogate = /[\ud800-\udfff]/;

/** -1, 0 or 1, by code point. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  // UTF-16 units order like code points unless a surrogate meets one of the few characters above them.
  if (surrogate.test(a) || surrogate.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}

type Numeric = number | bigint | Decimal;

function isNumeric(value: Value): value is Numeric {
  return typeof value === 'number' || typeof value === 'bigint' || (typeof value === 'object' && value?.type === 'decimal');
}

function isTemporal(value: Value): value is Temporal {
  return (
    typeof value === 'object' &&
    value !== null &&
    (value.type === 'timestamp' || value.type === 'timestamp_ltz' || value.type === 'date' || value.type === 'time')
  );
}

function asDecimal(value: Numeric): Decimal | undefined {
  if (typeof value === 'object') return value;
  if (typeof value === 'bigint') return makeDecimal(value, 0);
  return parseDecimal(String(value));
}

function compareNumbers(a: Numeric, b: Numeric): number {
  if (typeof a !== 'object' && typeof b !== 'object') return a < b ? -1 : a > b ? 1 : 0;
  const left = asDecimal(a);
  const right = asDecimal(b);
  if (left !== undefined && right !== undefined) return compareDecimals(left, right);
  return Number(a) < Number(b) ? -1 : 1;
}

function compareTemporals(a: Temporal, b: Temporal): number {
  return Math.sign(a.ms - b.ms || a.nanos - b.nanos);
}

function numberOfText(text: string, other: Value): Numeric {
  const decimal = parseDecimal(text);
  if (decimal !== undefined) return decimal;
  throw valueError(`the text '${text}' cannot be compared with ${kindOfValue(other)}`);
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
    if (isNumeric(b)) return compareNumbers(numberOfText(a, b), b);
    if (isTemporal(b)) return compareTemporals(temporalOfText(a, b), b);
  } else if (isNumeric(a)) {
    if (isNumeric(b)) return compareNumbers(a, b);
    if (typeof b === 'string') return compareNumbers(a, numberOfText(b, a));
  } else if (isTemporal(a)) {
    if (isTemporal(b)) return compareTemporals(a, b);
    if (typeof b === 'string') return compareTemporals(a, temporalOfText(b, a));
  } else if (typeof a === 'boolean' && typeof b === 'boolean') {
    return a === b ? 0 : a ? 1 : -1;
  } else if (typeof a === 'object' && a !== null && typeof b === 'object' && b !== null) {
    if (a.type === 'nested' && b.type === 'nested') return compareTexts(canonical(a.text), canonical(b.text));
    if (a.type === 'interval' && b.type === 'interval') return Math.sign(a.months - b.months || a.ms - b.ms);
  }
  throw valueError(`${kindOfValue(a)} cannot be compared with ${kindOfValue(b)}`);
}

function canonical(text: string): string {
  const sorted = (_name: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return JSON.stringify(JSON.parse(text), sorted);
}
