/**
 * Regular expressions as Java spells them, in JavaScript's: flags at the start, classes such as `\p{Digit}`, `\h`, the
 * anchors `\A`, `\z` and `\Z`, and `\Q...\E`. What JavaScript has no word for (possessive quantifiers, atomic
 * groups) is refused; a pattern never means silently something else.
 */
import { valueError } from '../value-error.js';

/** What a class of Java's holds, to stand between brackets. */
const classes: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  ASCII: String.raw`\x00-\x7F`,
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Punct: String.raw`!-\/:-@\[-\x60\{-~`,
  Graph: '!-~',
  Print: ' -~',
  Blank: String.raw` \t`,
  Cntrl: String.raw`\x00-\x1F\x7F`,
  XDigit: '0-9a-fA-F',
  Space: String.raw` \t\n\x0B\f\r`,
  IsAlphabetic: String.raw`\p{Alphabetic}`,
  IsDigit: String.raw`\p{Nd}`,
  IsLetter: String.raw`\p{L}`,
  IsLowercase: String.raw`\p{Lowercase}`,
  IsUppercase: String.raw`\p{Uppercase}`,
  IsPunctuation: String.raw`\p{P}`,
  IsWhite_Space: String.raw`\p{White_Space}`,
  javaLowerCase: String.raw`\p{Lowercase}`,
  javaUpperCase: String.raw`\p{Uppercase}`,
};

const blanks = String.raw` \t\xA0\u1680\u180E\u2000-\u200A\u202F\u205F\u3000`;

const letterClasses: Readonly<Record<string, readonly [inside: string, negated: boolean]>> = {
  h: [blanks, false],
  H: [blanks, true],
};

const anchors: Readonly<Record<string, string>> = {
  A: '(?<![^])',
  z: '(?![^])',
  Z: String.raw`(?=\n?(?![^]))`,
};

function classText(inside: string, negated: boolean, inBrackets: boolean, written: string): string {
  if (!inBrackets) return `[${negated ? '^' : ''}${inside}]`;
  if (negated) throw valueError(`not a regular expression: ${written} cannot stand in brackets`);
  return inside;
}

/** Between \Q and \E everything stands for itself. */
function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

const part = /\\Q(.*?)(?:\\E|$)|\\([pP])\{(\w+)\}|\\(.)|(\[)|(\])/gs;

function javaScriptSource(pattern: string): string {
  let brackets = 0;
  return pattern.replace(part, (whole, literal, sign, name, letter, opens, closes) => {
    if (literal !== undefined) return quoted(literal as string);
    if (opens !== undefined) brackets++;
    if (closes !== undefined && brackets > 0) brackets--;
    if (name !== undefined && Object.hasOwn(classes, name as string)) {
      return classText(classes[name as string]!, sign === 'P', brackets > 0, whole as string);
    }
    if (letter !== undefined && Object.hasOwn(letterClasses, letter as string)) {
      const [inside, negated] = letterClasses[letter as string]!;
      return classText(inside, negated, brackets > 0, whole as string);
    }
    if (letter !== undefined && brackets === 0 && Object.hasOwn(anchors, letter as string)) {
      return anchors[letter as string]!;
    }
    return whole as string;
  });
}

const flagsAtStart = /^\(\?([a-zA-Z]+)\)/;

function flagsOf(pattern: string): { readonly source: string; readonly flags: string } {
  const inline = flagsAtStart.exec(pattern);
  if (inline === null) return { source: pattern, flags: 'g' };
  const flags = new Set('g');
  for (const flag of inline[1]!) {
    // Java's u and U make case and classes those of Unicode, which they are here.
    if (flag === 'i' || flag === 'm' || flag === 's') flags.add(flag);
    else if (flag !== 'u' && flag !== 'U') throw valueError(`not a regular expression: unknown flag ${flag}`);
  }
  return { source: pattern.slice(inline[0].length), flags: [...flags].join('') };
}

/** Whether a letter is escaped that means nothing to JavaScript: it would stand for itself without the u flag. */
function hasUnknownEscape(source: string): boolean {
  return source.replace(/\\(?:[^a-zA-Z]|[dDwWsSbBnrtvfcxuk])/g, '').includes('\\');
}

/** Compiles a pattern to search with from the start. A wrong one is a value error. */
export function compilePattern(pattern: string): RegExp {
  const { source: java, flags } = flagsOf(pattern);
  const source = javaScriptSource(java);
  try {
    return new RegExp(source, `${flags}u`);
  } catch (error) {
    // With the u flag JavaScript refuses escapes such as \- that Java takes.
    try {
      if (!hasUnknownEscape(source)) return new RegExp(source, flags);
    } catch {
      // The reason of the stricter reading is said.
    }
    const reason = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : '';
    throw valueError(`not a regular expression: ${reason}`);
  }
}
