/** Functions between texts and the codes they are written in: base64, hexadecimal, character codes. */
import { valueError } from '../value-error.js';
import { describeValue } from '../value-text.js';
import { bigintOf, isDecimal, textOf, wholeOf } from './argument.js';
import type { FunctionDefinition } from './definition.js';

function hexadecimal(text: string): string {
  return Buffer.from(text, 'utf8').toString('hex').toUpperCase();
}

/** Functions that encode and decode texts. */
export const stringCodeFunctions: readonly FunctionDefinition[] = [
  {
    name: 'TO_BASE64',
    family: 'string',
    usage: 'TO_BASE64(text)',
    summary: 'The UTF-8 bytes of the text in base64.',
    example: ["TO_BASE64('hello world')", '"aGVsbG8gd29ybGQ="'],
    parameters: ['text'],
    returns: 'text',
    evaluate: ([text]) => Buffer.from(textOf(text), 'utf8').toString('base64'),
  },
  {
    name: 'FROM_BASE64',
    family: 'string',
    usage: 'FROM_BASE64(text)',
    summary: 'The text whose UTF-8 bytes stand in base64.',
    example: ["FROM_BASE64('aGVsbG8gd29ybGQ=')", '"hello world"'],
    parameters: ['text'],
    returns: 'text',
    evaluate: ([text]) => {
      const base64 = textOf(text);
      if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(base64))
        throw valueError(`${describeValue(base64)} is not base64`);
      return Buffer.from(base64, 'base64').toString('utf8');
    },
  },
  {
    name: 'HEX',
    family: 'string',
    usage: 'HEX(integer or text)',
    summary: 'An integer, or the UTF-8 bytes of a text, in hexadecimal digits.',
    example: ['HEX(255)', '"FF"'],
    parameters: ['any'],
    returns: 'text',
    evaluate: ([value]) => {
      if (
        typeof value === 'number' ||
        typeof value === 'bigint' ||
        (value !== undefined && isDecimal(value))
      ) {
        return BigInt.asUintN(64, bigintOf(value)).toString(16).toUpperCase();
      }
      return hexadecimal(textOf(value));
    },
  },
  {
    name: 'UNHEX',
    family: 'string',
    usage: 'UNHEX(text)',
    summary: 'The text whose UTF-8 bytes the hexadecimal digits say; NULL if they are none.',
    example: ["UNHEX('6C656174')", '"leat"'],
    parameters: ['text'],
    returns: 'text',
    evaluate: ([text]) => {
      const digits = textOf(text);
      if (!/^[0-9A-Fa-f]*$/.test(digits)) return null;
      return Buffer.from(digits.length % 2 === 1 ? `0${digits}` : digits, 'hex').toString('utf8');
    },
  },
  {
    name: 'ASCII',
    family: 'string',
    usage: 'ASCII(text)',
    summary: 'The code of the first character; 0 for an empty text.',
    example: ["ASCII('a')", '97'],
    parameters: ['text'],
    returns: 'number',
    evaluate: ([text]) => textOf(text).codePointAt(0) ?? 0,
  },
  {
    name: 'CHR',
    family: 'string',
    usage: 'CHR(code)',
    summary: 'The character of a code from 0 to 255, taken modulo 256; an empty text for negative ones.',
    example: ['CHR(97)', '"a"'],
    parameters: ['number'],
    returns: 'text',
    evaluate: ([code]) => {
      const number = wholeOf(code);
      return number < 0 ? '' : String.fromCharCode(number % 256);
    },
  },
];
