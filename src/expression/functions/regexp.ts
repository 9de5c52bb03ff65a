/**
 * Functions with regular expressions. Patterns are Java's as far as JavaScript can say the same (java-pattern.ts).
 * Compiled ones are kept. A pattern that does not compile refuses the record with the reason.
 */
import type { Value } from '../value.js';
import { valueError } from '../value-error.js';
import { makeNested } from '../value-nested.js';
import { describeValue } from '../value-text.js';
import { remembering, textOf, wholeOf } from './argument.js';
import { positionOf } from './characters.js';
import type { FunctionDefinition } from './definition.js';
import { compilePattern } from './java-pattern.js';

const compiled = remembering(compilePattern);

/** The pattern of an argument, ready to search from the start. */
function expressionOf(value: Value | undefined): RegExp {
  const expression = compiled(textOf(value));
  expression.lastIndex = 0;
  return expression;
}

/** A group of a match: NULL if it took no part in it; a group that the pattern lacks refuses the record. */
function groupOf(match: RegExpMatchArray, group: number, pattern: Value | undefined): string | null {
  if (group < 0 || group >= match.length) {
    throw valueError(`${describeValue(pattern ?? null)} has no group ${group}`);
  }
  return match[group] ?? null;
}

/**
 * The text that a replacement such as `<$1>` says for a match: $n and ${name} are groups, \ takes the next
 * as it is.
 */
function replacementFor(match: RegExpMatchArray, replacement: string): string {
  return replacement.replace(/\\(.)|\$(?:(\d)|\{(\w+)\})/gs, (whole, escaped, digit, name) => {
    if (escaped !== undefined) return escaped as string;
    const group = digit !== undefined ? match[Number(digit)] : match.groups?.[name as string];
    const known =
      digit !== undefined ? Number(digit) < match.length : match.groups !== undefined && name in match.groups;
    if (!known) throw valueError(`the pattern has no group for ${whole}`);
    return group ?? '';
  });
}

function replaceAll(text: string, expression: RegExp, replacement: string): string {
  if (!/[\\$]/.test(replacement)) return text.replace(expression, () => replacement);
  let result = '';
  let from = 0;
  for (const match of text.matchAll(expression)) {
    result += text.slice(from, match.index) + replacementFor(match, replacement);
    from = match.index + match[0].length;
  }
  return result + text.slice(from);
}

/** All functions with regular expressions. */
export const regexpFunctions: readonly FunctionDefinition[] = [
  {
    name: 'REGEXP',
    aliases: ['REGEXP_LIKE'],
    family: 'regexp',
    usage: 'REGEXP(text, pattern)',
    summary: 'Whether any part of the text matches the pattern.',
    example: ["REGEXP('/api/v2/users', '^/api/v[0-9]+/')", 'true'],
    parameters: ['text', 'text'],
    returns: 'boolean',
    evaluate: ([text, pattern]) => expressionOf(pattern).test(textOf(text)),
  },
  {
    name: 'REGEXP_EXTRACT',
    family: 'regexp',
    usage: 'REGEXP_EXTRACT(text, pattern [, group])',
    summary: 'A group of the first match, the whole match by default (group 0); NULL without a match.',
    example: ["REGEXP_EXTRACT('foothebar', 'foo(.*?)(bar)', 2)", '"bar"'],
    parameters: ['text', 'text', 'number'],
    required: 2,
    returns: 'text',
    evaluate: ([text, pattern, group]) => {
      const match = expressionOf(pattern).exec(textOf(text));
      return match === null ? null : groupOf(match, group === undefined ? 0 : wholeOf(group), pattern);
    },
  },
  {
    name: 'REGEXP_EXTRACT_ALL',
    family: 'regexp',
    usage: 'REGEXP_EXTRACT_ALL(text, pattern [, group])',
    summary: 'A group of every match as an array; the first group if there is one, else the whole match.',
    example: ["REGEXP_EXTRACT_ALL('a=1,b=2', '([a-z])=([0-9])', 2)", '["1","2"]'],
    parameters: ['text', 'text', 'number'],
    required: 2,
    returns: 'nested',
    evaluate: ([text, pattern, group]) => {
      const found: Array<string | null> = [];
      for (const match of textOf(text).matchAll(expressionOf(pattern))) {
        found.push(
          groupOf(match, group === undefined ? Math.min(1, match.length - 1) : wholeOf(group), pattern),
        );
      }
      return makeNested(JSON.stringify(found));
    },
  },
  {
    name: 'REGEXP_REPLACE',
    family: 'regexp',
    usage: 'REGEXP_REPLACE(text, pattern, replacement)',
    summary: 'The text with every match replaced; $1 in the replacement is the first group.',
    example: ["REGEXP_REPLACE('foobar', '(o+)|ar', '<$1>')", '"f<oo>b<>"'],
    parameters: ['text', 'text', 'text'],
    returns: 'text',
    evaluate: ([text, pattern, replacement]) =>
      replaceAll(textOf(text), expressionOf(pattern), textOf(replacement)),
  },
  {
    name: 'REGEXP_COUNT',
    family: 'regexp',
    usage: 'REGEXP_COUNT(text, pattern)',
    summary: 'How many matches the text has.',
    example: ["REGEXP_COUNT('banana', 'an')", '2'],
    parameters: ['text', 'text'],
    returns: 'number',
    evaluate: ([text, pattern]) => textOf(text).match(expressionOf(pattern))?.length ?? 0,
  },
  {
    name: 'REGEXP_INSTR',
    family: 'regexp',
    usage: 'REGEXP_INSTR(text, pattern)',
    summary: 'The position of the first match; 0 without one.',
    example: ["REGEXP_INSTR('stream', '[aeiou]')", '4'],
    parameters: ['text', 'text'],
    returns: 'number',
    evaluate: ([text, pattern]) => {
      const match = expressionOf(pattern).exec(textOf(text));
      return match === null ? 0 : positionOf(textOf(text), match.index);
    },
  },
  {
    name: 'REGEXP_SUBSTR',
    family: 'regexp',
    usage: 'REGEXP_SUBSTR(text, pattern)',
    summary: 'The first match; NULL without one.',
    example: ["REGEXP_SUBSTR('order 4711 of 5', '[0-9]+')", '"4711"'],
    parameters: ['text', 'text'],
    returns: 'text',
    evaluate: ([text, pattern]) => expressionOf(pattern).exec(textOf(text))?.[0] ?? null,
  },
];
