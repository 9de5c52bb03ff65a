/**
 * JSON numbers as values: a double while it is exact, a bigint for integers beyond 2^53, a double for
 * other fractions. Every integer that leaves a computation goes through {@link integerOf}, so that one
 * integer has one form.
 */
import { exactInteger, parseExact } from '../record/index.js';
import { valueError } from './value-error.js';

const numberText = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** An integer in its one form: a number while it is safe, else a bigint. */
export const integerOf: (value: bigint) => number | bigint = exactInteger;

/**
 * The number that a text spells (white space around it is ignored), or undefined. Integers are exact at any
 * size.
 */
export function parseNumber(text: string): number | bigint | undefined {
  const trimmed = text.trim();
  if (!numberText.test(trimmed)) return undefined;
  // JSON wants digits on both sides of the point and knows no plus.
  return parseExact(
    trimmed
      .replace(/^\+/, '')
      .replace(/^(-?)\./, '$10.')
      .replace(/\.(?!\d)/, ''),
  );
}

/**
 * The double of a computation; infinities and NaN are refused, for neither JSON nor a comparison has a place
 * for them.
 */
export function finite(double: number): number {
  if (Number.isFinite(double)) return double;
  throw valueError('the result is too large for a number');
}

/** A piece of data in a message: quoted, and cut when it is long. */
export function quoted(text: string): string {
  return text.length > 60 ? `'${text.slice(0, 57)}...'` : `'${text}'`;
}
