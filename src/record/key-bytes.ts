/**
 * Values as key bytes: equal values give equal bytes however they are spelled (1, 1.0 and 1e0; "a" and "\u0061"), and
 * the bytes of several values in a row can be told apart. Null and missing are one key. The bytes are for tables in
 * memory and in snapshots, never for output. They are no order.
 */
import { type ByteWriter, reserve, writeBytes, writeText } from './byte-writer.js';
import { type Column, Tag } from './column.js';
import { exactInteger, parseExact } from './exact.js';
import { exactOf, spanText, textOf } from './value-text.js';

/** First byte of each value. Stored in snapshots: never renumber. */
export const Kind = {
  null: 0,
  false: 1,
  true: 2,
  number: 3,
  digits: 4,
  text: 5,
  nested: 6,
  instant: 7,
  illFormed: 8,
};

function kind(out: ByteWriter, byte: number): void {
  reserve(out, 1);
  out.bytes[out.length++] = byte;
}

function fixed(out: ByteWriter, kindByte: number, value: number): void {
  kind(out, kindByte);
  reserve(out, 8);
  // -0 and 0 are one key.
  out.length = out.bytes.writeDoubleLE(value + 0, out.length);
}

/** A value of any length: its length in four bytes, then what `write` writes. */
function sized(out: ByteWriter, kindByte: number, write: () => void): void {
  kind(out, kindByte);
  reserve(out, 4);
  const at = out.length;
  out.length += 4;
  write();
  out.bytes.writeUInt32LE(out.length - at - 4, at);
}

function textKey(out: ByteWriter, text: string): void {
  // A lone surrogate has no UTF-8; its escape keeps it apart from the replacement character.
  if (/\p{Surrogate}/u.test(text)) sized(out, Kind.illFormed, () => writeText(out, JSON.stringify(text)));
  else sized(out, Kind.text, () => writeText(out, text));
}

function numberKey(out: ByteWriter, value: number | bigint): void {
  const exact = typeof value === 'bigint' ? exactInteger(value) : value;
  if (typeof exact === 'bigint') sized(out, Kind.digits, () => writeText(out, String(exact)));
  else if (!Number.isFinite(exact)) kind(out, Kind.null);
  else if (Number.isInteger(exact) && !Number.isSafeInteger(exact)) {
    sized(out, Kind.digits, () => writeText(out, String(BigInt(exact))));
  } else fixed(out, Kind.number, exact);
}

/** JSON text less the white space between its tokens. */
function nestedKey(out: ByteWriter, json: string): void {
  const compact = json.replace(/("(?:[^"\\]|\\.)*")|[ \t\r\n]+/g, '$1');
  sized(out, Kind.nested, () => writeText(out, compact));
}

const numberSpelling = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

function jsonKey(out: ByteWriter, json: string): void {
  if (numberSpelling.test(json)) numberKey(out, parseExact(json));
  else if (json.startsWith('"')) textKey(out, JSON.parse(json) as string);
  else if (json === 'null') kind(out, Kind.null);
  else if (json === 'true' || json === 'false') kind(out, json === 'true' ? Kind.true : Kind.false);
  else nestedKey(out, json);
}

/** Appends the key bytes of one value. */
export function writeKeyBytes(out: ByteWriter, column: Column, row: number): void {
  const tag = column.tags[row]!;
  switch (tag) {
    case Tag.text:
    case Tag.raw: {
      const start = column.starts[row]!;
      const length = column.lengths[row]!;
      reserve(out, 5);
      out.bytes[out.length++] = Kind.text;
      out.length = out.bytes.writeUInt32LE(length, out.length);
      writeBytes(out, column.bytes, start, start + length);
      return;
    }
    case Tag.escaped:
      textKey(out, textOf(column, row));
      return;
    case Tag.number:
    case Tag.exact:
      numberKey(out, exactOf(column, row));
      return;
    case Tag.object:
    case Tag.array:
      nestedKey(out, spanText(column, row));
      return;
    case Tag.instant:
      fixed(out, Kind.instant, column.numbers[row]!);
      return;
    case Tag.boxed: {
      const boxed = column.boxed[row]!;
      if (typeof boxed === 'string') textKey(out, boxed);
      else if (typeof boxed === 'bigint') numberKey(out, boxed);
      else jsonKey(out, boxed.json());
      return;
    }
    case Tag.true:
    case Tag.false:
      kind(out, tag === Tag.true ? Kind.true : Kind.false);
      return;
    default:
      kind(out, Kind.null);
  }
}

/** Appends the key bytes of several columns' values in a row, in order. */
export function writeKeysBytes(out: ByteWriter, columns: readonly Column[], row: number): void {
  for (const column of columns) writeKeyBytes(out, column, row);
}
