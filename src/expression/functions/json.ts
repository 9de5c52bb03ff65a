/**
 * Functions on JSON: paths into objects and arrays, given as nested values or as texts, and what is made of
 * them. A text that is not JSON has nothing in it: JSON_VALUE and JSON_QUERY are NULL, JSON_EXISTS is FALSE,
 * as in Flink by default.
 */
import type { Value } from '../value.js';
import { valueError } from '../value-error.js';
import { makeNested, readJson } from '../value-nested.js';
import { spellValue, toText } from '../value-text.js';
import { textOf } from './argument.js';
import { arrayFunctions } from './array.js';
import type { FunctionDefinition } from './definition.js';
import { followPath } from './json-path.js';
import { elementsOf, isJson, membersOf } from './json-slice.js';

/** The JSON text of an argument: a nested value's own, or a text that is JSON; else undefined. */
function jsonOf(value: Value | undefined): string | undefined {
  if (typeof value === 'object' && value !== null && value.type === 'nested') return value.text;
  if (typeof value !== 'string') return value === null || value === undefined ? undefined : spellValue(value);
  return isJson(value) ? value : undefined;
}

function found(json: Value | undefined, path: Value | undefined): readonly string[] {
  const text = jsonOf(json);
  return text === undefined ? [] : followPath(text, path === undefined ? '$' : textOf(path));
}

/** The one thing a path leads to, or undefined for none or several. */
function single(json: Value | undefined, path: Value | undefined): string | undefined {
  const all = found(json, path);
  return all.length === 1 ? all[0] : undefined;
}

function jsonValue([json, path]: readonly Value[]): string | null {
  const text = single(json, path);
  if (text === undefined || text.startsWith('{') || text.startsWith('[')) return null;
  const value = readJson(text);
  if (value === null) return null;
  // JSON's own spelling: true, not TRUE; 1.0, not 1.
  return typeof value === 'string' ? value : text;
}

function jsonObject(values: readonly Value[]): Value {
  if (values.length % 2 !== 0) throw valueError('JSON_OBJECT takes names and values in turn');
  const members: string[] = [];
  for (let at = 0; at < values.length; at += 2) {
    const name = values[at] ?? null;
    if (name === null) throw valueError('a name of JSON_OBJECT is NULL');
    members.push(`${JSON.stringify(toText(name))}:${spellValue(values[at + 1] ?? null)}`);
  }
  return makeNested(`{${members.join(',')}}`);
}

const pathFunctions: readonly FunctionDefinition[] = [
  {
    name: 'JSON_VALUE',
    family: 'json',
    usage: 'JSON_VALUE(json, path)',
    summary: 'The text, number or boolean at a path, as a text; NULL for objects, arrays and nothing.',
    example: ['JSON_VALUE(\'{"a": {"b": [1, 2.50]}}\', \'$.a.b[1]\')', '"2.50"'],
    parameters: ['any', 'text'],
    returns: 'text',
    evaluate: jsonValue,
  },
  {
    name: 'JSON_QUERY',
    family: 'json',
    usage: 'JSON_QUERY(json, path)',
    summary: 'The object or array at a path; NULL for anything else.',
    example: ['JSON_QUERY(\'{"a": {"b": [1, 2]}}\', \'$.a\')', '{"b": [1, 2]}'],
    parameters: ['any', 'text'],
    returns: 'nested',
    evaluate: ([json, path]) => {
      const text = single(json, path);
      return text !== undefined && /^[{[]/.test(text) ? makeNested(text) : null;
    },
  },
  {
    name: 'JSON_EXISTS',
    family: 'json',
    usage: 'JSON_EXISTS(json, path)',
    summary: 'Whether there is anything at a path, be it null.',
    example: ["JSON_EXISTS('{\"a\": null}', '$.a')", 'true'],
    parameters: ['any', 'text'],
    returns: 'boolean',
    evaluate: ([json, path]) => found(json, path).length > 0,
  },
  {
    name: 'JSON_LENGTH',
    family: 'json',
    usage: 'JSON_LENGTH(json [, path])',
    summary: 'How many elements or members there are; 1 for anything else; NULL for nothing.',
    example: ["JSON_LENGTH('[1, 2, 3]')", '3'],
    parameters: ['any', 'text'],
    required: 1,
    returns: 'number',
    evaluate: ([json, path]) => {
      const text = single(json, path);
      if (text === undefined) return null;
      return elementsOf(text)?.length ?? membersOf(text)?.size ?? 1;
    },
  },
];

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
    usage: 'JSON_OBJECT(name, value, ...)',
    summary: 'An object of names and values in turn.',
    example: ["JSON_OBJECT('a', 1, 'b', NULL)", '{"a":1,"b":null}'],
    parameters: ['any'],
    required: 0,
    variadic: true,
    returns: 'nested',
    acceptsNull: true,
    evaluate: jsonObject,
  },
  {
    name: 'JSON_ARRAY',
    family: 'json',
    usage: 'JSON_ARRAY(value, ...)',
    summary: 'An array of values.',
    example: ["JSON_ARRAY(1, 'a', NULL)", '[1,"a",null]'],
    parameters: ['any'],
    required: 0,
    variadic: true,
    returns: 'nested',
    acceptsNull: true,
    evaluate: (values) => makeNested(`[${values.map(spellValue).join(',')}]`),
  },
  {
    name: 'IS_JSON',
    family: 'json',
    usage: 'IS_JSON(text)',
    summary: 'Whether a text is JSON.',
    example: ['IS_JSON(\'{"a": 1}\')', 'true'],
    parameters: ['any'],
    returns: 'boolean',
    evaluate: ([value]) => (typeof value === 'string' ? isJson(value) : true),
  },
];

/** All functions on JSON. */
export const jsonFunctions: readonly FunctionDefinition[] = [
  ...pathFunctions,
  ...makingFunctions,
  ...arrayFunctions,
];
