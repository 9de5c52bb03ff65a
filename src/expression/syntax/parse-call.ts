/**
 * Calls of functions, and the special forms that SQL gives some of them: EXTRACT(unit FROM x), FLOOR(x TO unit),
 * POSITION(a IN b), SUBSTRING(x FROM a FOR b), TRIM(LEADING c FROM x), OVERLAY(x PLACING y FROM a),
 * TIMESTAMPADD(unit, n, t), and those of SQL/JSON. All become plain calls, units being texts in
 * capitals; those can be written as well.
 */
import { syntaxProblem } from './lexer.js';
import { jsonCalls } from './parse-json-call.js';
import {
  deeper,
  expectSymbol,
  expectWord,
  isSymbol,
  isWord,
  peek,
  type Reader,
  take,
  takeSymbol,
  takeWords,
  unexpected,
} from './reader.js';
import type { Expression } from './tree.js';
import { timeUnits } from './words.js';

interface CallParts {
  readonly name: string;
  readonly arguments: readonly Expression[];
}

function argument(reader: Reader): Expression {
  return deeper(reader, reader.expression);
}

function isUnit(reader: Reader): boolean {
  const token = peek(reader);
  return token.kind === 'word' && timeUnits.includes(token.text.toUpperCase());
}

function unitText(reader: Reader): Expression {
  if (!isUnit(reader)) unexpected(reader, 'a unit of time', `units are ${timeUnits.join(', ')}`);
  const { text, start, end } = take(reader);
  return { kind: 'text', text: text.toUpperCase(), start, end };
}

function rest(reader: Reader, first: readonly Expression[]): Expression[] {
  const list = [...first];
  while (takeSymbol(reader, ',')) list.push(argument(reader));
  return list;
}

function plainArguments(reader: Reader): Expression[] {
  return isSymbol(peek(reader), ')') ? [] : rest(reader, [argument(reader)]);
}

function extract(reader: Reader): CallParts {
  if (isUnit(reader) && isWord(peek(reader, 1), 'from')) {
    const unit = unitText(reader);
    take(reader);
    return { name: 'EXTRACT', arguments: [unit, argument(reader)] };
  }
  const parts = plainArguments(reader);
  if (parts.length === 1 && isWord(peek(reader), 'from')) {
    const hint = `units are ${timeUnits.join(', ')}`;
    throw syntaxProblem(reader.text, parts[0]!, 'EXTRACT takes a unit of time', hint);
  }
  return { name: 'EXTRACT', arguments: parts };
}

function rounded(name: string): (reader: Reader) => CallParts {
  return (reader) => {
    const parts = plainArguments(reader);
    if (parts.length !== 1 || !takeWords(reader, 'to')) return { name, arguments: parts };
    return { name, arguments: [parts[0]!, unitText(reader)] };
  };
}

/** The first operand of POSITION must not take the IN for its own, so it is read as a sum. */
function position(reader: Reader): CallParts {
  const first = deeper(reader, reader.sum);
  if (takeWords(reader, 'in')) return { name: 'POSITION', arguments: [first, argument(reader)] };
  return { name: 'POSITION', arguments: rest(reader, [first]) };
}

function substring(reader: Reader): CallParts {
  const parts = plainArguments(reader);
  if (parts.length !== 1 || !takeWords(reader, 'from')) return { name: 'SUBSTRING', arguments: parts };
  const from = argument(reader);
  const length = takeWords(reader, 'for') ? [argument(reader)] : [];
  return { name: 'SUBSTRING', arguments: [parts[0]!, from, ...length] };
}

function overlay(reader: Reader): CallParts {
  const parts = plainArguments(reader);
  if (parts.length !== 1 || !takeWords(reader, 'placing')) return { name: 'OVERLAY', arguments: parts };
  const placed = argument(reader);
  expectWord(reader, 'from');
  const from = argument(reader);
  const length = takeWords(reader, 'for') ? [argument(reader)] : [];
  return { name: 'OVERLAY', arguments: [parts[0]!, placed, from, ...length] };
}

const trimNames = { both: 'BTRIM', leading: 'LTRIM', trailing: 'RTRIM' } as const;

function trim(reader: Reader): CallParts {
  const token = peek(reader);
  const next = peek(reader, 1);
  const isSide = !isSymbol(next, ')') && !isSymbol(next, ',') && !isSymbol(next, '.') && !isSymbol(next, '[');
  const sides = ['both', 'leading', 'trailing'] as const;
  const side = isSide ? sides.find((word) => takeWords(reader, word)) : undefined;
  const name = side === undefined ? 'BTRIM' : trimNames[side];
  if (side !== undefined && takeWords(reader, 'from')) return { name, arguments: [argument(reader)] };
  const parts = plainArguments(reader);
  if (parts.length === 1 && takeWords(reader, 'from')) {
    return { name, arguments: [argument(reader), parts[0]!] };
  }
  if (side === undefined) return { name: 'TRIM', arguments: parts };
  throw syntaxProblem(
    reader.text,
    token,
    `TRIM(${token.text} ...) needs FROM`,
    "TRIM(LEADING '0' FROM code)",
  );
}

function withUnit(name: string): (reader: Reader) => CallParts {
  return (reader) => {
    const first = isUnit(reader) && isSymbol(peek(reader, 1), ',') ? unitText(reader) : argument(reader);
    return { name, arguments: rest(reader, [first]) };
  };
}

const special: Readonly<Record<string, (reader: Reader) => CallParts>> = {
  EXTRACT: extract,
  FLOOR: rounded('FLOOR'),
  CEIL: rounded('CEIL'),
  CEILING: rounded('CEIL'),
  POSITION: position,
  SUBSTRING: substring,
  OVERLAY: overlay,
  TRIM: trim,
  TIMESTAMPADD: withUnit('TIMESTAMPADD'),
  TIMESTAMPDIFF: withUnit('TIMESTAMPDIFF'),
};

/** A call; the next tokens are the function's name and its opening parenthesis. */
export function parseCall(reader: Reader): Expression {
  const token = take(reader);
  const name = token.text.toUpperCase();
  expectSymbol(reader, '(');
  const next = peek(reader);
  const isStar = isSymbol(next, '*') && isSymbol(peek(reader, 1), ')');
  const following = peek(reader, 1).kind;
  const isDistinct = isWord(next, 'distinct') && following !== 'symbol' && following !== 'end';
  if (isStar || isDistinct) {
    const hint = 'aggregates stand in the command aggregate, which groups records';
    throw syntaxProblem(
      reader.text,
      { start: token.start, end: next.end },
      `${name}(${isStar ? '*' : 'DISTINCT ...'}) is an aggregate`,
      hint,
    );
  }
  if (Object.hasOwn(jsonCalls, name)) return jsonCalls[name]!(reader, token.start);
  const form = Object.hasOwn(special, name) ? special[name] : undefined;
  const parts = form === undefined ? { name, arguments: plainArguments(reader) } : form(reader);
  const { end } = expectSymbol(reader, ')', `arguments of ${name} are separated by commas`);
  return { kind: 'call', ...parts, start: token.start, end };
}
