/**
 * CAST(x AS type) and TRY_CAST, and the types that can stand there, with the other names SQL has for them.
 */
import { didYouMean } from '../../diagnostics/index.js';
import type { CastName, CastType } from '../value-cast.js';
import { syntaxProblem } from './lexer.js';
import {
  deeper,
  expectSymbol,
  expectWord,
  peek,
  type Reader,
  take,
  takeSymbol,
  takeWords,
  unexpected,
} from './reader.js';
import type { Expression } from './tree.js';

const typeNames: Readonly<Record<string, CastName>> = {
  BOOLEAN: 'BOOLEAN',
  TINYINT: 'TINYINT',
  SMALLINT: 'SMALLINT',
  INT: 'INT',
  INTEGER: 'INT',
  BIGINT: 'BIGINT',
  FLOAT: 'FLOAT',
  DOUBLE: 'DOUBLE',
  DECIMAL: 'DECIMAL',
  DEC: 'DECIMAL',
  NUMERIC: 'DECIMAL',
  STRING: 'STRING',
  CHAR: 'CHAR',
  VARCHAR: 'VARCHAR',
  TIMESTAMP: 'TIMESTAMP',
  TIMESTAMP_LTZ: 'TIMESTAMP_LTZ',
  DATE: 'DATE',
  TIME: 'TIME',
};

/** Greatest first number in parentheses, where a type takes one. */
const greatest: Readonly<Partial<Record<CastName, number>>> = {
  DECIMAL: 38,
  CHAR: 2147483647,
  VARCHAR: 2147483647,
  TIMESTAMP: 9,
  TIMESTAMP_LTZ: 9,
  TIME: 9,
};

function parseSize(reader: Reader, most: number): number {
  const token = peek(reader);
  if (token.kind !== 'number' || !/^\d{1,10}$/.test(token.text)) return unexpected(reader, 'a whole number');
  take(reader);
  if (Number(token.text) <= most) return Number(token.text);
  throw syntaxProblem(reader.text, token, `${token.text} is too large here: at most ${most}`);
}

function parseTimeZone(reader: Reader): boolean {
  if (takeWords(reader, 'with', 'local', 'time', 'zone')) return true;
  takeWords(reader, 'without', 'time', 'zone');
  return false;
}

/** A type as CAST takes it. */
export function parseType(reader: Reader): CastType {
  const token = take(reader);
  const written = token.text.toUpperCase();
  const name = token.kind === 'word' && Object.hasOwn(typeNames, written) ? typeNames[written] : undefined;
  if (name === undefined) {
    const known = Object.keys(typeNames);
    const hint =
      didYouMean(token.text, known) ?? `types are ${[...new Set(Object.values(typeNames))].join(', ')}`;
    throw syntaxProblem(reader.text, token, `${token.text || 'nothing'} is not a type`, hint);
  }
  if (name === 'DOUBLE') takeWords(reader, 'precision');
  const most = greatest[name];
  let precision: number | undefined;
  let scale: number | undefined;
  if (most !== undefined && takeSymbol(reader, '(')) {
    precision = parseSize(reader, most);
    if (name === 'DECIMAL' && takeSymbol(reader, ',')) scale = parseSize(reader, precision);
    expectSymbol(reader, ')');
  }
  const local = name === 'TIMESTAMP' && parseTimeZone(reader);
  return {
    name: local ? 'TIMESTAMP_LTZ' : name,
    ...(precision === undefined ? {} : { precision }),
    ...(scale === undefined ? {} : { scale }),
  };
}

/** CAST or TRY_CAST; the next token is that word. */
export function parseCast(reader: Reader): Expression {
  const word = take(reader);
  expectSymbol(reader, '(');
  const operand = deeper(reader, reader.expression);
  expectWord(reader, 'as');
  const type = parseType(reader);
  const { end } = expectSymbol(reader, ')');
  return { kind: 'cast', operand, type, safe: word.text.length > 4, start: word.start, end };
}
