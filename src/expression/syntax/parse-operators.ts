/**
 * The operators of the grammar, loosest first: OR, AND, NOT, comparisons and tests, + - ||, * / %, signs. A chain is
 * read by a loop and hangs to the left.
 */
import { parseIsJson } from './parse-json-call.js';
import { parsePrimary } from './parse-primary.js';
import {
  deeper,
  endOf,
  expectSymbol,
  expectWord,
  isSymbol,
  link,
  peek,
  type Reader,
  take,
  takeSymbol,
  takeWords,
  unexpected,
} from './reader.js';
import type { Binary, BinaryOperator, Expression, IsTest } from './tree.js';

function binary(operator: BinaryOperator, left: Expression, right: Expression): Binary {
  return { kind: 'binary', operator, left, right, start: left.start, end: right.end };
}

function parseUnary(reader: Reader): Expression {
  const token = peek(reader);
  if (isSymbol(token, '-')) {
    take(reader);
    const operand = deeper(reader, parseUnary);
    return { kind: 'negate', operand, start: token.start, end: operand.end };
  }
  if (takeSymbol(reader, '+')) return deeper(reader, parseUnary);
  return parsePrimary(reader);
}

function parseChain(
  reader: Reader,
  operators: readonly BinaryOperator[],
  part: (reader: Reader) => Expression,
): Expression {
  let left = part(reader);
  for (;;) {
    const token = peek(reader);
    const operator =
      token.kind === 'symbol' ? operators.find((candidate) => candidate === token.text) : undefined;
    if (operator === undefined) return left;
    take(reader);
    link(reader);
    left = binary(operator, left, part(reader));
  }
}

function parseProduct(reader: Reader): Expression {
  return parseChain(reader, ['*', '/', '%'], parseUnary);
}

/** A sum: what stands on either side of a comparison. */
export function parseSum(reader: Reader): Expression {
  return parseChain(reader, ['+', '-', '||'], parseProduct);
}

const comparisons: Readonly<Record<string, BinaryOperator>> = {
  '=': '=',
  '==': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

function parseIs(reader: Reader, operand: Expression): Expression {
  const negated = takeWords(reader, 'not');
  if (takeWords(reader, 'distinct', 'from')) {
    const right = parseSum(reader);
    return { kind: 'distinct', left: operand, right, negated, start: operand.start, end: right.end };
  }
  if (takeWords(reader, 'json')) {
    const test = parseIsJson(reader, operand, endOf);
    return negated ? { kind: 'not', operand: test, start: test.start, end: test.end } : test;
  }
  const tests: readonly IsTest['test'][] = ['null', 'true', 'false', 'unknown'];
  const test = tests.find((word) => takeWords(reader, word));
  if (test === undefined) return unexpected(reader, 'NULL, TRUE, FALSE, UNKNOWN, JSON or DISTINCT FROM');
  return { kind: 'is', operand, test, negated, start: operand.start, end: endOf(reader) };
}

function parseIn(reader: Reader, operand: Expression, negated: boolean): Expression {
  expectSymbol(reader, '(', 'IN takes a list: x IN (1, 2, 3)');
  const list: Expression[] = [];
  do list.push(deeper(reader, reader.expression));
  while (takeSymbol(reader, ','));
  const end = expectSymbol(reader, ')').end;
  return { kind: 'in', operand, list, negated, start: operand.start, end };
}

function parseBetween(reader: Reader, operand: Expression, negated: boolean): Expression {
  const symmetric = takeWords(reader, 'symmetric');
  if (!symmetric) takeWords(reader, 'asymmetric');
  const low = parseSum(reader);
  expectWord(reader, 'and');
  const high = parseSum(reader);
  const span = { start: operand.start, end: high.end };
  const between = { kind: 'between', operand, low, high, negated, ...span } as const;
  if (!symmetric) return between;
  // SYMMETRIC takes the bounds in either order.
  const swapped = { ...between, low: high, high: low };
  return { kind: 'binary', operator: negated ? 'and' : 'or', left: between, right: swapped, ...span };
}

function parseLike(reader: Reader, operand: Expression, negated: boolean): Expression {
  const pattern = parseSum(reader);
  const base = { kind: 'like', operand, pattern, negated, start: operand.start } as const;
  if (!takeWords(reader, 'escape')) return { ...base, end: pattern.end };
  const sign = parseSum(reader);
  return { ...base, escape: sign, end: sign.end };
}

/** One comparison or test behind `left`, or undefined when none comes. */
function parseTest(reader: Reader, left: Expression): Expression | undefined {
  const token = peek(reader);
  const operator = token.kind === 'symbol' ? comparisons[token.text] : undefined;
  if (operator !== undefined) {
    take(reader);
    return binary(operator, left, parseSum(reader));
  }
  if (takeWords(reader, 'is')) return parseIs(reader, left);
  const negated = takeWords(reader, 'not');
  if (takeWords(reader, 'in')) return parseIn(reader, left, negated);
  if (takeWords(reader, 'between')) return parseBetween(reader, left, negated);
  if (takeWords(reader, 'like')) return parseLike(reader, left, negated);
  return negated ? unexpected(reader, 'IN, BETWEEN or LIKE behind NOT') : undefined;
}

function parseComparison(reader: Reader): Expression {
  let left = parseSum(reader);
  for (;;) {
    const test = parseTest(reader, left);
    if (test === undefined) return left;
    link(reader);
    left = test;
  }
}

function parseNot(reader: Reader): Expression {
  const { start } = peek(reader);
  if (!takeWords(reader, 'not')) return parseComparison(reader);
  const operand = deeper(reader, parseNot);
  return { kind: 'not', operand, start, end: operand.end };
}

function parseAnd(reader: Reader): Expression {
  let left = parseNot(reader);
  while (takeWords(reader, 'and')) {
    link(reader);
    left = binary('and', left, parseNot(reader));
  }
  return left;
}

/** A whole expression. What comes behind it is left for the caller. */
export function parseOr(reader: Reader): Expression {
  let left = parseAnd(reader);
  while (takeWords(reader, 'or')) {
    link(reader);
    left = binary('or', left, parseAnd(reader));
  }
  return left;
}
