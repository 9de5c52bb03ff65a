/**
 * logfmt: `key=value` pairs between spaces, values in double quotes where they need it, a bare key for true.
 * Numbers are what JSON takes for one; true and false without quotes are booleans; everything else is text.
 * Of a key that comes twice the last counts. Idea: Brandur Leach's description of Heroku's log lines, and
 * go-logfmt for quoting.
 */
import type { Column } from '../record/index.js';
import { putBoolean, putEscaped, putMissing, putNumber, putText } from './cells.js';
import { createMemberWriter, type Member, type MemberWriter } from './member-writer.js';
import { type Cell, Read, type RecordReader } from './reader.js';

/** How a pair's value is written. */
const Form = { none: 0, bare: 1, quoted: 2, escaped: 3 } as const;

interface Pairs {
  /** What the spans are spans of. */
  bytes: Buffer;
  count: number;
  /** Four numbers a pair: key [start, end), value [start, end). */
  spans: Int32Array;
  forms: Uint8Array;
}

function growPairs(pairs: Pairs): void {
  const spans = new Int32Array(pairs.spans.length * 2);
  const forms = new Uint8Array(pairs.forms.length * 2);
  spans.set(pairs.spans);
  forms.set(pairs.forms);
  pairs.spans = spans;
  pairs.forms = forms;
}

const isBoundary = (byte: number): boolean => byte <= 0x20 || byte === 0x3d || byte === 0x22;

function sameBytes(one: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (one.length !== end - start) return false;
  for (let index = 0; index < one.length; index++) if (one[index] !== bytes[start + index]) return false;
  return true;
}

const spells = (bytes: Buffer, start: number, end: number, word: string): boolean =>
  end - start === word.length && bytes.toString('latin1', start, end) === word;

function putValue(
  column: Column,
  row: number,
  bytes: Buffer,
  start: number,
  end: number,
  form: number,
): void {
  if (form === Form.none) putBoolean(column, row, true);
  else if (form === Form.quoted) putText(column, row, bytes, start, end);
  else if (form === Form.escaped) putEscaped(column, row, bytes, start, end);
  else if (spells(bytes, start, end, 'true')) putBoolean(column, row, true);
  else if (spells(bytes, start, end, 'false')) putBoolean(column, row, false);
  else if (!putNumber(column, row, bytes, start, end)) putText(column, row, bytes, start, end);
}

/** Splits a line into pairs. Returns what is wrong with it, or undefined. */
function splitPairs(pairs: Pairs, bytes: Buffer, start: number, end: number): string | undefined {
  pairs.count = 0;
  for (let at = start; ; ) {
    while (at < end && bytes[at]! <= 0x20) at++;
    if (at === end) return undefined;
    const key = at;
    while (at < end && !isBoundary(bytes[at]!)) at++;
    if (at === key) return `expected a key at column ${at - start + 1}`;
    if (at < end && bytes[at] === 0x22) return `unexpected '"' in a key at column ${at - start + 1}`;
    const keyEnd = at;
    let form: number = Form.none;
    let value = at;
    let valueEnd = at;
    if (at < end && bytes[at] === 0x3d) {
      value = ++at;
      if (at < end && bytes[at] === 0x22) {
        form = Form.quoted;
        value++;
        at++;
        for (; at < end && bytes[at] !== 0x22; at++) {
          if (bytes[at] !== 0x5c) continue;
          form = Form.escaped;
          at++;
        }
        if (at >= end) return `the quote at column ${value - start} is not closed`;
        valueEnd = at++;
        if (at < end && bytes[at]! > 0x20)
          return `expected a space behind the quote at column ${at - start + 1}`;
      } else {
        form = Form.bare;
        while (at < end && bytes[at]! > 0x20) at++;
        valueEnd = at;
      }
    }
    if (pairs.count === pairs.forms.length) growPairs(pairs);
    const base = pairs.count * 4;
    pairs.spans[base] = key;
    pairs.spans[base + 1] = keyEnd;
    pairs.spans[base + 2] = value;
    pairs.spans[base + 3] = valueEnd;
    pairs.forms[pairs.count++] = form;
  }
}

/** A sequence of keys and what writes the records that have it. */
interface Shape {
  readonly keys: readonly Buffer[];
  readonly writeMembers: MemberWriter;
}

const mostShapes = 256;

function pairCell(pairs: Pairs, pair: number): Cell {
  return (column, row) => {
    const { bytes, spans, forms } = pairs;
    putValue(column, row, bytes, spans[pair * 4 + 2]!, spans[pair * 4 + 3]!, forms[pair]!);
  };
}

/** The cell of a key, wherever in the line it stands. */
function keyCell(pairs: Pairs, name: string): Cell {
  const key = Buffer.from(name);
  return (column, row) => {
    const { bytes, spans, forms } = pairs;
    for (let pair = pairs.count - 1; pair >= 0; pair--) {
      if (!sameBytes(key, bytes, spans[pair * 4]!, spans[pair * 4 + 1]!)) continue;
      putValue(column, row, bytes, spans[pair * 4 + 2]!, spans[pair * 4 + 3]!, forms[pair]!);
      return;
    }
    putMissing(column, row);
  };
}

/** Finds the shape of the pairs at hand: the last one is tried first, for a program's lines have a few. */
function createShapes(pairs: Pairs): () => Shape {
  const known = new Map<string, Shape>();
  let last: Shape = { keys: [], writeMembers: createMemberWriter([]) };
  const fits = ({ keys }: Shape): boolean => {
    const { bytes, spans } = pairs;
    if (keys.length !== pairs.count) return false;
    return keys.every((key, pair) => sameBytes(key, bytes, spans[pair * 4]!, spans[pair * 4 + 1]!));
  };
  const find = (): Shape => {
    const names = Array.from({ length: pairs.count }, (_, pair) =>
      pairs.bytes.toString('utf8', pairs.spans[pair * 4]!, pairs.spans[pair * 4 + 1]!),
    );
    const signature = names.join(' ');
    const found = known.get(signature);
    if (found !== undefined) return found;
    const pairOf = new Map(names.map((name, pair) => [name, pair]));
    const members = [...pairOf].map(([name, pair]): Member => ({ name, cell: pairCell(pairs, pair) }));
    const made = { keys: names.map((name) => Buffer.from(name)), writeMembers: createMemberWriter(members) };
    if (known.size === mostShapes) known.clear();
    known.set(signature, made);
    return made;
  };
  return () => {
    if (!fits(last)) last = find();
    return last;
  };
}

/** Makes a reader of logfmt lines. */
export function createLogfmtReader(): RecordReader {
  const pairs: Pairs = {
    bytes: Buffer.alloc(0),
    count: 0,
    spans: new Int32Array(64),
    forms: new Uint8Array(16),
  };
  const shape = createShapes(pairs);
  let wrong = '';
  return {
    fieldNames: undefined,
    spacesAreBlank: true,
    read(bytes, start, end) {
      pairs.bytes = bytes;
      const what = splitPairs(pairs, bytes, start, end);
      wrong = what ?? '';
      return what === undefined ? Read.record : Read.refused;
    },
    reason: () => wrong,
    cell: (path) => (path.length === 1 ? keyCell(pairs, String(path[0])) : putMissing),
    write: (out) => shape().writeMembers(pairs.bytes, out),
  };
}
