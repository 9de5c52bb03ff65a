/**
 * Values in protobuf with a schema registry: each names the file it was written with and the message type in it.
 */

import { problem } from '../../../diagnostics/index.js';
import { createByteWriter, writeBytes } from '../../../record/index.js';
import { badValue } from '../bad-value.js';
import { type Cursor, cursorOn } from '../cursor.js';
import { parseRecord } from '../json-tree.js';
import type { SchemaRegistry } from '../registry/registry.js';
import { createSchemaLoader } from '../registry/schema-loader.js';
import { header, headerBytes, readIndexes } from '../registry/wire-format.js';
import { type SchemaChoice, writtenSchema } from '../registry/written-schema.js';
import type { ValueDecoder, ValueEncoder } from '../value-codec.js';
import { writeZigzag } from '../varint.js';
import { protobufText } from './read.js';
import { loadProtobuf, type ProtobufSchema, readProtobufSchema } from './schema.js';
import { type MessageShape, shapeOf } from './shape.js';
import { writeProtobuf } from './write.js';

/** A reader of values of one file, which remembers the types that it met. */
function readerOf(schema: ProtobufSchema): (cursor: Cursor) => string {
  const shapes = new Map<string, MessageShape>();
  return (cursor) => {
    const path = readIndexes(cursor);
    const name = path.join('.');
    let shape = shapes.get(name);
    if (shape === undefined) {
      const type = schema.typeAt(path);
      if (type === undefined) throw badValue(`its schema has no message type at ${name}`);
      shape = shapeOf(type);
      shapes.set(name, shape);
    }
    return protobufText(cursor, shape);
  };
}

export function protobufDecoder(registry: SchemaRegistry): ValueDecoder {
  let protobuf: Awaited<ReturnType<typeof loadProtobuf>> | undefined;
  const schemas = createSchemaLoader(registry, 'PROTOBUF', (schema) =>
    readerOf(readProtobufSchema(protobuf!, schema)),
  );
  return {
    prepare(value) {
      if (protobuf !== undefined) return schemas.prepare(value);
      return loadProtobuf().then((loaded) => {
        protobuf = loaded;
        return schemas.prepare(value);
      });
    },
    decode: (value) => Buffer.from(schemas.readerOf(value)(cursorOn(value, headerBytes))),
  };
}

/** The number of the schema and the path of the message type, which is short for the first one. */
function writeHeader(id: number, path: readonly number[]): Uint8Array {
  const out = createByteWriter(64);
  writeBytes(out, header(id), 0, headerBytes);
  if (path.length === 1 && path[0] === 0) writeZigzag(out, 0);
  else for (const number of [path.length, ...path]) writeZigzag(out, number);
  return out.bytes.subarray(0, out.length);
}

export interface ProtobufChoice extends SchemaChoice {
  /** The name of the message type; the first one of the file when it is left out. */
  readonly message?: string;
}

export function protobufEncoder(registry: SchemaRegistry, choice: ProtobufChoice): ValueEncoder {
  let write: ((record: Uint8Array) => Uint8Array) | undefined;
  return {
    async prepare() {
      const protobuf = await loadProtobuf();
      const registered = await writtenSchema(registry, 'PROTOBUF', choice);
      const schema = readProtobufSchema(protobuf, registered);
      const first = schema.typeAt([0]);
      const chosen =
        choice.message === undefined ? first && { type: first, path: [0] } : schema.typeNamed(choice.message);
      if (chosen === undefined) {
        const what = choice.message === undefined ? 'no message type' : `no message type ${choice.message}`;
        throw problem({ code: 'output', message: `the schema of ${choice.subject} has ${what}` });
      }
      const shape = shapeOf(chosen.type);
      const head = writeHeader(registered.id, chosen.path);
      write = (record) => {
        const out = createByteWriter(record.length + head.length);
        writeBytes(out, head, 0, head.length);
        writeProtobuf(shape, parseRecord(record), out);
        return out.bytes.subarray(0, out.length);
      };
    },
    encode(record) {
      if (write === undefined) throw new Error('prepare() was not awaited');
      return write(record);
    },
  };
}
