/**
 * Avro's binary encoding to JSON text, by functions that are put together once for a schema. Numbers keep all their
 * digits: a long beyond 2^53, a decimal. Instants are epoch milliseconds, with what is finer behind the point; bytes
 * are base64; an enum is its name; a union is its value alone. What JSON has no number for (NaN) is a text.
 */
import { spellDate } from '../../../time/index.js';
import { badValue } from '../bad-value.js';
import { type Cursor, enter, indexOf, leave, readVarint, spend, take, zigzag } from '../cursor.js';
import { bigFromBytes, decimalText, doubleText, floatText, trimmedDecimalText } from '../number-text.js';
import { strictText } from '../utf8.js';
import type { AvroType, Logical } from './schema.js';

/** Reads one value and gives its JSON text. */
export type AvroReader = (cursor: Cursor) => string;

const readLong = (cursor: Cursor): number | bigint => zigzag(readVarint(cursor));

function readInt(cursor: Cursor): number {
  const value = readLong(cursor);
  if (typeof value === 'bigint' || (value | 0) !== value)
    throw badValue('an int in it has more than 32 bits');
  return value;
}

function readSpan(cursor: Cursor, length: number): Uint8Array {
  const start = take(cursor, length);
  return cursor.bytes.subarray(start, start + length);
}

const readBytes = (cursor: Cursor): Uint8Array => readSpan(cursor, indexOf(readLong(cursor)));

function readString(cursor: Cursor): string {
  const bytes = readBytes(cursor);
  return JSON.stringify(strictText(bytes));
}

const base64 = (bytes: Uint8Array): string =>
  `"${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')}"`;

function durationText(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const part = (at: number) => view.getUint32(at, true);
  return `{"months":${part(0)},"days":${part(4)},"milliseconds":${part(8)}}`;
}

function bytesText(bytes: Uint8Array, logical: Logical | undefined): string {
  switch (logical?.kind) {
    case 'decimal':
      return decimalText(bigFromBytes(bytes), logical.scale);
    case 'duration':
      return durationText(bytes);
    case 'uuid':
      return `"${Buffer.from(bytes)
        .toString('hex')
        .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}"`;
    default:
      return base64(bytes);
  }
}

/** Dates far beyond those of the calendar stay day numbers. */
function dateText(days: number): string {
  const text = spellDate(days);
  return /^\d{4}-/.test(text) ? `"${text}"` : String(days);
}

function integerText(value: number | bigint, logical: Logical | undefined): string {
  switch (logical?.kind) {
    case 'date':
      return dateText(Number(value));
    case 'instant':
    case 'time-of-day':
      return trimmedDecimalText(value, logical.finerDigits);
    default:
      return String(value);
  }
}

/** Reads the blocks of an array or a map; with a negative count, the length of the block in bytes follows. */
function readBlocks(cursor: Cursor, readOne: () => void): void {
  for (;;) {
    let count = readLong(cursor);
    if (count < 0) {
      indexOf(readLong(cursor));
      count = -count;
    }
    if (count === 0) return;
    for (let rest = indexOf(count); rest > 0; rest--) {
      spend(cursor, 1);
      readOne();
    }
  }
}

function arrayReader(items: AvroReader): AvroReader {
  return (cursor) => {
    const texts: string[] = [];
    enter(cursor);
    readBlocks(cursor, () => {
      texts.push(items(cursor));
    });
    leave(cursor);
    return `[${texts.join(',')}]`;
  };
}

function mapReader(values: AvroReader): AvroReader {
  return (cursor) => {
    const members: string[] = [];
    enter(cursor);
    readBlocks(cursor, () => {
      const name = readString(cursor);
      members.push(`${name}:${values(cursor)}`);
    });
    leave(cursor);
    return `{${members.join(',')}}`;
  };
}

function unionReader(branches: readonly AvroReader[]): AvroReader {
  return (cursor) => {
    const branch = branches[Number(readLong(cursor))];
    if (branch === undefined) throw badValue('a union in it has no such branch');
    return branch(cursor);
  };
}

function enumReader(symbols: readonly string[]): AvroReader {
  const texts = symbols.map((symbol) => JSON.stringify(symbol));
  return (cursor) => {
    const text = texts[readInt(cursor)];
    if (text === undefined) throw badValue('an enum in it has no such symbol');
    return text;
  };
}

function readBoolean(cursor: Cursor): string {
  const byte = cursor.bytes[take(cursor, 1)]!;
  if (byte > 1) throw badValue('a boolean in it is neither true nor false');
  return byte === 1 ? 'true' : 'false';
}

/** The readers of records, which may stand in themselves. */
type Made = Map<AvroType, AvroReader>;

function recordReader(type: AvroType & { kind: 'record' }, made: Made): AvroReader {
  const names: string[] = [];
  const readers: AvroReader[] = [];
  const read: AvroReader = (cursor) => {
    enter(cursor);
    spend(cursor, 2);
    let text = '{';
    for (let k = 0; k < readers.length; k++) text += names[k]! + readers[k]!(cursor);
    leave(cursor);
    return `${text}}`;
  };
  made.set(type, read);
  for (const [k, field] of type.fields.entries()) {
    names.push(`${k === 0 ? '' : ','}${JSON.stringify(field.name)}:`);
    readers.push(readerFor(field.type, made));
  }
  return read;
}

function plainReader(type: AvroType, made: Made): AvroReader {
  switch (type.kind) {
    case 'null':
      return () => 'null';
    case 'boolean':
      return readBoolean;
    case 'int':
      return (cursor) => integerText(readInt(cursor), type.logical);
    case 'long':
      return (cursor) => integerText(readLong(cursor), type.logical);
    case 'float':
      return (cursor) => floatText(cursor.view.getFloat32(take(cursor, 4), true));
    case 'double':
      return (cursor) => doubleText(cursor.view.getFloat64(take(cursor, 8), true));
    case 'bytes':
      return (cursor) => bytesText(readBytes(cursor), type.logical);
    case 'string':
      return readString;
    case 'fixed':
      return (cursor) => bytesText(readSpan(cursor, type.size), type.logical);
    case 'enum':
      return enumReader(type.symbols);
    case 'array':
      return arrayReader(readerFor(type.items, made));
    case 'map':
      return mapReader(readerFor(type.values, made));
    case 'union':
      return unionReader(type.branches.map((branch) => readerFor(branch, made)));
    case 'record':
      return made.get(type) ?? recordReader(type, made);
  }
}

const composed: ReadonlySet<AvroType['kind']> = new Set(['array', 'map', 'union', 'record']);

/** A reader that counts what it reads; what others stand in counts only what it adds. */
function readerFor(type: AvroType, made: Made): AvroReader {
  const read = plainReader(type, made);
  if (composed.has(type.kind)) return read;
  return (cursor) => {
    const text = read(cursor);
    spend(cursor, text.length);
    return text;
  };
}

/** A reader of whole values, to lines of NDJSON: what is no record becomes the field `value` of one. */
export function avroReaderOf(type: AvroType): AvroReader {
  if (type.kind === 'bytes') {
    // Confluent's serialisers write such a value as it is, without its length.
    return (cursor) => {
      spend(cursor, cursor.end - cursor.at);
      return `{"value":${bytesText(readSpan(cursor, cursor.end - cursor.at), type.logical)}}`;
    };
  }
  const read = readerFor(type, new Map());
  const isObject = type.kind === 'record' || type.kind === 'map';
  return (cursor) => {
    const text = read(cursor);
    if (cursor.at < cursor.end) throw badValue('there is more in it than its schema says');
    return isObject || text[0] === '{' ? text : `{"value":${text}}`;
  };
}
