/**
 * Exact decimals: an unscaled bigint and a scale of at least 0. Scales follow SQL: a sum has the larger
 * one, a product their sum (at most 38), a quotient enough digits (at least 6), less the zeros at its end.
 * What is rounded is rounded half away from zero.
 */
import type { Decimal } from './value.js';
import { valueError } from './value-error.js';

const mostPlaces = 38;

function spell(this: Decimal): string {
  const digits = String(this.unscaled < 0n ? -this.unscaled : this.unscaled).padStart(this.scale + 1, '0');
  const sign = this.unscaled < 0n ? '-' : '';
  if (this.scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -this.scale)}.${digits.slice(-this.scale)}`;
}

/** The decimal unscaled * 10^-scale. */
export function makeDecimal(unscaled: bigint, scale: number): Decimal {
  return { type: 'decimal', unscaled, scale, json: spell };
}

const decimalText = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** The decimal that a text spells, exactly, exponents included; undefined when it is no number. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = decimalText.exec(text.trim());
  if (match === null) return undefined;
  const fraction = match[3] ?? '';
  const digits = match[2]! + fraction;
  if (digits === '') return undefined;
  const unscaled = BigInt(digits) * (match[1] === '-' ? -1n : 1n);
  const scale = fraction.length - Number(match[4] ?? 0);
  return scale >= 0 ? makeDecimal(unscaled, scale) : makeDecimal(unscaled * 10n ** BigInt(-scale), 0);
}

/** The decimal of a number: exact for integers, else that of its shortest spelling. */
export function decimalOf(value: number | bigint): Decimal {
  if (typeof value === 'bigint') return makeDecimal(value, 0);
  const decimal = parseDecimal(String(value));
  if (decimal === undefined) throw valueError(`${value} is not a decimal number`);
  return decimal;
}

/** The nearest double. */
export function decimalToNumber(decimal: Decimal): number {
  return Number(decimal.json());
}

function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const rest = dividend % divisor;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  if (twice < (divisor < 0n ? -divisor : divisor)) return quotient;
  return dividend < 0n === divisor < 0n ? quotient + 1n : quotient - 1n;
}

/** The same value with another scale, rounded when digits are lost. */
export function rescale(decimal: Decimal, scale: number): Decimal {
  if (scale === decimal.scale) return decimal;
  if (scale > decimal.scale) {
    return makeDecimal(decimal.unscaled * 10n ** BigInt(scale - decimal.scale), scale);
  }
  return makeDecimal(divideRounded(decimal.unscaled, 10n ** BigInt(decimal.scale - scale)), scale);
}

/** Number of decimal digits of the unscaled value: its precision. */
export function decimalDigits(decimal: Decimal): number {
  return String(decimal.unscaled < 0n ? -decimal.unscaled : decimal.unscaled).length;
}

/** Negative, zero or positive as a is less than, equal to or greater than b. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const left = rescale(a, scale).unscaled;
  const right = rescale(b, scale).unscaled;
  return left < right ? -1 : left > right ? 1 : 0;
}

function quotient(a: Decimal, b: Decimal): Decimal {
  if (b.unscaled === 0n) throw valueError('division by zero');
  const least = Math.max(a.scale, b.scale);
  const scale = Math.max(least, Math.min(mostPlaces, Math.max(6, a.scale + decimalDigits(b) + 1)));
  let unscaled = divideRounded(a.unscaled * 10n ** BigInt(scale - a.scale + b.scale), b.unscaled);
  let kept = scale;
  while (kept > least && unscaled % 10n === 0n) {
    unscaled /= 10n;
    kept--;
  }
  return makeDecimal(unscaled, kept);
}

/**
 * a operator b, exactly but for division and for more than 38 places. The remainder has the sign of the dividend.
 * Division by zero is a value error.
 */
export function decimalArithmetic(operator: '+' | '-' | '*' | '/' | '%', a: Decimal, b: Decimal): Decimal {
  if (operator === '*') {
    const product = makeDecimal(a.unscaled * b.unscaled, a.scale + b.scale);
    return product.scale > mostPlaces ? rescale(product, mostPlaces) : product;
  }
  if (operator === '/') return quotient(a, b);
  const scale = Math.max(a.scale, b.scale);
  const left = rescale(a, scale).unscaled;
  const right = rescale(b, scale).unscaled;
  if (operator === '+') return makeDecimal(left + right, scale);
  if (operator === '-') return makeDecimal(left - right, scale);
  if (right === 0n) throw valueError('division by zero');
  return makeDecimal(left % right, scale);
}
