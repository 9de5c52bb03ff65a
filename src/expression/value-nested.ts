/**
 * Objects and arrays: kept as JSON text, parsed only when somebody looks inside. Numbers inside keep their exactness: an
 * integer beyond 2^53 comes out as a bigint.
 */
import type { Nested, Value } from './value.js';
import { parseNumber } from './value-number.js';

/** A nested value of its JSON text, which must be valid. */
export function makeNested(text: string): Nested {
  return { type: 'nested', text, json: () => text };
}

function skipString(text: string, from: number): number {
  let at = from + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** The end of the value that begins at `from`, in valid JSON. */
function skipValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; ) {
    const character = text[at]!;
    if (character === '"') at = skipString(text, at);
    else if (depth === 0 && (character === ',' || character === '}' || character === ']')) return at;
    else {
      if (character === '{' || character === '[') depth++;
      else if (character === '}' || character === ']') depth--;
      at++;
    }
  }
  return text.length;
}

/** The value of a valid JSON text. */
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
      return parseNumber(trimmed) ?? Number(trimmed);
  }
}

/** The value of a JSON text, or undefined when it is not valid. */
export function parseJson(text: string): Value | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  return readJson(text);
}

/** The members of an object in order, of duplicate names the last value; of anything else none. */
export function membersOf(value: Nested): ReadonlyMap<string, Value> {
  const { text } = value;
  const members = new Map<string, Value>();
  if (text[0] !== '{') return members;
  for (let at = 1; ; ) {
    while (/[\s,]/.test(text[at] ?? '')) at++;
    if (text[at] !== '"') return members;
    const nameEnd = skipString(text, at);
    const name = JSON.parse(text.slice(at, nameEnd)) as string;
    const start = text.indexOf(':', nameEnd) + 1;
    const end = skipValue(text, start);
    members.set(name, readJson(text.slice(start, end)));
    at = end;
  }
}

/** The elements of an array; of anything else none. */
export function elementsOf(value: Nested): readonly Value[] {
  const { text } = value;
  const elements: Value[] = [];
  if (text[0] !== '[') return elements;
  for (let at = 1; ; ) {
    while (/[\s,]/.test(text[at] ?? '')) at++;
    if (at >= text.length || text[at] === ']') return elements;
    const end = skipValue(text, at);
    elements.push(readJson(text.slice(at, end)));
    at = end;
  }
}

/** What stands under a member's name or at an element's index; null when there is nothing. */
export function memberOf(value: Value, step: string | number): Value {
  if (typeof value !== 'object' || value === null || value.type !== 'nested') return null;
  if (typeof step === 'number') return elementsOf(value)[step] ?? null;
  return membersOf(value).get(step) ?? null;
}
