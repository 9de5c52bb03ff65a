/**
 * The shape of the lines so far: the key tokens (`"name":`, quotes and colon included) in the order in
 * which they came, and the column that each fills. A scanner compares the next token with what lies before
 * it, and searches its columns only when that fails. A shape is a guess that makes nothing wrong: a
 * token's bytes settle which name it is.
 */
import { findName, type Name } from './json-walk.js';

const tokenStride = 64;
const maxTokens = 64;
/** Longer tokens are looked up each time. */
export const maxTokenBytes = 48;
/** A line in which more keys than this were not foreseen is the model for the lines after it. */
const toleratedSurprises = 2;

export interface Shape {
  readonly tokens: Uint8Array;
  readonly lengths: Int32Array;
  /** Index of the head that a token's value fills, or -1. */
  readonly heads: Int32Array;
  count: number;
  /** Keys of the line at hand that were not foreseen. */
  surprises: number;
}

export function createShape(): Shape {
  return {
    tokens: new Uint8Array(tokenStride * maxTokens),
    lengths: new Int32Array(maxTokens),
    heads: new Int32Array(maxTokens),
    count: 0,
    surprises: 0,
  };
}

/** To be called before a line: forgets the shape when the line before was nothing like it. */
export function beginLine(shape: Shape): void {
  if (shape.surprises > toleratedSurprises) shape.count = 0;
  shape.surprises = 0;
}

/**
 * The number of the token that the bytes at `at` begin with, or -1. Looks at token `from` and the two behind it, so
 * that one or two fields may be left out.
 */
export function matchToken(shape: Shape, bytes: Uint8Array, at: number, from: number): number {
  const { tokens, lengths } = shape;
  const to = Math.min(from + 3, shape.count);
  for (let token = from; token < to; token++) {
    const base = token * tokenStride;
    const length = lengths[token]!;
    let index = 1;
    while (index < length && bytes[at + index] === tokens[base + index]) index++;
    if (index === length && bytes[at] === 0x22) return token;
  }
  return -1;
}

/**
 * Looks up a key that was not foreseen: its opening quote is at `at`, its closing one at `end`, its colon at `colon`.
 * At the end of the shape the key is learned as token number `from`. Returns its head or -1.
 */
export function lookUpKey(
  shape: Shape,
  heads: readonly Name[],
  bytes: Uint8Array,
  at: number,
  end: number,
  colon: number,
  from: number,
): number {
  const head = findName(bytes, at + 1, end, heads);
  const length = colon + 1 - at;
  if (from === shape.count && from < maxTokens && colon === end + 1 && length <= maxTokenBytes) {
    shape.tokens.set(bytes.subarray(at, colon + 1), from * tokenStride);
    shape.lengths[from] = length;
    shape.heads[from] = head;
    shape.count++;
  } else shape.surprises++;
  return head;
}
