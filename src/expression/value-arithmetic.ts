/**
 * + - * / % of values. Integers are exact at any size, decimals are exact, other fractions are doubles; division of
 * JSON numbers gives a fraction (5/2 is 2.5). Date-times take intervals. Texts that spell a number or a date-time are
 * converted. Division by zero and results beyond a double are value errors.
 */
import { addMonths, dayMs } from '../time/index.js';
import type { Interval, Temporal, Value } from './value.js';
import { isNumeric, type Numeric, toNumeric, toTemporal } from './value-convert.js';
import { decimalArithmetic, decimalOf, decimalToNumber, makeDecimal } from './value-decimal.js';
import { valueError } from './value-error.js';
import { makeInterval } from './value-interval.js';
import { finite, integerOf } from './value-number.js';
import { makeTemporal } from './value-temporal.js';
import { describeValue } from './value-text.js';

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

type Present = Exclude<Value, null>;

function doubles(operator: ArithmeticOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    default:
      if (b === 0) throw valueError('division by zero');
      return operator === '/' ? a / b : a % b;
  }
}

function integers(operator: ArithmeticOperator, a: bigint, b: bigint): number | bigint {
  switch (operator) {
    case '+':
      return integerOf(a + b);
    case '-':
      return integerOf(a - b);
    case '*':
      return integerOf(a * b);
    default:
      if (b === 0n) throw valueError('division by zero');
      if (operator === '%') return integerOf(a % b);
      return a % b === 0n ? integerOf(a / b) : finite(Number(a) / Number(b));
  }
}

/** Whether a number is a double with a fraction, or so large that it may have lost one. */
function isFraction(value: Numeric): boolean {
  return typeof value === 'number' && !Number.isSafeInteger(value);
}

function doubleOf(value: Numeric): number {
  return typeof value === 'object' ? decimalToNumber(value) : Number(value);
}

function numerics(operator: ArithmeticOperator, a: Numeric, b: Numeric): Numeric {
  if (typeof a === 'number' && typeof b === 'number') {
    const result = doubles(operator, a, b);
    // A result within the safe integers is exact if both are integers, and the nearest double if one is not.
    if (Math.abs(result) <= Number.MAX_SAFE_INTEGER) return result;
  }
  if (isFraction(a) || isFraction(b)) return finite(doubles(operator, doubleOf(a), doubleOf(b)));
  if (typeof a !== 'object' && typeof b !== 'object') return integers(operator, BigInt(a), BigInt(b));
  const left = typeof a === 'object' ? a : decimalOf(a);
  return decimalArithmetic(operator, left, typeof b === 'object' ? b : decimalOf(b));
}

function shift(time: Temporal, interval: Interval, sign: 1 | -1): Temporal {
  if (time.type === 'time') {
    const ms = (((time.ms + sign * interval.ms) % dayMs) + dayMs) % dayMs;
    return makeTemporal('time', ms, time.nanos);
  }
  if (interval.months !== 0) {
    const days = Math.floor(time.ms / dayMs);
    const moved = addMonths(days, sign * interval.months);
    return makeTemporal(time.type, time.ms + (moved - days) * dayMs, time.nanos);
  }
  // A date moved by hours is no longer a date.
  const type = time.type === 'date' && interval.ms % dayMs !== 0 ? 'timestamp' : time.type;
  return makeTemporal(type, time.ms + sign * interval.ms, time.nanos);
}

function isInterval(value: Present): value is Interval {
  return typeof value === 'object' && value.type === 'interval';
}

function isTemporal(value: Present): value is Temporal {
  return typeof value === 'object' && 'nanos' in value;
}

function scale(operator: '*' | '/', interval: Interval, by: Numeric): Interval {
  const factor = doubleOf(by);
  const months = finite(doubles(operator, interval.months, factor));
  return makeInterval(Math.round(months), Math.round(finite(doubles(operator, interval.ms, factor))));
}

/** A time, an interval, or a text that is a time, moved by an interval; undefined when it means nothing. */
function plusInterval(a: Present, b: Interval, sign: 1 | -1): Value | undefined {
  if (isTemporal(a) || typeof a === 'string') return shift(toTemporal(a), b, sign);
  if (!isInterval(a) || (a.months !== 0 && b.ms !== 0) || (a.ms !== 0 && b.months !== 0)) return undefined;
  return makeInterval(a.months + sign * b.months, a.ms + sign * b.ms);
}

/** Arithmetic in which an interval or a date-time takes part; undefined when it means nothing. */
function withTime(operator: ArithmeticOperator, a: Present, b: Present): Value | undefined {
  if (operator === '%') return undefined;
  if (operator === '*' || operator === '/') {
    if (isInterval(a)) return isNumeric(b) ? scale(operator, a, b) : undefined;
    return isInterval(b) && isNumeric(a) && operator === '*' ? scale(operator, b, a) : undefined;
  }
  if (isInterval(b)) return plusInterval(a, b, operator === '+' ? 1 : -1);
  if (operator === '+') return isInterval(a) ? plusInterval(b, a, 1) : undefined;
  if (
    isInterval(a) ||
    !(isTemporal(a) || typeof a === 'string') ||
    !(isTemporal(b) || typeof b === 'string')
  ) {
    return undefined;
  }
  const left = toTemporal(a);
  const right = toTemporal(b);
  return (left.type === 'time') === (right.type === 'time') ? makeInterval(0, left.ms - right.ms) : undefined;
}

/** a operator b of values that are not null. Throws value errors; see the file comment. */
export function arithmetic(operator: ArithmeticOperator, a: Present, b: Present): Present {
  if (isNumeric(a) && isNumeric(b)) return numerics(operator, a, b);
  if (isInterval(a) || isInterval(b) || isTemporal(a) || isTemporal(b)) {
    const result = withTime(operator, a, b);
    if (result !== undefined && result !== null) return result;
    throw valueError(`cannot compute ${describeValue(a)} ${operator} ${describeValue(b)}`);
  }
  return numerics(operator, toNumeric(a), toNumeric(b));
}

/** The value with the other sign: of a number or an interval. */
export function negate(value: Present): Present {
  if (isInterval(value)) return makeInterval(0 - value.months, 0 - value.ms);
  const numeric = toNumeric(value);
  if (typeof numeric === 'object') return makeDecimal(-numeric.unscaled, numeric.scale);
  return typeof numeric === 'bigint' ? integerOf(-numeric) : 0 - numeric;
}
