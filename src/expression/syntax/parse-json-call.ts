/**
 * The clauses that SQL/JSON has in its calls, as in Flink: `JSON_VALUE(json, path RETURNING INT DEFAULT 0 ON EMPTY)`,
 * `JSON_QUERY(json, path WITH CONDITIONAL WRAPPER EMPTY ARRAY ON ERROR)`, `JSON_EXISTS(json, path TRUE ON ERROR)`,
 * `JSON_OBJECT(KEY 'a' VALUE 1 ABSENT ON NULL)`, `JSON_ARRAY(1, 2 NULL ON NULL)`. They become plain
 * arguments, words being texts, which can be written as well; RETURNING becomes a cast.
 */
import type { CastType } from '../value-cast.js';
import { parseType } from './parse-cast.js';
import {
  deeper,
  expectSymbol,
  expectWord,
  isSymbol,
  isWord,
  peek,
  type Reader,
  takeSymbol,
  takeWords,
  unexpected,
} from './reader.js';
import type { Call, Expression } from './tree.js';

interface Span {
  readonly start: number;
  readonly end: number;
}

function argument(reader: Reader): Expression {
  return deeper(reader, reader.expression);
}

function words(text: string, span: Span): Expression {
  return { kind: 'text', text, start: span.start, end: span.end };
}

function nullAt(span: Span): Expression {
  return { kind: 'word', value: null, start: span.start, end: span.end };
}

function callOf(name: string, list: readonly Expression[], { start, end }: Span): Call {
  return { kind: 'call', name, arguments: list, start, end };
}

/** The json, the path, and what stands behind them in plain form. */
function jsonAndPath(reader: Reader): Expression[] {
  const list = [argument(reader)];
  while (takeSymbol(reader, ',')) list.push(argument(reader));
  return list;
}

interface Behaviour {
  readonly word: string;
  readonly value: Expression | undefined;
}

/** What to do ON EMPTY and ON ERROR: one of the words, or DEFAULT with a value. */
function behaviours(reader: Reader, known: readonly string[]): { empty?: Behaviour; error?: Behaviour } {
  const said: { empty?: Behaviour; error?: Behaviour } = {};
  while (!isSymbol(peek(reader), ')') && said.error === undefined) {
    let value: Expression | undefined;
    let word = known.find((candidate) => takeWords(reader, ...candidate.toLowerCase().split(' ')));
    if (word === undefined && known.includes('DEFAULT value') && takeWords(reader, 'default')) {
      word = 'DEFAULT';
      value = argument(reader);
    }
    if (word === undefined) return unexpected(reader, `${known.join(', ')} or )`);
    expectWord(reader, 'on');
    if (said.empty === undefined && takeWords(reader, 'empty')) said.empty = { word, value };
    else if (takeWords(reader, 'error')) said.error = { word, value };
    else return unexpected(reader, 'EMPTY or ERROR behind ON');
  }
  return said;
}

function returned(call: Call, type: CastType, error: Behaviour | undefined): Expression {
  const { start, end } = call;
  const cast = { kind: 'cast', operand: call, type, safe: error?.word !== 'ERROR', start, end } as const;
  if (error?.value === undefined) return cast;
  // Only a value that is there and is not of the type is an error; NULL may be what ON EMPTY says.
  const when = { kind: 'is', operand: call, test: 'null', negated: false, start, end } as const;
  const otherwise = callOf('COALESCE', [cast, error.value], call);
  return { kind: 'case', branches: [{ when, result: nullAt(call) }], otherwise, start, end };
}

function jsonValue(reader: Reader, start: number): Expression {
  const list = jsonAndPath(reader);
  const type = takeWords(reader, 'returning') ? parseType(reader) : undefined;
  const { empty, error } = behaviours(reader, ['NULL', 'ERROR', 'DEFAULT value']);
  const { end } = expectSymbol(reader, ')', 'arguments of JSON_VALUE are separated by commas');
  const span = { start, end };
  if (empty !== undefined || error !== undefined) {
    for (const said of [empty, error]) {
      list.push(words(said?.word ?? 'NULL', span), said?.value ?? nullAt(span));
    }
  }
  const call = callOf('JSON_VALUE', list, span);
  return type === undefined ? call : returned(call, type, error);
}

function wrapper(reader: Reader): string | undefined {
  const isWith = takeWords(reader, 'with');
  if (!isWith && !takeWords(reader, 'without')) return undefined;
  const isConditional = isWith && takeWords(reader, 'conditional');
  if (isWith && !isConditional) takeWords(reader, 'unconditional');
  takeWords(reader, 'array');
  expectWord(reader, 'wrapper');
  return !isWith ? 'WITHOUT' : isConditional ? 'CONDITIONAL' : 'UNCONDITIONAL';
}

function jsonQuery(reader: Reader, start: number): Expression {
  const list = jsonAndPath(reader);
  const type = takeWords(reader, 'returning') ? parseType(reader) : undefined;
  const wrapping = wrapper(reader);
  const { empty, error } = behaviours(reader, ['NULL', 'ERROR', 'EMPTY ARRAY', 'EMPTY OBJECT']);
  const { end } = expectSymbol(reader, ')', 'arguments of JSON_QUERY are separated by commas');
  const span = { start, end };
  if (wrapping !== undefined || empty !== undefined || error !== undefined) {
    for (const word of [wrapping ?? 'WITHOUT', empty?.word ?? 'NULL', error?.word ?? 'NULL']) {
      list.push(words(word, span));
    }
  }
  const call = callOf('JSON_QUERY', list, span);
  return type === undefined ? call : returned(call, type, undefined);
}

function jsonExists(reader: Reader, start: number): Expression {
  const list = jsonAndPath(reader);
  const word = ['TRUE', 'FALSE', 'UNKNOWN', 'ERROR'].find((each) => takeWords(reader, each.toLowerCase()));
  if (word !== undefined) {
    const span = peek(reader);
    expectWord(reader, 'on');
    expectWord(reader, 'error');
    list.push(words(word, span));
  }
  const { end } = expectSymbol(reader, ')', 'arguments of JSON_EXISTS are separated by commas');
  return callOf('JSON_EXISTS', list, { start, end });
}

/** `NULL ON NULL` or `ABSENT ON NULL`; undefined when neither is said. */
function onNull(reader: Reader): 'null' | 'absent' | undefined {
  return (['null', 'absent'] as const).find((word) => takeWords(reader, word, 'on', 'null'));
}

function jsonObject(reader: Reader, start: number): Expression {
  const list: Expression[] = [];
  let nulls = onNull(reader);
  if (nulls === undefined && !isSymbol(peek(reader), ')')) {
    do {
      if (isWord(peek(reader), 'key') && peek(reader, 1).kind === 'text') takeWords(reader, 'key');
      list.push(argument(reader));
      if (!takeWords(reader, 'value')) expectSymbol(reader, ',', "JSON_OBJECT(KEY 'a' VALUE 1)");
      list.push(argument(reader));
    } while (takeSymbol(reader, ','));
    nulls = onNull(reader);
  }
  const { end } = expectSymbol(reader, ')', 'arguments of JSON_OBJECT are separated by commas');
  const name = nulls === 'absent' ? 'JSON_OBJECT_ABSENT' : 'JSON_OBJECT';
  return callOf(name, list, { start, end });
}

function jsonArray(reader: Reader, start: number): Expression {
  const list: Expression[] = [];
  let nulls = onNull(reader);
  if (nulls === undefined && !isSymbol(peek(reader), ')')) {
    do list.push(argument(reader));
    while (takeSymbol(reader, ','));
    nulls = onNull(reader);
  }
  const { end } = expectSymbol(reader, ')', 'arguments of JSON_ARRAY are separated by commas');
  return callOf(nulls === 'null' ? 'JSON_ARRAY_NULL' : 'JSON_ARRAY', list, { start, end });
}

/**
 * Readers of the calls with clauses, by name in capitals. They begin behind the opening parenthesis and take the
 * closing one; `start` is where the name begins.
 */
export const jsonCalls: Readonly<Record<string, (reader: Reader, start: number) => Expression>> = {
  JSON_VALUE: jsonValue,
  JSON_QUERY: jsonQuery,
  JSON_EXISTS: jsonExists,
  JSON_OBJECT: jsonObject,
  JSON_ARRAY: jsonArray,
};

/** x IS JSON [VALUE | SCALAR | ARRAY | OBJECT], behind the JSON. */
export function parseIsJson(reader: Reader, operand: Expression, endOf: (reader: Reader) => number): Call {
  const kind = ['VALUE', 'SCALAR', 'ARRAY', 'OBJECT'].find((word) => takeWords(reader, word.toLowerCase()));
  const span = { start: operand.start, end: endOf(reader) };
  const kinds = kind === undefined || kind === 'VALUE' ? [] : [words(kind, span)];
  return callOf('IS_JSON', [operand, ...kinds], span);
}
