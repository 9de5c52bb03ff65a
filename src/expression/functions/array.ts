/**
 * Functions on JSON arrays and objects as Flink's are on its ARRAY and MAP types. An array may be given as a
 * nested value or as a text. Elements keep their spelling.
 */
import type { Nested, Value } from '../value.js';
import { compareValues } from '../value-compare.js';
import { isValueError, valueError } from '../value-error.js';
import { makeNested, readJson } from '../value-nested.js';
import { describeValue, spellValue } from '../value-text.js';
import { textOf, wholeOf } from './argument.js';
import type { FunctionDefinition } from './definition.js';
import { elementsOf, isJson, membersOf } from './json-slice.js';

function nestedText(value: Value | undefined): string {
  if (value !== undefined && isNested(value)) return value.text;
  return typeof value === 'string' && isJson(value) ? value : '';
}

function needElements(value: Value | undefined): readonly string[] {
  const elements = elementsOf(nestedText(value));
  if (elements === undefined) throw valueError(`${describeValue(value ?? null)} is not an array`);
  return elements;
}

function needMembers(value: Value | undefined): ReadonlyMap<string, string> {
  const members = membersOf(nestedText(value));
  if (members === undefined) throw valueError(`${describeValue(value ?? null)} is not an object`);
  return members;
}

function isNested(value: Value): value is Nested {
  return typeof value === 'object' && value !== null && value.type === 'nested';
}

/** JSON text without the blanks between its tokens. */
function compact(text: string): string {
  return text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1');
}

/**
 * Whether an element equals a value; those that cannot be compared do not. NULL equals NULL, as Flink's
 * arrays have it.
 */
function isSame(element: string, wanted: Value): boolean {
  const value = readJson(element);
  if (value === null || wanted === null) return value === wanted;
  if (isNested(value) && isNested(wanted)) return compact(value.text) === compact(wanted.text);
  try {
    return compareValues(value, wanted) === 0;
  } catch (error) {
    if (isValueError(error)) return false;
    throw error;
  }
}

function arrayOf(elements: Iterable<string>): Value {
  return makeNested(`[${[...elements].join(',')}]`);
}

function extreme(array: Value | undefined, sign: 1 | -1): Value {
  let best: Value = null;
  for (const element of needElements(array)) {
    const value = readJson(element);
    if (value !== null && (best === null || compareValues(value, best) * sign > 0)) best = value;
  }
  return best;
}

const elementFunctions: readonly FunctionDefinition[] = [
  {
    name: 'CARDINALITY',
    aliases: ['ARRAY_LENGTH'],
    family: 'json',
    usage: 'CARDINALITY(array or object)',
    summary: 'How many elements or members there are.',
    example: ["CARDINALITY('[1, 2, 3]')", '3'],
    parameters: ['any'],
    returns: 'number',
    evaluate: ([value]) => elementsOf(nestedText(value))?.length ?? needMembers(value).size,
  },
  {
    name: 'ELEMENT',
    family: 'json',
    usage: 'ELEMENT(array)',
    summary: 'The only element of an array; NULL of an empty one; more are an error.',
    example: ["ELEMENT('[7]')", '7'],
    parameters: ['any'],
    returns: 'any',
    evaluate: ([array]) => {
      const [only, ...more] = needElements(array);
      if (more.length > 0) throw valueError('ELEMENT takes an array of one element');
      return only === undefined ? null : readJson(only);
    },
  },
  {
    name: 'ARRAY_CONTAINS',
    family: 'json',
    usage: 'ARRAY_CONTAINS(array, value)',
    summary: 'Whether a value, or NULL, is among the elements.',
    example: ["ARRAY_CONTAINS('[1, 2]', 2)", 'true'],
    parameters: ['any', 'any'],
    returns: 'boolean',
    acceptsNull: true,
    evaluate: ([array = null, wanted = null]) =>
      array === null ? null : needElements(array).some((element) => isSame(element, wanted)),
  },
  {
    name: 'ARRAY_POSITION',
    family: 'json',
    usage: 'ARRAY_POSITION(array, value)',
    summary: 'The position of the first element that equals a value, the first being 1; 0 if there is none.',
    example: ['ARRAY_POSITION(\'["a", "b"]\', \'b\')', '2'],
    parameters: ['any', 'any'],
    returns: 'number',
    evaluate: ([array, wanted = null]) =>
      needElements(array).findIndex((element) => isSame(element, wanted)) + 1,
  },
  {
    name: 'ARRAY_MAX',
    family: 'json',
    usage: 'ARRAY_MAX(array)',
    summary: 'The greatest element; NULL if there is none.',
    example: ["ARRAY_MAX('[3, 10, 7]')", '10'],
    parameters: ['any'],
    returns: 'any',
    evaluate: ([array]) => extreme(array, 1),
  },
  {
    name: 'ARRAY_MIN',
    family: 'json',
    usage: 'ARRAY_MIN(array)',
    summary: 'The least element; NULL if there is none.',
    example: ["ARRAY_MIN('[3, 10, 7]')", '3'],
    parameters: ['any'],
    returns: 'any',
    evaluate: ([array]) => extreme(array, -1),
  },
];

const wholeFunctions: readonly FunctionDefinition[] = [
  {
    name: 'ARRAY_DISTINCT',
    family: 'json',
    usage: 'ARRAY_DISTINCT(array)',
    summary: 'The array without elements that came before.',
    example: ["ARRAY_DISTINCT('[1, 2, 1]')", '[1,2]'],
    parameters: ['any'],
    returns: 'nested',
    evaluate: ([array]) => {
      const byValue = new Map<string, string>();
      for (const element of needElements(array)) {
        const canonical = compact(spellValue(readJson(element)));
        if (!byValue.has(canonical)) byValue.set(canonical, element);
      }
      return arrayOf(byValue.values());
    },
  },
  {
    name: 'ARRAY_REVERSE',
    family: 'json',
    usage: 'ARRAY_REVERSE(array)',
    summary: 'The elements in reverse order.',
    example: ["ARRAY_REVERSE('[1, 2]')", '[2,1]'],
    parameters: ['any'],
    returns: 'nested',
    evaluate: ([array]) => arrayOf([...needElements(array)].reverse()),
  },
  {
    name: 'ARRAY_SLICE',
    family: 'json',
    usage: 'ARRAY_SLICE(array, from [, to])',
    summary: 'The elements from one position up to another, both included; negative ones count from the end.',
    example: ["ARRAY_SLICE('[1, 2, 3, 4]', 2, 3)", '[2,3]'],
    parameters: ['any', 'number', 'number'],
    required: 2,
    returns: 'nested',
    evaluate: ([array, from, to]) => {
      const elements = needElements(array);
      const place = (position: number): number => (position < 0 ? elements.length + position + 1 : position);
      const first = Math.max(1, place(wholeOf(from)));
      const last = to === undefined ? elements.length : place(wholeOf(to));
      return arrayOf(elements.slice(first - 1, Math.max(first - 1, last)));
    },
  },
  {
    name: 'ARRAY_JOIN',
    family: 'json',
    usage: 'ARRAY_JOIN(array, separator [, for null])',
    summary: 'The elements as one text with a separator; nulls are left out unless a text for them is given.',
    example: ['ARRAY_JOIN(\'["a", null, "b"]\', \'-\')', '"a-b"'],
    parameters: ['any', 'text', 'text'],
    required: 2,
    returns: 'text',
    evaluate: ([array, separator, forNull]) =>
      needElements(array)
        .map(readJson)
        .filter((value) => value !== null || forNull !== undefined)
        .map((value) => (value === null ? textOf(forNull) : textOf(value)))
        .join(textOf(separator)),
  },
  {
    name: 'MAP_KEYS',
    family: 'json',
    usage: 'MAP_KEYS(object)',
    summary: 'The names of the members, as an array.',
    example: ['MAP_KEYS(\'{"a": 1, "b": 2}\')', '["a","b"]'],
    parameters: ['any'],
    returns: 'nested',
    evaluate: ([object]) => makeNested(JSON.stringify([...needMembers(object).keys()])),
  },
  {
    name: 'MAP_VALUES',
    family: 'json',
    usage: 'MAP_VALUES(object)',
    summary: 'The values of the members, as an array.',
    example: ['MAP_VALUES(\'{"a": 1, "b": 2}\')', '[1,2]'],
    parameters: ['any'],
    returns: 'nested',
    evaluate: ([object]) => arrayOf(needMembers(object).values()),
  },
];

/** All functions on arrays and objects. */
export const arrayFunctions: readonly FunctionDefinition[] = [...elementFunctions, ...wholeFunctions];
