/**
 * The order of values. Numbers compare by value whatever their form, exactly unless one is a double with a fraction;
 * texts by code points; a text beside a number, boolean or date-time is converted to that. Other pairs are
 * value errors.
 */
import type { Interval, Temporal, Value } from './value.js';
import { isNumeric, type Numeric, toBoolean, toNumeric, toTemporal } from './value-convert.js';
import { compareDecimals, decimalOf, decimalToNumber } from './value-decimal.js';
import { valueError } from './value-error.js';
import { describeValue } from './value-text.js';

/** Texts by code points, which is the order of their UTF-8; JavaScript's own order differs beyond U+FFFF. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left === right) continue;
    // A surrogate stands for something above all other units, so it moves behind U+E000 to U+FFFF.
    const leftRank = left >= 0xd800 && left <= 0xdfff ? left + 0x10000 : left;
    const rightRank = right >= 0xd800 && right <= 0xdfff ? right + 0x10000 : right;
    return leftRank - rightRank;
  }
  return a.length - b.length;
}

function order(a: number | bigint, b: number | bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isFraction(value: Numeric): value is number {
  return typeof value === 'number' && !Number.isSafeInteger(value);
}

/** Numbers by value. */
export function compareNumerics(a: Numeric, b: Numeric): number {
  if (typeof a !== 'object' && typeof b !== 'object') return order(a, b);
  if (isFraction(a)) return order(a, typeof b === 'object' ? decimalToNumber(b) : b);
  if (isFraction(b)) return order(typeof a === 'object' ? decimalToNumber(a) : a, b);
  return compareDecimals(typeof a === 'object' ? a : decimalOf(a), typeof b === 'object' ? b : decimalOf(b));
}

function compareTemporals(a: Temporal, b: Temporal): number {
  if ((a.type === 'time') !== (b.type === 'time')) {
    throw valueError(`cannot compare ${describeValue(a)} with ${describeValue(b)}`);
  }
  return a.ms === b.ms ? a.nanos - b.nanos : order(a.ms, b.ms);
}

function compareIntervals(a: Interval, b: Interval): number {
  // A month has no length in ms; nothing is no months as well as no ms.
  if ((a.months !== 0 && b.ms !== 0) || (a.ms !== 0 && b.months !== 0)) {
    throw valueError(`cannot compare months with days: ${a.json()} and ${b.json()}`);
  }
  return a.months - b.months || order(a.ms, b.ms);
}

/** Two values that are both objects; undefined when they cannot be compared. */
function compareObjects(a: Value & object, b: Value & object): number | undefined {
  if (a.type === 'nested' && b.type === 'nested') return compareTexts(a.text, b.text);
  if (a.type === 'interval' && b.type === 'interval') return compareIntervals(a, b);
  return 'nanos' in a && 'nanos' in b ? compareTemporals(a, b) : undefined;
}

/** A value beside a text; undefined when they cannot be compared. */
function compareWithText(a: Exclude<Value, null | string>, b: string): number | undefined {
  if (isNumeric(a)) return compareNumerics(a, toNumeric(b));
  if (typeof a === 'boolean') return Number(a) - Number(toBoolean(b));
  if (a.type === 'nested') return compareTexts(a.text, b);
  return 'nanos' in a ? compareTemporals(a, toTemporal(b)) : undefined;
}

function compareOthers(a: Exclude<Value, null>, b: Exclude<Value, null>): number | undefined {
  if (typeof a === 'string')
    return typeof b === 'string' ? compareTexts(a, b) : negated(compareWithText(b, a));
  if (typeof b === 'string') return compareWithText(a, b);
  if (isNumeric(a)) return isNumeric(b) ? compareNumerics(a, b) : undefined;
  if (typeof a === 'boolean') return typeof b === 'boolean' ? Number(a) - Number(b) : undefined;
  return typeof b === 'object' ? compareObjects(a, b) : undefined;
}

function negated(order: number | undefined): number | undefined {
  return order === undefined ? undefined : 0 - order;
}

/**
 * Negative, zero or positive as a is before, equal to or after b; null is before everything, which only
 * sorting asks for. Throws a value error when the two cannot be compared (a boolean with a number, an
 * object with a number, a text that is no number with a number).
 */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return order(a, b);
  if (a === null || b === null) return Number(b === null) - Number(a === null);
  const compared = compareOthers(a, b);
  if (compared !== undefined) return compared;
  throw valueError(`cannot compare ${describeValue(a)} with ${describeValue(b)}`);
}

/** Whether two values are not distinct: equal, or both null. Throws as {@link compareValues} does. */
export function isSameValue(a: Value, b: Value): boolean {
  return a === null || b === null ? a === b : compareValues(a, b) === 0;
}
