/**
 * Functions on texts. Positions count characters from 1, as in SQL. The family is spread over the
 * string-*.ts files.
 */

import { textOf } from './argument.js';
import { characterCount, characters } from './characters.js';
import type { FunctionDefinition } from './definition.js';
import { stringCodeFunctions } from './string-code.js';
import { stringPartFunctions } from './string-part.js';
import { stringSearchFunctions } from './string-search.js';

const plainFunctions: readonly FunctionDefinition[] = [
  {
    name: 'UPPER',
    family: 'string',
    usage: 'UPPER(text)',
    summary: 'The text in capitals.',
    example: ["UPPER('leat')", '"LEAT"'],
    parameters: ['text'],
    returns: 'text',
    evaluate: ([text]) => textOf(text).toUpperCase(),
  },
  {
    name: 'LOWER',
    family: 'string',
    usage: 'LOWER(text)',
    summary: 'The text in small letters.',
    example: ["LOWER('LEAT')", '"leat"'],
    parameters: ['text'],
    returns: 'text',
    evaluate: ([text]) => textOf(text).toLowerCase(),
  },
  {
    name: 'CHAR_LENGTH',
    aliases: ['LENGTH', 'CHARACTER_LENGTH'],
    family: 'string',
    usage: 'CHAR_LENGTH(text)',
    summary: 'How many characters the text has.',
    example: ["CHAR_LENGTH('å😀')", '2'],
    parameters: ['text'],
    returns: 'number',
    evaluate: ([text]) => characterCount(textOf(text)),
  },
  {
    name: 'CONCAT',
    family: 'string',
    usage: 'CONCAT(text, ...)',
    summary: 'The texts behind each other; NULL if one of them is.',
    example: ["CONCAT('a', 'b', 'c')", '"abc"'],
    parameters: ['text'],
    variadic: true,
    returns: 'text',
    evaluate: (texts) => texts.map(textOf).join(''),
  },
  {
    name: 'CONCAT_WS',
    family: 'string',
    usage: 'CONCAT_WS(separator, text, ...)',
    summary: 'The texts with a separator between them; those that are NULL are left out.',
    example: ["CONCAT_WS('-', 'a', NULL, 'b')", '"a-b"'],
    parameters: ['text', 'text'],
    required: 1,
    variadic: true,
    returns: 'text',
    acceptsNull: true,
    evaluate: ([separator, ...texts]) => {
      if (separator === null || separator === undefined) return null;
      const given = texts.filter((text) => text !== null);
      return given.map(textOf).join(textOf(separator));
    },
  },
  {
    name: 'INITCAP',
    family: 'string',
    usage: 'INITCAP(text)',
    summary: 'The first letter of each word in capitals, the others small.',
    example: ["INITCAP('hello wORLD')", '"Hello World"'],
    parameters: ['text'],
    returns: 'text',
    evaluate: ([text]) =>
      textOf(text).replace(/[\p{L}\p{N}]+/gu, (word) => {
        const [first = '', ...rest] = characters(word);
        return first.toUpperCase() + rest.join('').toLowerCase();
      }),
  },
  {
    name: 'REVERSE',
    family: 'string',
    usage: 'REVERSE(text)',
    summary: 'The characters in reverse order.',
    example: ["REVERSE('leat')", '"tael"'],
    parameters: ['text'],
    returns: 'text',
    evaluate: ([text]) => [...characters(textOf(text))].reverse().join(''),
  },
];

/** All functions on texts. */
export const stringFunctions: readonly FunctionDefinition[] = [
  ...plainFunctions,
  ...stringPartFunctions,
  ...stringSearchFunctions,
  ...stringCodeFunctions,
];
