/**
 * JSON objects and arrays as values: their text, looked into only when somebody asks. Members and elements keep the
 * spelling of their numbers, so that big integers survive. The walkers see valid JSON only: text from outside goes
 * through {@link parseJson}.
 */
import type { Path } from '../record/index.js';
import type { Nested, Value } from './value.js';
import { parseNumber } from './value-number.js';

function spell(this: Nested): string {
  return this.text;
}

/** An object or array of its valid JSON text. */
export function makeNested(text: string): Nested {
  return { type: 'nested', text, json: spell };
}

function skipSpace(text: string, at: number): number {
  while (text.charCodeAt(at) <= 0x20) at++;
  return at;
}

/** The position behind the string whose opening quote is at `at`. */
function stringEnd(text: string, at: number): number {
  for (at++; text[at] !== '"'; at++) if (text[at] === '\\') at++;
  return at + 1;
}

/** The position behind the value that starts at `at`. */
function valueEnd(text: string, at: number): number {
  const first = text[at];
  if (first === '"') return stringEnd(text, at);
  if (first !== '{' && first !== '[') {
    while (at < text.length && !/[\s,\]}]/.test(text[at]!)) at++;
    return at;
  }
  for (let depth = 0; ; ) {
    const character = text[at];
    if (character === '"') {
      at = stringEnd(text, at);
      continue;
    }
    at++;
    if (character === '{' || character === '[') depth++;
    else if ((character === '}' || character === ']') && --depth === 0) return at;
  }
}

/** The value of a valid JSON text; white space around it is ignored. */
export function readJson(text: string): Value {
  const trimmed = text.trim();
  switch (trimmed[0]) {
    case '{':
    case '[':
      return makeNested(trimmed);
    case '"':
      return JSON.parse(trimmed) as string;
    case 't':
      return true;
    case 'f':
      return false;
    case 'n':
      return null;
    default:
      return parseNumber(trimmed)!;
  }
}

/** The value of a text that may be JSON; undefined when it is not. */
export function parseJson(text: string): Value | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  return readJson(text);
}

/** The JSON texts of the elements of an array; undefined for an object. */
export function elementsOf(nested: Nested): string[] | undefined {
  const { text } = nested;
  if (text[0] !== '[') return undefined;
  const elements: string[] = [];
  let at = skipSpace(text, 1);
  while (text[at] !== ']') {
    const end = valueEnd(text, at);
    elements.push(text.slice(at, end));
    at = skipSpace(text, end);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return elements;
}

/** The members of an object in order, names decoded, values as JSON texts; undefined for an array. */
export function membersOf(nested: Nested): [name: string, text: string][] | undefined {
  const { text } = nested;
  if (text[0] !== '{') return undefined;
  const members: [string, string][] = [];
  let at = skipSpace(text, 1);
  while (text[at] !== '}') {
    const nameEnd = stringEnd(text, at);
    const name = JSON.parse(text.slice(at, nameEnd)) as string;
    const start = skipSpace(text, skipSpace(text, nameEnd) + 1);
    const end = valueEnd(text, start);
    members.push([name, text.slice(start, end)]);
    at = skipSpace(text, end);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return members;
}

/**
 * What a path leads to inside a value; null when there is nothing. Of members of one name the last one
 * counts.
 */
export function memberOf(value: Value, path: Path): Value {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found?.type !== 'nested') return null;
    const text: string | undefined =
      typeof step === 'number'
        ? elementsOf(found)?.[step]
        : membersOf(found)?.findLast(([name]) => name === step)?.[1];
    if (text === undefined) return null;
    found = readJson(text);
  }
  return found;
}
