/**
 * Expression text to tokens. A text is in single or double quotes, its own quote doubled; a name is a word
 * or stands in backticks. Operators of other languages are recognised only to say what SQL calls them.
 */
import { type Problem, problem } from '../../diagnostics/index.js';

export type TokenKind = 'word' | 'name' | 'text' | 'number' | 'symbol' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** The word, the name or text without quotes, the number or symbol as written; empty at the end. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A problem with its place in the text. */
export function syntaxProblem(
  text: string,
  span: { readonly start: number; readonly end: number },
  message: string,
  hint?: string,
): Problem {
  const place = { kind: 'text', text, start: span.start, end: span.end } as const;
  return problem({ code: 'syntax', message, place, ...(hint === undefined ? {} : { hint }) });
}

const blank = /\s+/y;
const number = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const word = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const symbol = /<=|>=|<>|!=|==|\|\||[-+*/%=<>()[\],.]/y;

/** What people write who think of another language, and what SQL calls it. */
const foreign: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [/=~/y, 'SQL matches a regular expression with REGEXP(text, pattern), and a simple pattern with LIKE'],
  [/&&/y, 'SQL writes AND'],
  [/&/y, 'SQL writes AND; bits have no operators here'],
  [/\|(?!\|)/y, 'SQL writes OR, and || joins texts'],
  [/!/y, 'SQL writes NOT, and <> for unequal'],
  [/~/y, 'SQL matches a regular expression with REGEXP(text, pattern), and a simple pattern with LIKE'],
  [/\?/y, 'SQL writes CASE WHEN condition THEN a ELSE b END, or IF(condition, a, b)'],
  [/[;{}]/y, 'an expression is a single value or condition'],
  [/[@#\\^:]/y, 'a name with other characters than letters, digits and _ stands in backticks: `@name`'],
];

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function readQuoted(text: string, start: number): Token {
  const quote = text[start]!;
  let inside = '';
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] !== quote) inside += text[at];
    else if (text[at + 1] === quote) {
      inside += quote;
      at++;
    } else {
      if (quote === '`' && inside === '')
        throw syntaxProblem(text, { start, end: at + 1 }, 'a name is empty');
      return { kind: quote === '`' ? 'name' : 'text', text: inside, start, end: at + 1 };
    }
  }
  throw syntaxProblem(
    text,
    { start, end: text.length },
    `a ${quote === '`' ? 'name' : 'text'} does not end`,
    `close it with ${quote}; inside of it ${quote} is written ${quote}${quote}`,
  );
}

function readNumber(text: string, start: number, spelled: string): Token {
  const end = start + spelled.length;
  const behind = matchAt(/[\p{L}_$][\p{L}\p{N}_$]*/uy, text, end);
  if (behind !== undefined) {
    const span = { start, end: end + behind.length };
    const hint = /^(ms|s|m|h|d|w)$/.test(behind)
      ? "SQL writes a duration as INTERVAL '5' MINUTE"
      : `a name that begins with a digit stands in backticks: \`${spelled}${behind}\``;
    throw syntaxProblem(text, span, `${spelled}${behind} is neither a number nor a name`, hint);
  }
  return { kind: 'number', text: spelled, start, end };
}

function readToken(text: string, start: number): Token {
  const character = text[start]!;
  if (character === "'" || character === '"' || character === '`') return readQuoted(text, start);
  const digits = matchAt(number, text, start);
  if (digits !== undefined) return readNumber(text, start, digits);
  const letters = matchAt(word, text, start);
  if (letters !== undefined) return { kind: 'word', text: letters, start, end: start + letters.length };
  if (!text.startsWith('=~', start)) {
    const found = matchAt(symbol, text, start);
    if (found !== undefined) return { kind: 'symbol', text: found, start, end: start + found.length };
  }
  for (const [pattern, hint] of foreign) {
    const found = matchAt(pattern, text, start);
    if (found !== undefined) {
      throw syntaxProblem(text, { start, end: start + found.length }, `${found} is not SQL`, hint);
    }
  }
  const whole = String.fromCodePoint(text.codePointAt(start)!);
  throw syntaxProblem(text, { start, end: start + whole.length }, `unexpected ${JSON.stringify(whole)}`);
}

/** The tokens of a text, the last of kind `end`. Throws problems of code syntax. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at += matchAt(blank, text, at)?.length ?? 0;
    if (at >= text.length) break;
    const token = readToken(text, at);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', text: '', start: text.length, end: text.length });
  return tokens;
}
