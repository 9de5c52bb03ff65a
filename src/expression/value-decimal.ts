/**
 * Exact decimals: an unscaled bigint and a scale. Sums and products are exact; a quotient is rounded half away from zero
 * to at least six places, as Flink's DECIMAL division does. Scale never exceeds 38.
 */
import type { Decimal } from './value.js';
import { valueError } from './value-error.js';

const mostPlaces = 38;

/** The text of unscaled * 10^-scale, without an exponent. */
export function spellDecimal(unscaled: bigint, scale: number): string {
  const negative = unscaled < 0n;
  const digits = (negative ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const text = scale === 0 ? whole : `${whole}.${digits.slice(digits.length - scale)}`;
  return negative ? `-${text}` : text;
}

/** A decimal value; `scale` is 0 to 38. */
export function makeDecimal(unscaled: bigint, scale: number): Decimal {
  return { type: 'decimal', unscaled, scale, json: () => spellDecimal(unscaled, scale) };
}

const spelling = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?\s*$/;

/** The decimal that a text spells exactly, or undefined. */
export function parseDecimal(text: string): Decimal | undefined {
  const parts = spelling.exec(text);
  if (parts === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = parts;
  if (whole === '' && fraction === '') return undefined;
  const scale = fraction.length - Number(exponent);
  const unscaled = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n);
  return scale < 0 ? makeDecimal(unscaled * 10n ** BigInt(-scale), 0) : makeDecimal(unscaled, scale);
}

/** Divides rounding half away from zero. */
export function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n !== divisor < 0n;
  const a = dividend < 0n ? -dividend : dividend;
  const b = divisor < 0n ? -divisor : divisor;
  const rounded = (2n * a + b) / (2n * b);
  return negative ? -rounded : rounded;
}

/** The same number with another scale, rounded half away from zero when places are lost. */
export function rescale(value: Decimal, scale: number): Decimal {
  if (scale >= value.scale) return makeDecimal(value.unscaled * 10n ** BigInt(scale - value.scale), scale);
  return makeDecimal(divideRounded(value.unscaled, 10n ** BigInt(value.scale - scale)), scale);
}

/** -1, 0 or 1. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const left = rescale(a, scale).unscaled;
  const right = rescale(b, scale).unscaled;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The operators of arithmetic. */
export type DecimalOperator = '+' | '-' | '*' | '/' | '%';

function limited(value: Decimal): Decimal {
  return value.scale > mostPlaces ? rescale(value, mostPlaces) : value;
}

/** Arithmetic on decimals. Throws a value error on division by zero. */
export function decimalArithmetic(operator: DecimalOperator, a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  const left = rescale(a, scale).unscaled;
  const right = rescale(b, scale).unscaled;
  switch (operator) {
    case '+':
      return makeDecimal(left + right, scale);
    case '-':
      return makeDecimal(left - right, scale);
    case '*':
      return limited(makeDecimal(a.unscaled * b.unscaled, a.scale + b.scale));
    case '/': {
      if (right === 0n) throw valueError('division by zero');
      const places = Math.min(mostPlaces, Math.max(6, scale));
      return makeDecimal(divideRounded(left * 10n ** BigInt(places), right), places);
    }
    case '%':
      if (right === 0n) throw valueError('division by zero');
      return makeDecimal(left % right, scale);
  }
}

/** The decimal of a number; a double counts as what it is spelled. */
export function decimalOf(value: number | bigint): Decimal {
  if (typeof value === 'bigint') return makeDecimal(value, 0);
  if (Number.isSafeInteger(value)) return makeDecimal(BigInt(value), 0);
  const decimal = parseDecimal(String(value));
  if (decimal === undefined) throw valueError(`${value} is not a decimal number`);
  return decimal;
}

/** The nearest double. */
export function decimalToNumber(value: Decimal): number {
  return Number(spellDecimal(value.unscaled, value.scale));
}

/** How many digits the unscaled value has; 0 has one. */
export function decimalDigits(value: Decimal): number {
  return String(value.unscaled < 0n ? -value.unscaled : value.unscaled).length;
}
