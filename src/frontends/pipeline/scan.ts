/**
 * Walking over pipeline text: strings, brackets and comments as wholes. Offsets always refer to the text as it was
 * given, because comments are blanked out and nothing is cut, so every problem can put its caret under it.
 */
import { problem } from '../../diagnostics/index.js';

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Whether the character opens a string: SQL's ' and ", and the backtick of quoted names. */
export function isQuote(character: string | undefined): boolean {
  return character === "'" || character === '"' || character === '`';
}

export function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\n' || character === '\t' || character === '\r';
}

function unclosed(text: string, at: number, what: string): Error {
  return problem({
    code: 'syntax',
    message: `${what} is not closed`,
    place: { kind: 'text', text, start: at, end: at + 1 },
  });
}

/** The offset behind the string that opens at `at`. A doubled quote is one inside the string. */
export function skipString(text: string, at: number): number {
  const quote = text[at]!;
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] !== quote) continue;
    if (text[i + 1] !== quote) return i + 1;
    i++;
  }
  throw unclosed(text, at, `the ${quote} here`);
}

/** The offset behind the bracket that opens at `at`. Other brackets and strings inside are wholes. */
function skipBracket(text: string, at: number): number {
  const open: number[] = [at];
  let i = at + 1;
  while (i < text.length) {
    const character = text[i]!;
    if (isQuote(character)) {
      i = skipString(text, i);
      continue;
    }
    if (closing[character] !== undefined) open.push(i);
    else if (character === closing[text[open.at(-1)!]!]) open.pop();
    i++;
    if (open.length === 0) return i;
  }
  const last = open.at(-1)!;
  throw unclosed(text, last, `the ${text[last]} here`);
}

/** The offset behind the string, bracket or single character at `at`. */
export function skipWhole(text: string, at: number): number {
  const character = text[at]!;
  if (isQuote(character)) return skipString(text, at);
  return closing[character] === undefined ? at + 1 : skipBracket(text, at);
}

/**
 * The text with comments and a #! line turned into spaces, of the same length. A comment runs from a # at
 * the start of a word to the end of the line, outside strings.
 */
export function blankComments(text: string): string {
  let blanked = '';
  let i = 0;
  while (i < text.length) {
    const startsWord = i === 0 || isSpace(text[i - 1]);
    let next = i + 1;
    if (text[i] === '#' && startsWord) {
      const newline = text.indexOf('\n', i);
      next = newline < 0 ? text.length : newline;
      blanked += ' '.repeat(next - i);
    } else {
      if (isQuote(text[i])) next = skipString(text, i);
      blanked += text.slice(i, next);
    }
    i = next;
  }
  return blanked;
}
