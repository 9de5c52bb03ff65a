/**
 * Functions on JSON: what is made of values, and tests. Those that follow paths stand in json-at-path.ts.
 */
import type { Value } from '../value.js';
import { valueError } from '../value-error.js';
import { makeNested, readJson } from '../value-nested.js';
import { spellValue, toText } from '../value-text.js';
import { textOf } from './argument.js';
import { arrayFunctions } from './array.js';
import type { FunctionDefinition } from './definition.js';
import { pathFunctions } from './json-at-path.js';
import { isJson } from './json-slice.js';

function jsonObject(values: readonly Value[], keepsNull: boolean): Value {
  if (values.length % 2 !== 0) throw valueError('JSON_OBJECT takes names and values in turn');
  const members: string[] = [];
  for (let at = 0; at < values.length; at += 2) {
    const name = values[at] ?? null;
    const value = values[at + 1] ?? null;
    if (name === null) throw valueError('a name of JSON_OBJECT is NULL');
    if (value !== null || keepsNull) members.push(`${JSON.stringify(toText(name))}:${spellValue(value)}`);
  }
  return makeNested(`{${members.join(',')}}`);
}

function isKind(value: Value | undefined, kind: string): boolean {
  const text = typeof value === 'string' ? value.trim() : spellValue(value ?? null);
  if (typeof value === 'string' && !isJson(value)) return false;
  if (kind === 'OBJECT') return text.startsWith('{');
  if (kind === 'ARRAY') return text.startsWith('[');
  return kind !== 'SCALAR' || !/^[{[]/.test(text);
}

/** The text that a JSON string spells; anything else as it is. */
function unquoted(text: string): string {
  const value = text.startsWith('"') && isJson(text) ? readJson(text) : text;
  return typeof value === 'string' ? value : text;
}

const makingFunctions: readonly FunctionDefinition[] = [
  {
    name: 'JSON_STRING',
    family: 'json',
    usage: 'JSON_STRING(value)',
    summary: 'Any value as a JSON text.',
    example: ["JSON_STRING('a\"b')", '"\\"a\\\\\\"b\\""'],
    parameters: ['any'],
    returns: 'text',
    evaluate: ([value]) => spellValue(value ?? null),
  },
  {
    name: 'JSON_OBJECT',
    family: 'json',
    usage: 'JSON_OBJECT([KEY] name VALUE value, ... [ABSENT ON NULL])',
    summary: 'An object of names and values; also written JSON_OBJECT(name, value, ...).',
    example: ["JSON_OBJECT('a' VALUE 1, 'b' VALUE NULL)", '{"a":1,"b":null}'],
    parameters: ['any'],
    required: 0,
    variadic: true,
    returns: 'nested',
    acceptsNull: true,
    evaluate: (values) => jsonObject(values, true),
  },
  {
    name: 'JSON_OBJECT_ABSENT',
    family: 'json',
    usage: 'JSON_OBJECT_ABSENT(name, value, ...)',
    summary: 'What JSON_OBJECT(... ABSENT ON NULL) is: values that are NULL are left out.',
    example: ["JSON_OBJECT_ABSENT('a', 1, 'b', NULL)", '{"a":1}'],
    parameters: ['any'],
    required: 0,
    variadic: true,
    returns: 'nested',
    acceptsNull: true,
    evaluate: (values) => jsonObject(values, false),
  },
  {
    name: 'JSON_ARRAY',
    family: 'json',
    usage: 'JSON_ARRAY(value, ... [NULL ON NULL])',
    summary: 'An array of values; those that are NULL are left out unless NULL ON NULL is said.',
    example: ["JSON_ARRAY(1, 'a', NULL)", '[1,"a"]'],
    parameters: ['any'],
    required: 0,
    variadic: true,
    returns: 'nested',
    acceptsNull: true,
    evaluate: (values) =>
      makeNested(
        `[${values
          .filter((value) => value !== null)
          .map(spellValue)
          .join(',')}]`,
      ),
  },
  {
    name: 'JSON_ARRAY_NULL',
    family: 'json',
    usage: 'JSON_ARRAY_NULL(value, ...)',
    summary: 'What JSON_ARRAY(... NULL ON NULL) is: an array of all values.',
    example: ["JSON_ARRAY_NULL(1, 'a', NULL)", '[1,"a",null]'],
    parameters: ['any'],
    required: 0,
    variadic: true,
    returns: 'nested',
    acceptsNull: true,
    evaluate: (values) => makeNested(`[${values.map(spellValue).join(',')}]`),
  },
  {
    name: 'JSON_QUOTE',
    family: 'json',
    usage: 'JSON_QUOTE(text)',
    summary: 'The text as a JSON string, quotes and all.',
    example: ["JSON_QUOTE('a\tb')", '"\\"a\\tb\\""'],
    parameters: ['text'],
    returns: 'text',
    evaluate: ([text]) => JSON.stringify(textOf(text)),
  },
  {
    name: 'JSON_UNQUOTE',
    family: 'json',
    usage: 'JSON_UNQUOTE(text)',
    summary: 'The text that a JSON string spells; what is none comes back as it is.',
    example: ['JSON_UNQUOTE(\'"a"\')', '"a"'],
    parameters: ['text'],
    returns: 'text',
    evaluate: ([text]) => unquoted(textOf(text)),
  },
  {
    name: 'IS_JSON',
    family: 'json',
    usage: 'IS_JSON(text [, kind])',
    summary:
      'Whether a text is JSON, and of a kind: VALUE, SCALAR, ARRAY, OBJECT; also written text IS JSON kind.',
    example: ['IS_JSON(\'{"a": 1}\')', 'true'],
    parameters: ['any', 'text'],
    required: 1,
    returns: 'boolean',
    evaluate: ([value, kind]) => isKind(value, kind === undefined ? 'VALUE' : textOf(kind).toUpperCase()),
  },
];

/** All functions on JSON. */
export const jsonFunctions: readonly FunctionDefinition[] = [
  ...pathFunctions,
  ...makingFunctions,
  ...arrayFunctions,
];
