/**
 * The wire format of Confluent's serialisers: a byte 0, the number of the schema in four bytes, high byte first, and
 * for protobuf the path to the message type in its file, as a list of indexes.
 */
import { badValue } from '../bad-value.js';
import { type Cursor, indexOf, readVarint, zigzag } from '../cursor.js';

export const headerBytes = 5;

/** The number of the schema that a value says it is written with; undefined when it says none. */
export function schemaIdOf(value: Uint8Array): number | undefined {
  if (value.length < headerBytes || value[0] !== 0) return undefined;
  return ((value[1]! << 24) | (value[2]! << 16) | (value[3]! << 8) | value[4]!) >>> 0;
}

/** The same, for a value that must say one. */
export function requireSchemaId(value: Uint8Array): number {
  const id = schemaIdOf(value);
  if (id !== undefined) return id;
  throw badValue(
    'it does not begin with the number of a schema, as a serialiser with a schema registry writes it',
    value[0] === 0x7b ? 'it begins like JSON: format=json' : undefined,
  );
}

export function header(id: number): Uint8Array {
  const bytes = Buffer.alloc(headerBytes);
  bytes.writeUInt32BE(id, 1);
  return bytes;
}

const mostIndexes = 100;

/** The indexes of a message type: a count and so many numbers; a single 0 stands for the first type. */
export function readIndexes(cursor: Cursor): readonly number[] {
  const count = indexOf(zigzag(readVarint(cursor)));
  if (count === 0) return [0];
  if (count > mostIndexes) throw badValue('the path to its message type has too many steps');
  return Array.from({ length: count }, () => indexOf(zigzag(readVarint(cursor))));
}
