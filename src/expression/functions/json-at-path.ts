/**
 * What lies at a path of some JSON, given as a nested value or as a text. What is not there, or not of the kind asked
 * for, is empty in lax mode and an error in strict mode; both are NULL (FALSE for JSON_EXISTS) unless ON EMPTY and ON
 * ERROR say otherwise, as in Flink. A text that is not JSON is an error in both.
 */
import type { Value } from '../value.js';
import { valueError } from '../value-error.js';
import { makeNested, readJson } from '../value-nested.js';
import { spellValue, toText } from '../value-text.js';
import { textOf } from './argument.js';
import type { FunctionDefinition } from './definition.js';
import { followPath } from './json-path.js';
import { elementsOf, isJson, membersOf } from './json-slice.js';

/** What a look at a path gives: JSON text, or why there is none. */
type Outcome = { readonly text: string } | 'empty' | 'error';

/** The JSON text of an argument: a nested value's own, or a text that is JSON; else undefined. */
function jsonOf(value: Value | undefined): string | undefined {
  if (typeof value === 'object' && value !== null && value.type === 'nested') return value.text;
  if (typeof value !== 'string') return value === null || value === undefined ? undefined : spellValue(value);
  return isJson(value) ? value : undefined;
}

function isScalar(text: string): boolean {
  return !/^[{[]/.test(text);
}

/** What is at the path, if it is of the kind that is wanted. */
function lookAt(
  json: Value | undefined,
  path: Value | undefined,
  wanted: (text: string) => boolean,
): Outcome {
  const whole = jsonOf(json);
  if (whole === undefined) return 'error';
  const { text, strict } = followPath(whole, textOf(path));
  if (text === 'null') return 'empty';
  if (text === undefined || !wanted(text)) return strict ? 'error' : 'empty';
  return { text };
}

function failed(name: string, outcome: 'empty' | 'error'): never {
  throw valueError(`${name} found ${outcome === 'empty' ? 'nothing' : 'an error'} at the path`);
}

function jsonValue(values: readonly Value[]): Value {
  const [json, path, onEmpty = 'NULL', emptyDefault = null, onError = 'NULL', errorDefault = null] = values;
  if (json === null || path === null) return null;
  const outcome = lookAt(json, path, isScalar);
  if (typeof outcome !== 'string') {
    // JSON's own spelling: true, not TRUE; 1.0, not 1.
    const value = readJson(outcome.text);
    return typeof value === 'string' ? value : outcome.text;
  }
  const behaviour = outcome === 'empty' ? onEmpty : onError;
  if (behaviour === 'ERROR') return failed('JSON_VALUE', outcome);
  const value = outcome === 'empty' ? emptyDefault : errorDefault;
  if (behaviour !== 'DEFAULT' || value === null) return null;
  return typeof value === 'boolean' ? String(value) : toText(value);
}

function jsonQuery(values: readonly Value[]): Value {
  const [json, path, wrapper = 'WITHOUT', onEmpty = 'NULL', onError = 'NULL'] = values;
  if (json === null || path === null) return null;
  const outcome = lookAt(json, path, (text) => wrapper !== 'WITHOUT' || !isScalar(text));
  if (typeof outcome !== 'string') {
    const { text } = outcome;
    const wraps = wrapper === 'UNCONDITIONAL' || (wrapper === 'CONDITIONAL' && !text.startsWith('['));
    return makeNested(wraps ? `[${text}]` : text);
  }
  const behaviour = outcome === 'empty' ? onEmpty : onError;
  if (behaviour === 'ERROR') return failed('JSON_QUERY', outcome);
  if (behaviour === 'NULL') return null;
  return makeNested(behaviour === 'EMPTY ARRAY' ? '[]' : '{}');
}

function jsonExists([json, path, onError = 'FALSE']: readonly Value[]): Value {
  if (json === null || path === null) return null;
  const whole = jsonOf(json);
  const find = whole === undefined ? undefined : followPath(whole, textOf(path));
  if (find?.text !== undefined) return find.text !== '[]' || find.wild === false;
  if (find?.strict === false) return false;
  if (onError === 'ERROR') return failed('JSON_EXISTS', 'error');
  return onError === 'UNKNOWN' ? null : onError === 'TRUE';
}

function jsonLength([json, path]: readonly Value[]): Value {
  const outcome = lookAt(json, path ?? '$', () => true);
  if (outcome === 'error') return null;
  const text = outcome === 'empty' ? 'null' : outcome.text;
  return elementsOf(text)?.length ?? membersOf(text)?.size ?? 1;
}

/** All functions that follow a path. */
export const pathFunctions: readonly FunctionDefinition[] = [
  {
    name: 'JSON_VALUE',
    family: 'json',
    usage: 'JSON_VALUE(json, path [RETURNING type] [behaviour ON EMPTY] [behaviour ON ERROR])',
    summary:
      'The text, number or boolean at a path, as a text or of the type; a behaviour is NULL, ERROR or DEFAULT value.',
    example: ['JSON_VALUE(\'{"a": {"b": [1, 2.50]}}\', \'$.a.b[1]\')', '"2.50"'],
    parameters: ['any', 'text', 'text', 'any', 'text', 'any'],
    required: 2,
    acceptsNull: true,
    returns: 'text',
    evaluate: jsonValue,
  },
  {
    name: 'JSON_QUERY',
    family: 'json',
    usage: 'JSON_QUERY(json, path [wrapper] [behaviour ON EMPTY] [behaviour ON ERROR])',
    summary:
      'The object or array at a path; WITH [CONDITIONAL] WRAPPER puts anything into an array; a behaviour is NULL, ERROR, EMPTY ARRAY or EMPTY OBJECT.',
    example: ['JSON_QUERY(\'{"a": {"b": [1, 2]}}\', \'$.a\')', '{"b": [1, 2]}'],
    parameters: ['any', 'text', 'text', 'text', 'text'],
    required: 2,
    acceptsNull: true,
    returns: 'nested',
    evaluate: jsonQuery,
  },
  {
    name: 'JSON_EXISTS',
    family: 'json',
    usage: 'JSON_EXISTS(json, path [behaviour ON ERROR])',
    summary: 'Whether there is anything at a path, be it null; a behaviour is TRUE, FALSE, UNKNOWN or ERROR.',
    example: ["JSON_EXISTS('{\"a\": null}', '$.a')", 'true'],
    parameters: ['any', 'text', 'text'],
    required: 2,
    acceptsNull: true,
    returns: 'boolean',
    evaluate: jsonExists,
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
    evaluate: jsonLength,
  },
];
