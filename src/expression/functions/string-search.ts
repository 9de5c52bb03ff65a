/** Functions that look for texts in texts, replace them and split by them. */
import { makeNested } from '../value-nested.js';
import { textOf, wholeOf } from './argument.js';
import { characters, positionOf } from './characters.js';
import type { FunctionDefinition } from './definition.js';

/**
 * 1-based position of the `nth` occurrence from a position on, 0 if there is none; a negative start looks
 * backwards.
 */
function locate(text: string, wanted: string, start: number, nth: number): number {
  if (start === 0 || nth < 1) return 0;
  let index: number;
  if (start > 0) {
    const skip = characters(text)
      .slice(0, start - 1)
      .join('').length;
    index = text.indexOf(wanted, skip);
    for (let n = 1; n < nth && index >= 0; n++) index = text.indexOf(wanted, index + 1);
    // An empty text is found at the end, but not beyond it.
    if (start > positionOf(text, text.length)) index = -1;
  } else {
    const all = characters(text);
    index = text.lastIndexOf(wanted, all.slice(0, Math.max(0, all.length + start)).join('').length);
    if (all.length + start < 0) index = -1;
    for (let n = 1; n < nth && index >= 0; n++)
      index = index === 0 ? -1 : text.lastIndexOf(wanted, index - 1);
  }
  return index < 0 ? 0 : positionOf(text, index);
}

/**
 * Replaces each character that stands in `from` by its counterpart in `to`, or drops it if there is none.
 */
function translated(text: string, from: string, to: string): string {
  const targets = characters(to);
  const table = new Map<string, string>();
  characters(from).forEach((character, index) => {
    if (!table.has(character)) table.set(character, targets[index] ?? '');
  });
  return characters(text)
    .map((character) => table.get(character) ?? character)
    .join('');
}

function testing(
  name: string,
  summary: string,
  example: readonly [string, string],
  test: (text: string, part: string) => boolean,
): FunctionDefinition {
  return {
    name,
    family: 'string',
    usage: `${name}(text, part)`,
    summary,
    example,
    parameters: ['text', 'text'],
    returns: 'boolean',
    evaluate: ([text, part]) => test(textOf(text), textOf(part)),
  };
}

/** Functions that search texts. */
export const stringSearchFunctions: readonly FunctionDefinition[] = [
  testing(
    'STARTSWITH',
    'Whether the text begins with a part.',
    ["STARTSWITH('stream', 'st')", 'true'],
    (text, part) => text.startsWith(part),
  ),
  testing(
    'ENDSWITH',
    'Whether the text ends with a part.',
    ["ENDSWITH('stream', 'am')", 'true'],
    (text, part) => text.endsWith(part),
  ),
  testing('CONTAINS', 'Whether the text has a part.', ["CONTAINS('stream', 'rea')", 'true'], (text, part) =>
    text.includes(part),
  ),
  {
    name: 'LOCATE',
    aliases: ['POSITION'],
    family: 'string',
    usage: 'LOCATE(part, text [, start])',
    summary: 'The position of a part in a text, from `start` on; 0 if it is not there.',
    example: ["LOCATE('b', 'abcb', 3)", '4'],
    parameters: ['text', 'text', 'number'],
    required: 2,
    returns: 'number',
    evaluate: ([part, text, start]) =>
      locate(textOf(text), textOf(part), start === undefined ? 1 : Math.max(0, wholeOf(start)), 1),
  },
  {
    name: 'INSTR',
    family: 'string',
    usage: 'INSTR(text, part [, start [, nth]])',
    summary: 'The position of the nth occurrence of a part, backwards from a negative start; 0 without one.',
    example: ["INSTR('banana', 'an', 1, 2)", '4'],
    parameters: ['text', 'text', 'number', 'number'],
    required: 2,
    returns: 'number',
    evaluate: ([text, part, start, nth]) =>
      locate(
        textOf(text),
        textOf(part),
        start === undefined ? 1 : wholeOf(start),
        nth === undefined ? 1 : wholeOf(nth),
      ),
  },
  {
    name: 'REPLACE',
    family: 'string',
    usage: 'REPLACE(text, part, replacement)',
    summary: 'The text with every occurrence of a part replaced.',
    example: ["REPLACE('ababab', 'abab', 'z')", '"zab"'],
    parameters: ['text', 'text', 'text'],
    returns: 'text',
    evaluate: ([text, part, replacement]) => {
      if (part === '') return textOf(text);
      return textOf(text).replaceAll(textOf(part), () => textOf(replacement));
    },
  },
  {
    name: 'TRANSLATE',
    family: 'string',
    usage: 'TRANSLATE(text, from, to)',
    summary: 'The text with each character of `from` replaced by the one at its place in `to`, or left out.',
    example: ["TRANSLATE('a-b_c', '-_', '+')", '"a+bc"'],
    parameters: ['text', 'text', 'text'],
    returns: 'text',
    evaluate: ([text, from, to]) => translated(textOf(text), textOf(from), textOf(to)),
  },
  {
    name: 'SPLIT_INDEX',
    family: 'string',
    usage: 'SPLIT_INDEX(text, separator, index)',
    summary: 'One of the parts between separators, the first being 0; NULL if there are not as many.',
    example: ["SPLIT_INDEX('a,b,c', ',', 1)", '"b"'],
    parameters: ['text', 'text', 'number'],
    returns: 'text',
    evaluate: ([text, separator, index]) => {
      if (text === '' || separator === '') return null;
      return textOf(text).split(textOf(separator))[wholeOf(index)] ?? null;
    },
  },
  {
    name: 'SPLIT',
    family: 'string',
    usage: 'SPLIT(text, separator)',
    summary: 'The parts between separators as an array; the characters if the separator is empty.',
    example: ["SPLIT('a,b', ',')", '["a","b"]'],
    parameters: ['text', 'text'],
    returns: 'nested',
    evaluate: ([text, separator]) => {
      const parts = separator === '' ? characters(textOf(text)) : textOf(text).split(textOf(separator));
      return makeNested(JSON.stringify(parts));
    },
  },
  {
    name: 'ELT',
    family: 'string',
    usage: 'ELT(index, text, ...)',
    summary: 'The text at an index, the first being 1; NULL if there is none.',
    example: ["ELT(2, 'a', 'b', 'c')", '"b"'],
    parameters: ['number', 'text'],
    variadic: true,
    returns: 'text',
    acceptsNull: true,
    evaluate: ([index, ...texts]) =>
      index === null || index === undefined ? null : (texts[wholeOf(index) - 1] ?? null),
  },
];
