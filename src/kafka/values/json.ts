/**
 * JSON as it is, and behind the number of a JSON Schema, which is not needed to read it. Line feeds can only stand
 * between its tokens, where a space means the same; whether it is JSON is judged by whoever reads the record.
 */
import { headerBytes, requireSchemaId } from './registry/wire-format.js';
import type { ValueDecoder, ValueEncoder } from './value-codec.js';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;

/** A JSON text without line feeds: they stand between its tokens, where a space means the same. */
export function onOneLine(value: Uint8Array): Uint8Array {
  if (!value.includes(lineFeed) && !value.includes(carriageReturn)) return value;
  return value.map((byte) => (byte === lineFeed || byte === carriageReturn ? space : byte));
}

export const jsonDecoder: ValueDecoder = { decode: onOneLine };

export const jsonSchemaDecoder: ValueDecoder = {
  decode(value) {
    requireSchemaId(value);
    return onOneLine(value.subarray(headerBytes));
  },
};

export const jsonEncoder: ValueEncoder = { prepare: () => Promise.resolve(), encode: (record) => record };
