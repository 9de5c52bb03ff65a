/**
 * A place in the bytes of a value, and the reading of what Avro and protobuf have in common: integers of variable
 * length, fixed ones, spans. Nothing is read beyond the end, and what becomes of a value is counted, so that a few
 * bytes cannot claim to be gigabytes of text.
 */
import { badValue } from './bad-value.js';

export interface Cursor {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
  end: number;
  /** How many characters the text of the value may still get. */
  room: number;
  /** How deep things stand in each other. */
  depth: number;
}

/** A record is a line of at most 16 MiB. */
export const mostTextCharacters = 16 * 1024 * 1024;
/** Deeper values are no records of anyone, and the stack ends somewhere. */
const mostDepth = 200;

export const cutOff = 'it is cut off: a value goes beyond its end';

export function cursorOn(bytes: Uint8Array, start: number): Cursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { bytes, view, at: start, end: bytes.length, room: mostTextCharacters, depth: 0 };
}

/** Moves over so many bytes and says where they begin. */
export function take(cursor: Cursor, count: number): number {
  const start = cursor.at;
  if (count > cursor.end - start) throw badValue(cutOff);
  cursor.at = start + count;
  return start;
}

/** Counts characters of the text that the value becomes. */
export function spend(cursor: Cursor, characters: number): void {
  cursor.room -= characters;
  if (cursor.room < 0) throw badValue('it becomes a record of more than 16 MiB');
}

export function enter(cursor: Cursor): void {
  if (++cursor.depth > mostDepth)
    throw badValue(`its values stand in each other more than ${mostDepth} deep`);
}

export function leave(cursor: Cursor): void {
  cursor.depth--;
}

/** Seven groups of seven bits fit a double. */
const exactGroups = 7;

/** An unsigned integer of up to ten bytes, seven bits in each, low ones first; a bigint when it is long. */
export function readVarint(cursor: Cursor): number | bigint {
  const first = cursor.at < cursor.end ? cursor.bytes[cursor.at]! : 128;
  if (first < 128) {
    cursor.at++;
    return first;
  }
  let value = 0;
  let factor = 1;
  for (let group = 0; group < exactGroups; group++) {
    const byte = cursor.bytes[take(cursor, 1)]!;
    value += (byte & 127) * factor;
    if (byte < 128) return value;
    factor *= 128;
  }
  let big = BigInt(value);
  for (let group = exactGroups; group < 10; group++) {
    const byte = cursor.bytes[take(cursor, 1)]!;
    big |= BigInt(byte & 127) << BigInt(7 * group);
    if (byte < 128 && big < 1n << 64n) return big;
  }
  throw badValue('an integer in it has more than 64 bits');
}

/** The signed integer that zigzag coding makes of an unsigned one: 0, -1, 1, -2 ... */
export function zigzag(value: number | bigint): number | bigint {
  if (typeof value === 'number') return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  return (value >> 1n) ^ -(value & 1n);
}

/** A length or a count, which must be an index. */
export function indexOf(value: number | bigint): number {
  if (typeof value === 'bigint' || value < 0)
    throw badValue('a length in it is negative or beyond all bounds');
  return value;
}
