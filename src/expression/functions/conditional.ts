/**
 * Functions that choose between values. All arguments have been computed when these are called; a compiler
 * that wants to spare the others, as CASE does, turns COALESCE, IFNULL and IF into CASE.
 */
import type { Value } from '../value.js';
import { compareValues } from '../value-compare.js';
import { textOf } from './argument.js';
import type { FunctionDefinition } from './definition.js';

function coalesce(values: readonly Value[]): Value {
  return values.find((value) => value !== null) ?? null;
}

function extreme(values: readonly Value[], sign: 1 | -1): Value {
  return values.reduce((best, value) => (compareValues(value, best) * sign > 0 ? value : best));
}

function matching(
  name: string,
  summary: string,
  example: readonly [string, string],
  pattern: RegExp,
): FunctionDefinition {
  return {
    name,
    family: 'conditional',
    usage: `${name}(text)`,
    summary,
    example,
    parameters: ['text'],
    returns: 'boolean',
    acceptsNull: true,
    evaluate: ([text]) => text !== null && pattern.test(textOf(text)),
  };
}

/** All functions that choose. */
export const conditionalFunctions: readonly FunctionDefinition[] = [
  {
    name: 'COALESCE',
    family: 'conditional',
    usage: 'COALESCE(value, ...)',
    summary: 'The first value that is not NULL.',
    example: ["COALESCE(NULL, 'a', 'b')", '"a"'],
    parameters: ['any'],
    variadic: true,
    returns: 'any',
    acceptsNull: true,
    evaluate: coalesce,
  },
  {
    name: 'IFNULL',
    family: 'conditional',
    usage: 'IFNULL(value, otherwise)',
    summary: 'The value, or the other one where it is NULL.',
    example: ['IFNULL(NULL, 5)', '5'],
    parameters: ['any', 'any'],
    returns: 'any',
    acceptsNull: true,
    evaluate: coalesce,
  },
  {
    name: 'NULLIF',
    family: 'conditional',
    usage: 'NULLIF(value, other)',
    summary: 'NULL if the two are equal, else the first.',
    example: ['NULLIF(5, 5)', 'null'],
    parameters: ['any', 'any'],
    returns: 'any',
    acceptsNull: true,
    evaluate: ([value = null, other = null]) =>
      value !== null && other !== null && compareValues(value, other) === 0 ? null : value,
  },
  {
    name: 'IF',
    family: 'conditional',
    usage: 'IF(condition, value, otherwise)',
    summary: 'The value where the condition is TRUE, else the other one.',
    example: ["IF(5 > 3, 'more', 'less')", '"more"'],
    parameters: ['boolean', 'any', 'any'],
    returns: 'any',
    acceptsNull: true,
    evaluate: ([condition, value = null, otherwise = null]) => (condition === true ? value : otherwise),
  },
  {
    name: 'GREATEST',
    family: 'conditional',
    usage: 'GREATEST(value, ...)',
    summary: 'The greatest value; NULL if one of them is.',
    example: ['GREATEST(3, 10, 7)', '10'],
    parameters: ['any'],
    variadic: true,
    returns: 'any',
    evaluate: (values) => extreme(values, 1),
  },
  {
    name: 'LEAST',
    family: 'conditional',
    usage: 'LEAST(value, ...)',
    summary: 'The least value; NULL if one of them is.',
    example: ['LEAST(3, 10, 7)', '3'],
    parameters: ['any'],
    variadic: true,
    returns: 'any',
    evaluate: (values) => extreme(values, -1),
  },
  matching('IS_ALPHA', 'Whether the text is letters only.', ["IS_ALPHA('leat')", 'true'], /^\p{L}+$/u),
  matching('IS_DIGIT', 'Whether the text is digits only.', ["IS_DIGIT('4711')", 'true'], /^\p{Nd}+$/u),
  matching(
    'IS_DECIMAL',
    'Whether the text is a number.',
    ["IS_DECIMAL('-4.5')", 'true'],
    /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/,
  ),
];
