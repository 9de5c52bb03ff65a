/**
 * Arithmetic on values. Integers are exact at any size: doubles while they are safe, then bigints. Decimals are exact;
 * everything else is a double. A null operand gives null. The first test of each function is the hot case.
 */
import { addMonths, dayMs } from '../time/index.js';
import type { Interval, Temporal, Value } from './value.js';
import { type Numeric, toNumeric } from './value-convert.js';
import { type DecimalOperator, decimalArithmetic, decimalOf, decimalToNumber } from './value-decimal.js';
import { valueError } from './value-error.js';
import { makeInterval } from './value-interval.js';
import { integerOf } from './value-number.js';
import { makeTemporal, parseTemporal } from './value-temporal.js';

/** The operators of arithmetic. */
export type ArithmeticOperator = DecimalOperator;

const safe = Number.MAX_SAFE_INTEGER;

function bigArithmetic(operator: DecimalOperator, a: bigint, b: bigint): number | bigint {
  switch (operator) {
    case '+':
      return integerOf(a + b);
    case '-':
      return integerOf(a - b);
    case '*':
      return integerOf(a * b);
    case '/':
      if (b === 0n) throw valueError('division by zero');
      return a % b === 0n ? integerOf(a / b) : Number(a) / Number(b);
    case '%':
      if (b === 0n) throw valueError('division by zero');
      return integerOf(a % b);
  }
}

function doubleArithmetic(operator: DecimalOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      if (b === 0) throw valueError('division by zero');
      return a / b;
    case '%':
      if (b === 0) throw valueError('division by zero');
      return a % b;
  }
}

function isIntegral(value: Numeric): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value));
}

/** Arithmetic on two values that are not null, of any numeric kinds. */
function slow(operator: ArithmeticOperator, left: Exclude<Value, null>, right: Exclude<Value, null>): Value {
  const a = toNumeric(left);
  const b = toNumeric(right);
  if (isIntegral(a) && isIntegral(b)) return bigArithmetic(operator, BigInt(a), BigInt(b));
  // A double makes it a double: it was not exact to begin with.
  const exact = (typeof a === 'object' || isIntegral(a)) && (typeof b === 'object' || isIntegral(b));
  if (!exact) return doubleArithmetic(operator, doubleOf(a), doubleOf(b));
  return decimalArithmetic(
    operator,
    typeof a === 'object' ? a : decimalOf(a),
    typeof b === 'object' ? b : decimalOf(b),
  );
}

function doubleOf(value: Numeric): number {
  return typeof value === 'object' ? decimalToNumber(value) : Number(value);
}

function isInterval(value: Value): value is Interval {
  return typeof value === 'object' && value?.type === 'interval';
}

function temporal(value: Value): Temporal | undefined {
  if (typeof value === 'string') return parseTemporal(value);
  if (typeof value !== 'object' || value === null) return undefined;
  return value.type === 'timestamp' ||
    value.type === 'timestamp_ltz' ||
    value.type === 'date' ||
    value.type === 'time'
    ? value
    : undefined;
}

function shift(value: Temporal, interval: Interval, sign: 1 | -1): Temporal {
  const days = Math.floor(value.ms / dayMs);
  const months = interval.months * sign;
  const moved = months === 0 ? value.ms : addMonths(days, months) * dayMs + (value.ms - days * dayMs);
  const ms = moved + interval.ms * sign;
  return makeTemporal(value.type, value.type === 'time' ? ((ms % dayMs) + dayMs) % dayMs : ms, value.nanos);
}

function timeArithmetic(operator: '+' | '-', left: Value, right: Value): Value | undefined {
  const sign = operator === '+' ? 1 : -1;
  if (isInterval(left) && isInterval(right)) {
    return makeInterval(left.months + sign * right.months, left.ms + sign * right.ms);
  }
  const a = temporal(left);
  const b = temporal(right);
  if (isInterval(right) && a !== undefined) return shift(a, right, sign);
  if (isInterval(left) && b !== undefined && operator === '+') return shift(b, left, 1);
  const typed = typeof left === 'object' || typeof right === 'object';
  if (operator === '-' && typed && a !== undefined && b !== undefined) return makeInterval(0, a.ms - b.ms);
  return undefined;
}

function multiplyInterval(a: Value, b: Value): Value | undefined {
  if (isInterval(a) && typeof b === 'number') return makeInterval(a.months * b, a.ms * b);
  if (isInterval(b) && typeof a === 'number') return makeInterval(b.months * a, b.ms * a);
  return undefined;
}

function special(operator: ArithmeticOperator, a: Value, b: Value): Value | undefined {
  if (operator === '+' || operator === '-') return timeArithmetic(operator, a, b);
  return operator === '*' ? multiplyInterval(a, b) : undefined;
}

/**
 * a operator b. Null if one of them is. Integers are exact at any size; two integers divide to a fraction unless it is
 * whole; division by zero is a value error. Also times with intervals, and intervals with numbers.
 */
export function arithmetic(operator: ArithmeticOperator, a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const result = doubleArithmetic(operator, a, b);
    if (result <= safe && result >= -safe) return result;
  }
  if (a === null || b === null) return null;
  return special(operator, a, b) ?? slow(operator, a, b);
}

/** -a. */
export function negate(a: Value): Value {
  if (typeof a === 'number') return 0 - a;
  if (a === null) return null;
  if (isInterval(a)) return makeInterval(-a.months, -a.ms);
  return slow('-', 0, a);
}
