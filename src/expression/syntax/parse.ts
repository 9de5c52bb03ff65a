/**
 * Texts to trees: one expression, a select list, a list of aggregates. Every problem has its place in the
 * text. Names and types are not looked at here.
 */
import { didYouMean, nearest } from '../../diagnostics/index.js';
import type { Path } from '../../record/index.js';
import { syntaxProblem } from './lexer.js';
import { parseOr, parseSum } from './parse-operators.js';
import {
  createReader,
  endOf,
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
import type { Expression } from './tree.js';
import { reservedWords } from './words.js';

const grammar = { expression: parseOr, sum: parseSum };
const operatorWords = ['and', 'or', 'in', 'is', 'between', 'like', 'not'];

/** Something stands behind a complete expression: says what, and what may have been meant. */
function leftOver(reader: Reader, wanted: string): never {
  const token = peek(reader);
  let hint: string | undefined;
  if (token.kind === 'word') {
    const near = nearest(token.text, operatorWords);
    if (near !== undefined) hint = `did you mean ${near.toUpperCase()}?`;
    else if (/^(contains|startswith|endswith|matches|rlike|regexp|similar)$/i.test(token.text)) {
      hint = "write x LIKE '%part%', STARTSWITH(x, 'part') or REGEXP(x, 'pattern')";
    }
  } else if (token.kind === 'number' && token.text.startsWith('.')) {
    hint = 'an element is written items[0]';
  } else if (token.kind === 'end') hint = 'something is missing there';
  const message = `expected ${wanted}, but there is ${nameToken(token)}`;
  throw syntaxProblem(reader.text, token, message, hint);
}

/** Parses a whole text as one expression. Throws problems of code syntax. */
export function parseExpression(text: string): Expression {
  const reader = createReader(text, grammar);
  if (peek(reader).kind === 'end') throw syntaxProblem(text, peek(reader), 'an expression is missing');
  const expression = parseOr(reader);
  if (peek(reader).kind !== 'end') leftOver(reader, 'an operator or the end');
  return expression;
}

/** The path of a text that is only a path, else undefined. Throws problems of code syntax. */
export function barePath(text: string): Path | undefined {
  const expression = parseExpression(text);
  return expression.kind === 'path' ? expression.path : undefined;
}

/** An item of a select list; `text` is the expression as written. */
export interface SelectItem {
  readonly name: string;
  readonly expression: Expression;
  readonly text: string;
}

export interface SelectList {
  readonly star: boolean;
  readonly items: readonly SelectItem[];
}

/**
 * The name of an item without AS: the last member of a path, else its text, runs of other characters made
 * one _.
 */
function defaultName(expression: Expression, text: string): string {
  if (expression.kind === 'path') {
    return expression.path.findLast((step): step is string => typeof step === 'string')!;
  }
  const name = text.replace(/[^\p{L}\p{N}_]+/gu, '_').replace(/^_+|_+$/g, '');
  return name === '' ? 'value' : name;
}

function parseAlias(reader: Reader): string | undefined {
  if (!takeWords(reader, 'as')) return undefined;
  const token = take(reader);
  if (token.kind === 'word' || token.kind === 'name') return token.text;
  const hint = token.kind === 'text' ? `names have no quotes, or backticks: \`${token.text}\`` : undefined;
  throw syntaxProblem(
    reader.text,
    token,
    `expected a name behind AS, but there is ${nameToken(token)}`,
    hint,
  );
}

/** Between two items, or at the end. */
function takeComma(reader: Reader): boolean {
  if (takeSymbol(reader, ',')) return true;
  const token = peek(reader);
  if (token.kind === 'end') return false;
  if (token.kind === 'word' && !reservedWords.has(token.text.toLowerCase())) {
    if (nearest(token.text, operatorWords) === undefined) {
      const hint = `a name is given with AS: ... AS ${token.text}`;
      throw syntaxProblem(reader.text, token, `expected a comma, but there is ${token.text}`, hint);
    }
  }
  return leftOver(reader, 'an operator, a comma or AS');
}

/** Parses `*, a.b, lower(c) as d`. Throws problems of code syntax. */
export function parseSelectList(text: string): SelectList {
  const reader = createReader(text, grammar);
  const items: SelectItem[] = [];
  let star = false;
  do {
    const token = peek(reader);
    if (isSymbol(token, '*')) {
      if (star) throw syntaxProblem(text, token, '* stands twice in the list');
      take(reader);
      star = true;
      continue;
    }
    const expression = parseOr(reader);
    const written = text.slice(token.start, endOf(reader));
    items.push({ name: parseAlias(reader) ?? defaultName(expression, written), expression, text: written });
  } while (takeComma(reader));
  return { star, items };
}

/**
 * An aggregate as written; `text` is the call, without FILTER and AS; the span reaches to the end of FILTER.
 */
export interface ParsedAggregate {
  readonly function: string;
  readonly arguments: readonly Expression[];
  readonly star: boolean;
  readonly distinct: boolean;
  readonly filter?: Expression;
  readonly alias?: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function parseAggregate(reader: Reader): ParsedAggregate {
  const token = peek(reader);
  if (token.kind !== 'word' || !isSymbol(peek(reader, 1), '(')) {
    const hint = token.kind === 'word' ? didYouMean(token.text, ['count(*)']) : undefined;
    return unexpected(reader, 'an aggregate such as count(*) or sum(bytes)', hint);
  }
  take(reader);
  take(reader);
  const star = isSymbol(peek(reader), '*') && isSymbol(peek(reader, 1), ')') && takeSymbol(reader, '*');
  const next = peek(reader, 1);
  const isPlain = next.kind === 'symbol' && next.text !== '(' && next.text !== '-';
  const distinct = !star && !isPlain && takeWords(reader, 'distinct');
  if (!star && !distinct && !isPlain) takeWords(reader, 'all');
  const list: Expression[] = [];
  if (!star && !isSymbol(peek(reader), ')')) {
    do list.push(parseOr(reader));
    while (takeSymbol(reader, ','));
  }
  expectSymbol(reader, ')');
  let filter: Expression | undefined;
  if (isWord(peek(reader), 'filter')) {
    take(reader);
    expectSymbol(reader, '(', `${token.text}(...) FILTER (WHERE condition)`);
    expectWord(reader, 'where');
    filter = parseOr(reader);
    expectSymbol(reader, ')');
  }
  const end = endOf(reader);
  const alias = parseAlias(reader);
  return {
    function: token.text,
    arguments: list,
    star,
    distinct,
    ...(filter === undefined ? {} : { filter }),
    ...(alias === undefined ? {} : { alias }),
    text: reader.text.slice(token.start, end),
    start: token.start,
    end,
  };
}

/** Parses `count(*) as n, sum(bytes) FILTER (WHERE ok), p95(ms)`. Throws problems of code syntax. */
export function parseAggregateList(text: string): ParsedAggregate[] {
  const reader = createReader(text, grammar);
  const list: ParsedAggregate[] = [];
  do {
    list.push(parseAggregate(reader));
    const token = peek(reader);
    if (token.kind === 'symbol' && '+-*/%'.includes(token.text)) {
      const hint = 'give the aggregates names and compute with them in a select behind';
      throw syntaxProblem(text, token, 'an aggregate stands alone in the list', hint);
    }
  } while (takeComma(reader));
  return list;
}
