/**
 * Arithmetic on values. Integers are exact at any size: doubles while they are safe, then bigints. Decimals are exact;
 * everything else is a double. A null operand gives null. The first test of each function is the hot case.
 */
import type { Decimal, Interval, Temporal, Value } from './value.js';
import { type DecimalOperator, decimalArithmetic, makeDecimal, parseDecimal } from './value-decimal.js';
import { valueError } from './value-error.js';
import { kindOfValue } from './value-kind.js';
import { makeInterval, makeTemporal, parseTemporal } from './value-temporal.js';
import { addMonths, dayMs } from '../time/index.js';

type Numeric = number | bigint | Decimal;

const safe = Number.MAX_SAFE_INTEGER;

function numeric(value: Value, operator: string): Numeric {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value === 'object' && value?.type === 'decimal') return value;
  if (typeof value === 'string') {
    const number = value.trim() === '' ? Number.NaN : Number(value);
    if (!Number.isNaN(number)) return Number.isInteger(number) ? shrink(BigInt(value.includes('.') ? number : toInteger(value, number))) : number;
  }
  throw valueError(`${kindOfValue(value)} is not a number, as ${operator} needs`);
}

function toInteger(text: string, number: number): bigint {
  return /^\s*[+-]?\d+\s*$/.test(text) ? BigInt(text.trim().replace(/^\+/, '')) : BigInt(number);
}

function shrink(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function asDecimal(value: Numeric): Decimal | undefined {
  if (typeof value === 'object') return value;
  if (typeof value === 'bigint') return makeDecimal(value, 0);
  return Number.isSafeInteger(value) ? makeDecimal(BigInt(value), 0) : parseDecimal(String(value));
}

function bigArithmetic(operator: DecimalOperator, a: bigint, b: bigint): number | bigint {
  switch (operator) {
    case '+':
      return shrink(a + b);
    case '-':
      return shrink(a - b);
    case '*':
      return shrink(a * b);
    case '/':
      if (b === 0n) throw valueError('division by zero');
      return a % b === 0n ? shrink(a / b) : Number(a) / Number(b);
    case '%':
      if (b === 0n) throw valueError('division by zero');
      return shrink(a % b);
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
function slow(operator: DecimalOperator, left: Value, right: Value): Value {
  const a = numeric(left, operator);
  const b = numeric(right, operator);
  if (isIntegral(a) && isIntegral(b)) return bigArithmetic(operator, BigInt(a), BigInt(b));
  if (typeof a === 'object' || typeof b === 'object') {
    // A double in the sum makes it a double: it was not exact to begin with.
    const exact = (typeof a === 'object' || isIntegral(a)) && (typeof b === 'object' || isIntegral(b));
    const x = asDecimal(a);
    const y = asDecimal(b);
    if (exact && x !== undefined && y !== undefined) return decimalArithmetic(operator, x, y);
    return doubleArithmetic(operator, Number(spell(a)), Number(spell(b)));
  }
  return doubleArithmetic(operator, Number(a), Number(b));
}

function spell(value: Numeric): string | number | bigint {
  return typeof value === 'object' ? value.json() : value;
}

function isInterval(value: Value): value is Interval {
  return typeof value === 'object' && value?.type === 'interval';
}

function temporal(value: Value): Temporal | undefined {
  if (typeof value === 'string') return parseTemporal(value);
  if (typeof value !== 'object' || value === null) return undefined;
  return value.type === 'timestamp' || value.type === 'timestamp_ltz' || value.type === 'date' || value.type === 'time'
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

/** a + b; also a time and an interval. */
export function add(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (sum <= safe && sum >= -safe) return sum;
  }
  if (a === null || b === null) return null;
  return timeArithmetic('+', a, b) ?? slow('+', a, b);
}

/** a - b; also times and intervals. */
export function subtract(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (difference <= safe && difference >= -safe) return difference;
  }
  if (a === null || b === null) return null;
  return timeArithmetic('-', a, b) ?? slow('-', a, b);
}

/** a * b; also an interval and a whole number. */
export function multiply(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (product <= safe && product >= -safe) return product;
  }
  if (a === null || b === null) return null;
  if (isInterval(a) && typeof b === 'number') return makeInterval(a.months * b, a.ms * b);
  if (isInterval(b) && typeof a === 'number') return makeInterval(b.months * a, b.ms * a);
  return slow('*', a, b);
}

/** a / b; two integers give a fraction unless they divide. Throws a value error when b is zero. */
export function divide(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number' && b !== 0) return a / b;
  if (a === null || b === null) return null;
  return slow('/', a, b);
}

/** a % b, with the sign of a. */
export function remainder(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number' && b !== 0) return a % b;
  if (a === null || b === null) return null;
  return slow('%', a, b);
}

/** -a. */
export function negate(a: Value): Value {
  if (typeof a === 'number') return -a;
  if (a === null) return null;
  if (isInterval(a)) return makeInterval(-a.months, -a.ms);
  return slow('-', 0, a);
}
