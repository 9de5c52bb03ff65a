/**
 * The readers of values by the numbers of their schemas, each made when the first value with its number comes. A number
 * that the registry does not know makes its values bad; the registry is not asked for it again for a minute.
 */
import { badValue } from '../bad-value.js';
import type { RegisteredSchema, SchemaRegistry, SchemaType } from './registry.js';
import { requireSchemaId, schemaIdOf } from './wire-format.js';

export interface SchemaLoader<Reader> {
  /** Undefined when the reader is there, or the value cannot have one. */
  prepare(value: Uint8Array): Promise<void> | undefined;
  /** The reader for a value that was prepared for. Throws why there is none. */
  readerOf(value: Uint8Array): Reader;
}

const askAgainMs = 60_000;

type Known<Reader> = { readonly reader: Reader } | { readonly error: unknown; readonly untilMs: number };

export function createSchemaLoader<Reader>(
  registry: SchemaRegistry,
  type: SchemaType,
  makeReader: (schema: RegisteredSchema) => Reader,
): SchemaLoader<Reader> {
  const known = new Map<number, Known<Reader>>();

  const read = (id: number, schema: RegisteredSchema | undefined): Known<Reader> => {
    const untilMs = Date.now() + askAgainMs;
    if (schema === undefined) {
      const error = badValue(`its schema ${id} is not in the registry ${registry.url}`);
      return { error, untilMs };
    }
    if (schema.type !== type) {
      const error = badValue(`its schema ${id} is one of ${schema.type} and not of ${type}`);
      return { error, untilMs: Number.POSITIVE_INFINITY };
    }
    try {
      return { reader: makeReader(schema) };
    } catch (cause) {
      const error = badValue(`its schema ${id} cannot be used: ${(cause as Error).message}`);
      return { error, untilMs: Number.POSITIVE_INFINITY };
    }
  };

  return {
    prepare(value) {
      const id = schemaIdOf(value);
      if (id === undefined) return undefined;
      const found = known.get(id);
      if (found !== undefined && ('reader' in found || Date.now() < found.untilMs)) return undefined;
      return registry.byId(id).then((schema) => {
        known.set(id, read(id, schema));
      });
    },
    readerOf(value) {
      const id = requireSchemaId(value);
      const found = known.get(id);
      if (found === undefined) throw new Error(`prepare() was not awaited for schema ${id}`);
      if ('error' in found) throw found.error;
      return found.reader;
    },
  };
}
