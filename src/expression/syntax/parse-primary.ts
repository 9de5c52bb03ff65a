/**
 * What operators stand between: literals, paths, calls, CASE, CAST, parentheses. A word is a keyword only
 * where the next token makes it one, so that `time`, `date` and `interval` remain good names for fields.
 */
import { parseTemporal } from '../value-temporal.js';
import { syntaxProblem, type Token } from './lexer.js';
import { parseCall } from './parse-call.js';
import { parseCast } from './parse-cast.js';
import { parseIntervalLiteral } from './parse-interval.js';
import {
  deeper,
  expectSymbol,
  expectWord,
  isSymbol,
  isWord,
  nameToken,
  peek,
  type Reader,
  take,
  takeSymbol,
  takeWords,
  unexpected,
} from './reader.js';
import type { CaseBranch, Expression, TemporalLiteral } from './tree.js';
import { bareFunctions, reservedWords } from './words.js';

function parseTemporalLiteral(reader: Reader, type: TemporalLiteral['type']): Expression {
  const { start } = take(reader);
  const { text, end } = take(reader);
  const found = parseTemporal(text)?.type;
  if (found === type || (type === 'timestamp' && found === 'date')) {
    return { kind: 'temporal', type, text, start, end };
  }
  const forms = { timestamp: '2026-11-24 10:00:00', date: '2026-11-24', time: '10:00:00' };
  const hint =
    found === 'timestamp_ltz'
      ? `an instant with a zone is CAST('${text}' AS TIMESTAMP_LTZ)`
      : `${type.toUpperCase()} '${forms[type]}'`;
  throw syntaxProblem(reader.text, { start, end }, `'${text}' is not a ${type}`, hint);
}

function parseCase(reader: Reader): Expression {
  const { start } = take(reader);
  const operand = isWord(peek(reader), 'when') ? undefined : deeper(reader, reader.expression);
  const branches: CaseBranch[] = [];
  while (takeWords(reader, 'when')) {
    const when = deeper(reader, reader.expression);
    expectWord(reader, 'then');
    branches.push({ when, result: deeper(reader, reader.expression) });
  }
  if (branches.length === 0) unexpected(reader, 'WHEN', 'CASE WHEN condition THEN value ELSE value END');
  const otherwise = takeWords(reader, 'else') ? deeper(reader, reader.expression) : undefined;
  const { end } = expectWord(reader, 'end');
  return {
    kind: 'case',
    ...(operand === undefined ? {} : { operand }),
    branches,
    ...(otherwise === undefined ? {} : { otherwise }),
    start,
    end,
  };
}

function parseIndex(reader: Reader): string | number {
  const token = take(reader);
  if (token.kind === 'text') return token.text;
  if (token.kind === 'number' && /^\d{1,9}$/.test(token.text)) return Number(token.text);
  const hint = "elements count from 0: items[0]; members are also written item['name']";
  throw syntaxProblem(reader.text, token, `expected an index, but there is ${nameToken(token)}`, hint);
}

function parsePath(reader: Reader): Expression {
  const head = take(reader);
  const path: (string | number)[] = [head.text];
  let { end } = head;
  for (;;) {
    if (takeSymbol(reader, '.')) {
      const step = peek(reader);
      if (step.kind !== 'word' && step.kind !== 'name') unexpected(reader, 'the name of a member');
      path.push(take(reader).text);
      end = step.end;
    } else if (takeSymbol(reader, '[')) {
      path.push(parseIndex(reader));
      end = expectSymbol(reader, ']').end;
    } else break;
  }
  if (isSymbol(peek(reader), '(')) {
    const hint = `functions stand before what they work on: UPPER(name)`;
    throw syntaxProblem(reader.text, { start: head.start, end }, 'a field cannot be called', hint);
  }
  return { kind: 'path', path, start: head.start, end };
}

function parseReserved(reader: Reader, token: Token, word: string): Expression {
  const { start, end } = token;
  if (word === 'case') return parseCase(reader);
  if (word === 'true' || word === 'false' || word === 'null') {
    take(reader);
    return { kind: 'word', value: word === 'null' ? null : word === 'true', start, end };
  }
  return unexpected(
    reader,
    'a value',
    `a field that is called ${token.text} stands in backticks: \`${token.text}\``,
  );
}

function parseWord(reader: Reader, token: Token): Expression {
  const word = token.text.toLowerCase();
  const next = peek(reader, 1);
  if (reservedWords.has(word)) return parseReserved(reader, token, word);
  if (isSymbol(next, '(')) {
    return word === 'cast' || word === 'try_cast' ? parseCast(reader) : parseCall(reader);
  }
  if (next.kind === 'text' && (word === 'timestamp' || word === 'date' || word === 'time')) {
    return parseTemporalLiteral(reader, word);
  }
  if (word === 'interval') {
    const signed = isSymbol(next, '-') && peek(reader, 2).kind === 'text';
    if (next.kind === 'text' || next.kind === 'number' || signed) return parseIntervalLiteral(reader);
  }
  if (bareFunctions.has(word)) {
    take(reader);
    return { kind: 'call', name: word.toUpperCase(), arguments: [], start: token.start, end: token.end };
  }
  return parsePath(reader);
}

/** One spelling of a number: a digit before the point, a small e. */
function canonicalNumber(text: string): string {
  return (text.startsWith('.') ? `0${text}` : text).toLowerCase();
}

/** A literal, a path, a call or an expression in parentheses. */
export function parsePrimary(reader: Reader): Expression {
  const token = peek(reader);
  const { start, end } = token;
  switch (token.kind) {
    case 'number':
      take(reader);
      return { kind: 'number', text: canonicalNumber(token.text), start, end };
    case 'text':
      take(reader);
      return { kind: 'text', text: token.text, start, end };
    case 'name':
      return parsePath(reader);
    case 'word':
      return parseWord(reader, token);
    default:
      break;
  }
  if (!takeSymbol(reader, '(')) return unexpected(reader, 'a value');
  const inside = deeper(reader, reader.expression);
  const close = expectSymbol(reader, ')');
  return { ...inside, start, end: close.end };
}
