/**
 * Values in Avro with a schema registry: each names the schema it was written with, and is read with that one.
 */
import { createByteWriter, writeBytes } from '../../../record/index.js';
import { cursorOn } from '../cursor.js';
import { parseRecord } from '../json-tree.js';
import type { SchemaRegistry } from '../registry/registry.js';
import { createSchemaLoader } from '../registry/schema-loader.js';
import { header, headerBytes } from '../registry/wire-format.js';
import { type SchemaChoice, writtenSchema } from '../registry/written-schema.js';
import type { ValueDecoder, ValueEncoder } from '../value-codec.js';
import { avroReaderOf } from './read.js';
import { avroTypeOf } from './schema.js';
import { avroWriterOf } from './write.js';

export function avroDecoder(registry: SchemaRegistry): ValueDecoder {
  const schemas = createSchemaLoader(registry, 'AVRO', (schema) => avroReaderOf(avroTypeOf(schema)));
  return {
    prepare: schemas.prepare,
    decode: (value) => Buffer.from(schemas.readerOf(value)(cursorOn(value, headerBytes))),
  };
}

export function avroEncoder(registry: SchemaRegistry, choice: SchemaChoice): ValueEncoder {
  let write: ((record: Uint8Array) => Uint8Array) | undefined;
  return {
    async prepare() {
      const schema = await writtenSchema(registry, 'AVRO', choice);
      const writer = avroWriterOf(avroTypeOf(schema));
      const head = header(schema.id);
      write = (record) => {
        const out = createByteWriter(record.length + headerBytes);
        writeBytes(out, head, 0, headerBytes);
        writer(parseRecord(record), out);
        return out.bytes.subarray(0, out.length);
      };
    },
    encode(record) {
      if (write === undefined) throw new Error('prepare() was not awaited');
      return write(record);
    },
  };
}
