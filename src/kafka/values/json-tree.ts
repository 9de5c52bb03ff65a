/**
 * A record as a tree in which numbers keep their spelling, for formats that have integers of 64 bits and decimals. The
 * grammar is that of JSON; what does not follow it is a bad value.
 */
import { badValue } from './bad-value.js';
import { strictText } from './utf8.js';

/** A number by its spelling. */
export interface JsonNumber {
  readonly number: string;
}

export type JsonTree = null | boolean | string | JsonNumber | readonly JsonTree[] | JsonObject;
export type JsonObject = ReadonlyMap<string, JsonTree>;

export const isObject = (tree: JsonTree | undefined): tree is JsonObject => tree instanceof Map;
export const isArray = (tree: JsonTree | undefined): tree is readonly JsonTree[] => Array.isArray(tree);
export const isNumber = (tree: JsonTree | undefined): tree is JsonNumber =>
  typeof tree === 'object' && tree !== null && 'number' in tree;

/** What a value is, for messages. */
export function kindOf(tree: JsonTree): string {
  if (tree === null) return 'null';
  if (isObject(tree)) return 'an object';
  if (isArray(tree)) return 'an array';
  if (isNumber(tree)) return `the number ${tree.number}`;
  return typeof tree === 'boolean' ? String(tree) : `the text ${JSON.stringify(tree.slice(0, 40))}`;
}

const space = /[ \t\n\r]*/y;
const token = /([[\]{},:])|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)/y;
const plainCharacters = /[^"\\\u0000-\u001f]*/y;
const mostDepth = 200;
const literals: ReadonlyMap<string, null | boolean> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

interface Reader {
  readonly text: string;
  at: number;
}

const notJson = () => badValue('it is not JSON');

type Token = { readonly sign: string } | { readonly value: null | boolean | string | JsonNumber };

/** Moves over what a pattern takes, which may be nothing. */
function pass(reader: Reader, pattern: RegExp): void {
  pattern.lastIndex = reader.at;
  pattern.test(reader.text);
  reader.at = pattern.lastIndex;
}

/** Reads the string whose opening quote is at the reader. By a loop: one pattern would pile up as it goes. */
function nextString(reader: Reader): string {
  const start = reader.at++;
  let plain = true;
  for (;;) {
    pass(reader, plainCharacters);
    const character = reader.text[reader.at];
    if (character === '"') break;
    if (character !== '\\') throw notJson();
    plain = false;
    reader.at += 2;
  }
  reader.at++;
  const { text } = reader;
  return plain ? text.slice(start + 1, reader.at - 1) : unescaped(text.slice(start, reader.at));
}

function next(reader: Reader): Token {
  pass(reader, space);
  if (reader.text[reader.at] === '"') return { value: nextString(reader) };
  token.lastIndex = reader.at;
  const match = token.exec(reader.text);
  if (match === null) throw notJson();
  reader.at = token.lastIndex;
  const [, sign, number, literal] = match;
  if (sign !== undefined) return { sign };
  return { value: number === undefined ? literals.get(literal!)! : { number } };
}

function unescaped(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    throw notJson();
  }
}

/** Reads members or elements up to the closing sign. */
function readUntil(reader: Reader, close: string, readOne: (first: Token) => void): void {
  let first = next(reader);
  if ('sign' in first && first.sign === close) return;
  for (;;) {
    readOne(first);
    const between = next(reader);
    if (!('sign' in between)) throw notJson();
    if (between.sign === close) return;
    if (between.sign !== ',') throw notJson();
    first = next(reader);
  }
}

function readFrom(reader: Reader, first: Token, depth: number): JsonTree {
  if ('value' in first) return first.value;
  if (depth > mostDepth) throw badValue(`its values stand in each other more than ${mostDepth} deep`);
  if (first.sign === '[') {
    const elements: JsonTree[] = [];
    readUntil(reader, ']', (element) => {
      elements.push(readFrom(reader, element, depth + 1));
    });
    return elements;
  }
  if (first.sign !== '{') throw notJson();
  const members = new Map<string, JsonTree>();
  readUntil(reader, '}', (name) => {
    const colon = next(reader);
    if (!('value' in name) || typeof name.value !== 'string') throw notJson();
    if (!('sign' in colon) || colon.sign !== ':') throw notJson();
    members.set(name.value, readFrom(reader, next(reader), depth + 1));
  });
  return members;
}

/** The tree of a JSON text. Of members of one name the last holds. */
export function parseTree(text: string): JsonTree {
  const reader: Reader = { text, at: 0 };
  const tree = readFrom(reader, next(reader), 0);
  pass(reader, space);
  if (reader.at < text.length) throw notJson();
  return tree;
}

/** A record, which must be an object. */
export function parseRecord(bytes: Uint8Array): JsonObject {
  const tree = parseTree(strictText(bytes));
  if (!isObject(tree)) throw badValue('it is not a JSON object');
  return tree;
}
