/** Functions that cut texts, pad and trim them. */

import { valueError } from '../value-error.js';
import { textOf, wholeOf } from './argument.js';
import { characterCount, characterSlice, characters } from './characters.js';
import type { FunctionDefinition } from './definition.js';

/** Longest text a function makes by repeating: what would not fit in a record anyway. */
const mostCharacters = 16 * 1024 * 1024;

/**
 * Flink's rule: start 0 is start 1, a negative one counts from the end; before the text there is nothing.
 */
function substring(text: string, start: number, length: number): string | null {
  if (length < 0) return null;
  let from = start > 0 ? start - 1 : start;
  if (start < 0) {
    from = characterCount(text) + start;
    if (from < 0) return '';
  }
  return characterSlice(text, from, from + length);
}

function padded(text: string, length: number, pad: string, side: 'left' | 'right'): string | null {
  if (length < 0 || pad === '') return null;
  if (length > mostCharacters) throw valueError(`a text of ${length} characters is too long`);
  const have = characterCount(text);
  if (have >= length) return characterSlice(text, 0, length);
  const missing = length - have;
  const padding = characterSlice(pad.repeat(Math.ceil(missing / characterCount(pad))), 0, missing);
  return side === 'left' ? padding + text : text + padding;
}

/** Strips the characters of a set from the sides of a text. */
export function trimmed(text: string, set: string, left: boolean, right: boolean): string {
  const all = characters(text);
  const strip = new Set(characters(set));
  let from = 0;
  let to = all.length;
  if (left) while (from < to && strip.has(all[from]!)) from++;
  if (right) while (to > from && strip.has(all[to - 1]!)) to--;
  return from === 0 && to === all.length ? text : all.slice(from, to).join('');
}

function trimming(
  name: string,
  aliases: readonly string[],
  summary: string,
  example: readonly [string, string],
  left: boolean,
  right: boolean,
): FunctionDefinition {
  return {
    name,
    aliases,
    family: 'string',
    usage: `${name}(text [, characters])`,
    summary,
    example,
    parameters: ['text', 'text'],
    required: 1,
    returns: 'text',
    evaluate: ([text, set]) => trimmed(textOf(text), set === undefined ? ' ' : textOf(set), left, right),
  };
}

/** Functions that take a part of a text or bring it to a length. */
export const stringPartFunctions: readonly FunctionDefinition[] = [
  {
    name: 'SUBSTRING',
    aliases: ['SUBSTR'],
    family: 'string',
    usage: 'SUBSTRING(text, start [, length])',
    summary: 'The part from a position on, 1 being the first character and -1 the last.',
    example: ["SUBSTRING('stream', 2, 4)", '"trea"'],
    parameters: ['text', 'number', 'number'],
    required: 2,
    returns: 'text',
    evaluate: ([text, start, length]) =>
      substring(textOf(text), wholeOf(start), length === undefined ? mostCharacters : wholeOf(length)),
  },
  {
    name: 'LEFT',
    family: 'string',
    usage: 'LEFT(text, length)',
    summary: 'The first characters; an empty text for a negative length.',
    example: ["LEFT('stream', 3)", '"str"'],
    parameters: ['text', 'number'],
    returns: 'text',
    evaluate: ([text, length]) => characterSlice(textOf(text), 0, Math.max(0, wholeOf(length))),
  },
  {
    name: 'RIGHT',
    family: 'string',
    usage: 'RIGHT(text, length)',
    summary: 'The last characters; an empty text for a negative length.',
    example: ["RIGHT('stream', 3)", '"eam"'],
    parameters: ['text', 'number'],
    returns: 'text',
    evaluate: ([text, length]) => {
      const from = characterCount(textOf(text)) - Math.max(0, wholeOf(length));
      return characterSlice(textOf(text), Math.max(0, from));
    },
  },
  trimming(
    'TRIM',
    ['BTRIM'],
    'The text without blanks, or the given characters, on both sides.',
    ["TRIM('  a b ')", '"a b"'],
    true,
    true,
  ),
  trimming(
    'LTRIM',
    [],
    'The text without blanks, or the given characters, on its left.',
    ["LTRIM('xxab', 'x')", '"ab"'],
    true,
    false,
  ),
  trimming(
    'RTRIM',
    [],
    'The text without blanks, or the given characters, on its right.',
    ["RTRIM('ab  ')", '"ab"'],
    false,
    true,
  ),
  {
    name: 'LPAD',
    family: 'string',
    usage: 'LPAD(text, length, pad)',
    summary: 'The text brought to a length by a pad on its left, or by cutting its end.',
    example: ["LPAD('7', 3, '0')", '"007"'],
    parameters: ['text', 'number', 'text'],
    required: 2,
    returns: 'text',
    evaluate: ([text, length, pad]) =>
      padded(textOf(text), wholeOf(length), pad === undefined ? ' ' : textOf(pad), 'left'),
  },
  {
    name: 'RPAD',
    family: 'string',
    usage: 'RPAD(text, length, pad)',
    summary: 'The text brought to a length by a pad on its right, or by cutting its end.',
    example: ["RPAD('hi', 5, '?!')", '"hi?!?"'],
    parameters: ['text', 'number', 'text'],
    required: 2,
    returns: 'text',
    evaluate: ([text, length, pad]) =>
      padded(textOf(text), wholeOf(length), pad === undefined ? ' ' : textOf(pad), 'right'),
  },
  {
    name: 'REPEAT',
    family: 'string',
    usage: 'REPEAT(text, times)',
    summary: 'The text several times over.',
    example: ["REPEAT('ab', 3)", '"ababab"'],
    parameters: ['text', 'number'],
    returns: 'text',
    evaluate: ([text, times]) => {
      const count = Math.max(0, wholeOf(times));
      const length = textOf(text).length * count;
      if (length > mostCharacters) throw valueError(`a text of ${length} characters is too long`);
      return textOf(text).repeat(count);
    },
  },
  {
    name: 'OVERLAY',
    family: 'string',
    usage: 'OVERLAY(text, replacement, start [, length])',
    summary:
      'The text with as many characters from `start` on, by default those of the replacement, replaced.',
    example: ["OVERLAY('xxxxxtest', 'xxxx', 6, 2)", '"xxxxxxxxxst"'],
    parameters: ['text', 'text', 'number', 'number'],
    required: 3,
    returns: 'text',
    evaluate: ([textValue, replacementValue, startValue, lengthValue]) => {
      const text = textOf(textValue);
      const replacement = textOf(replacementValue);
      const start = wholeOf(startValue);
      if (start <= 0 || start > characterCount(text)) return text;
      const length = lengthValue === undefined ? characterCount(replacement) : wholeOf(lengthValue);
      const rest = length < 0 ? '' : characterSlice(text, start - 1 + length);
      return characterSlice(text, 0, start - 1) + replacement + rest;
    },
  },
];
