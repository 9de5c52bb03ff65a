/**
 * Records to Avro's binary encoding, by functions that are put together once for a schema: what avro/read.ts gives is
 * taken back. A field that the record lacks gets the default of the schema, or null where that is allowed; one that
 * the schema lacks is refused, because it would be lost. Of a union the first branch that takes the value without
 * loss is chosen.
 */
import { type ByteWriter, reserve, writeBytes } from '../../../record/index.js';
import { badValue } from '../bad-value.js';
import { isArray, isObject, type JsonTree, parseTree } from '../json-tree.js';
import { bigToBytes } from '../number-text.js';
import { type RecordPlace, spellPlace, unfit } from '../record-place.js';
import { bytesOf, dayOf, decimalOf, doubleOf, instantOf, integerOf } from '../tree-number.js';
import { writeVarint, writeZigzag } from '../varint.js';
import type { AvroField, AvroType, Logical } from './schema.js';

interface AvroWriter {
  /** Writes a value or throws what does not fit and where. */
  write(tree: JsonTree, out: ByteWriter, place: RecordPlace): void;
}

const int32: readonly [bigint, bigint] = [-(2n ** 31n), 2n ** 31n - 1n];
const int64: readonly [bigint, bigint] = [-(2n ** 63n), 2n ** 63n - 1n];

function writeSized(out: ByteWriter, bytes: Uint8Array): void {
  writeZigzag(out, bytes.length);
  writeBytes(out, bytes, 0, bytes.length);
}

/** A writer of values that `take` gives in another form; undefined for those that do not fit. */
function leaf<T>(
  wanted: string,
  take: (tree: JsonTree) => T | undefined,
  put: (out: ByteWriter, value: T) => void,
): AvroWriter {
  return {
    write(tree, out, place) {
      const value = take(tree);
      if (value === undefined) throw unfit(place, tree, wanted);
      put(out, value);
    },
  };
}

function integerWriter(kind: 'int' | 'long', logical: Logical | undefined): AvroWriter {
  const [least, most] = kind === 'int' ? int32 : int64;
  const within = (value: bigint | undefined) =>
    value !== undefined && value >= least && value <= most ? value : undefined;
  switch (logical?.kind) {
    case 'date':
      return leaf('a date (YYYY-MM-DD)', (tree) => within(dayOf(tree)), writeZigzag);
    case 'instant':
      return leaf(
        'an instant (epoch ms)',
        (tree) => within(instantOf(tree, logical.finerDigits)),
        writeZigzag,
      );
    case 'time-of-day':
      return leaf('a time of day in ms', (tree) => within(decimalOf(tree, logical.finerDigits)), writeZigzag);
    default:
      return leaf(kind === 'int' ? 'an int' : 'a long', (tree) => integerOf(tree, least, most), writeZigzag);
  }
}

function floatWriter(bytes: 4 | 8): AvroWriter {
  return leaf(bytes === 4 ? 'a float' : 'a double', doubleOf, (out, value) => {
    reserve(out, bytes);
    if (bytes === 4) out.bytes.writeFloatLE(value, out.length);
    else out.bytes.writeDoubleLE(value, out.length);
    out.length += bytes;
  });
}

/** The unscaled number of a decimal within its precision, in as many bytes as are said. */
function decimalBytes(
  tree: JsonTree,
  logical: Logical & { kind: 'decimal' },
  size?: number,
): Uint8Array | undefined {
  const value = decimalOf(tree, logical.scale);
  const most = 10n ** BigInt(logical.precision);
  return value === undefined || value >= most || value <= -most ? undefined : bigToBytes(value, size);
}

function durationBytes(tree: JsonTree): Uint8Array | undefined {
  if (!isObject(tree)) return undefined;
  const bytes = Buffer.alloc(12);
  for (const [k, name] of ['months', 'days', 'milliseconds'].entries()) {
    const value = integerOf(tree.get(name) ?? null, 0n, 2n ** 32n - 1n);
    if (value === undefined) return undefined;
    bytes.writeUInt32LE(Number(value), 4 * k);
  }
  return bytes;
}

function uuidBytes(tree: JsonTree): Uint8Array | undefined {
  const isUuid = typeof tree === 'string' && /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(tree);
  return isUuid ? Buffer.from(tree.replaceAll('-', ''), 'hex') : undefined;
}

type PutBytes = (out: ByteWriter, bytes: Uint8Array) => void;

const writeAll: PutBytes = (out, bytes) => writeBytes(out, bytes, 0, bytes.length);

/** Bytes of any length, or of `size`. */
function bytesWriter(logical: Logical | undefined, size: number | undefined, put: PutBytes): AvroWriter {
  switch (logical?.kind) {
    case 'decimal': {
      const { precision, scale } = logical;
      return leaf(`a decimal of (${precision}, ${scale})`, (tree) => decimalBytes(tree, logical, size), put);
    }
    case 'duration':
      return leaf('a duration {months, days, milliseconds}', durationBytes, put);
    case 'uuid':
      return leaf('a uuid', uuidBytes, put);
    default: {
      const fits = (bytes: Uint8Array | undefined) =>
        size === undefined || bytes?.length === size ? bytes : undefined;
      const wanted = size === undefined ? 'bytes in base64' : `${size} bytes in base64`;
      return leaf(wanted, (tree) => fits(bytesOf(tree)), put);
    }
  }
}

/** Writes what is in an array or a map as one block, and the end of blocks. */
function writeBlock(out: ByteWriter, count: number, writeElements: () => void): void {
  if (count > 0) {
    writeZigzag(out, count);
    writeElements();
  }
  writeVarint(out, 0);
}

function arrayWriter(items: AvroWriter): AvroWriter {
  return {
    write(tree, out, place) {
      if (!isArray(tree)) throw unfit(place, tree, 'an array');
      writeBlock(out, tree.length, () => {
        for (const [k, item] of tree.entries()) items.write(item, out, [...place, k]);
      });
    },
  };
}

function mapWriter(values: AvroWriter): AvroWriter {
  return {
    write(tree, out, place) {
      if (!isObject(tree)) throw unfit(place, tree, 'a map');
      writeBlock(out, tree.size, () => {
        for (const [name, value] of tree) {
          writeSized(out, Buffer.from(name));
          values.write(value, out, [...place, name]);
        }
      });
    },
  };
}

function unionWriter(branches: readonly AvroType[], made: Made): AvroWriter {
  const writers = branches.map((branch) => writerFor(branch, made));
  const wanted = branches.map(({ kind }) => kind).join(' or ');
  return {
    write(tree, out, place) {
      const start = out.length;
      let reason: unknown;
      for (const [k, writer] of writers.entries()) {
        if (branches[k]!.kind === 'null' && tree !== null) continue;
        try {
          writeZigzag(out, k);
          return writer.write(tree, out, place);
        } catch (error) {
          // The next branch may take it.
          reason ??= error;
          out.length = start;
        }
      }
      // With one branch beside null its own reason says more.
      if (reason !== undefined && branches.filter(({ kind }) => kind !== 'null').length === 1) throw reason;
      throw unfit(place, tree, wanted);
    },
  };
}

/**
 * A default of the schema as a tree. That of a union is one of its first branch, bytes are a text of their
 * characters.
 */
function fallbackTree({ fallback, type }: AvroField): JsonTree | undefined {
  if (fallback === undefined) return undefined;
  const plain = type.kind === 'union' ? type.branches[0]! : type;
  if (typeof fallback === 'string' && (plain.kind === 'bytes' || plain.kind === 'fixed')) {
    if (plain.logical !== undefined) return undefined;
    return Buffer.from(fallback, 'latin1').toString('base64');
  }
  return parseTree(JSON.stringify(fallback));
}

const takesNull = (type: AvroType): boolean =>
  type.kind === 'null' || (type.kind === 'union' && type.branches.some(({ kind }) => kind === 'null'));

/** The writers of records, which may stand in themselves. */
type Made = Map<AvroType, AvroWriter>;

function recordWriter(type: AvroType & { kind: 'record' }, made: Made): AvroWriter {
  const fields: { name: string; writer: AvroWriter; missing: JsonTree | undefined }[] = [];
  const names = new Set(type.fields.map(({ name }) => name));
  const self: AvroWriter = {
    write(tree, out, place) {
      if (!isObject(tree)) throw unfit(place, tree, 'a record');
      for (const name of tree.keys()) {
        if (names.has(name)) continue;
        throw badValue(
          `the schema has no field ${spellPlace([...place, name])}`,
          `select the fields that ${type.name} has`,
        );
      }
      for (const { name, writer, missing } of fields) {
        const value = tree.get(name) ?? (tree.has(name) ? null : missing);
        if (value === undefined)
          throw badValue(`the record has no field ${spellPlace([...place, name])}, which its schema wants`);
        writer.write(value, out, [...place, name]);
      }
    },
  };
  made.set(type, self);
  for (const field of type.fields) {
    const missing = fallbackTree(field) ?? (takesNull(field.type) ? null : undefined);
    fields.push({ name: field.name, writer: writerFor(field.type, made), missing });
  }
  return self;
}

function writerFor(type: AvroType, made: Made): AvroWriter {
  switch (type.kind) {
    case 'null':
      return leaf(
        'null',
        (tree) => (tree === null ? true : undefined),
        () => {},
      );
    case 'boolean':
      return leaf(
        'a boolean',
        (tree) => (typeof tree === 'boolean' ? tree : undefined),
        (out, value) => writeVarint(out, value ? 1 : 0),
      );
    case 'int':
    case 'long':
      return integerWriter(type.kind, type.logical);
    case 'float':
      return floatWriter(4);
    case 'double':
      return floatWriter(8);
    case 'bytes':
      return bytesWriter(type.logical, undefined, writeSized);
    case 'fixed':
      return bytesWriter(type.logical, type.size, writeAll);
    case 'string':
      return leaf(
        'a string',
        (tree) => (typeof tree === 'string' ? tree : undefined),
        (out, text) => writeSized(out, Buffer.from(text)),
      );
    case 'enum':
      return leaf(`one of ${type.symbols.join(', ')}`, (tree) => indexIn(type.symbols, tree), writeZigzag);
    case 'array':
      return arrayWriter(writerFor(type.items, made));
    case 'map':
      return mapWriter(writerFor(type.values, made));
    case 'union':
      return unionWriter(type.branches, made);
    case 'record':
      return made.get(type) ?? recordWriter(type, made);
  }
}

function indexIn(symbols: readonly string[], tree: JsonTree): number | undefined {
  const index = typeof tree === 'string' ? symbols.indexOf(tree) : -1;
  return index < 0 ? undefined : index;
}

/** Writes what a type that is no record has in the field `value`. */
function writeOnly(writer: AvroWriter, record: JsonTree, out: ByteWriter): void {
  const value = isObject(record) && record.size === 1 ? record.get('value') : undefined;
  if (value === undefined) {
    throw badValue('the schema is no record: it takes records with one field, value');
  }
  writer.write(value, out, ['value']);
}

/** A writer of records; of a type that is no record, the field `value` is written. */
export function avroWriterOf(type: AvroType): (record: JsonTree, out: ByteWriter) => void {
  const writer = writerFor(type, new Map());
  switch (type.kind) {
    case 'record':
    case 'map':
      return (record, out) => writer.write(record, out, []);
    case 'bytes': {
      // Confluent's serialisers write such a value as it is, without its length.
      const whole = bytesWriter(type.logical, undefined, writeAll);
      return (record, out) => writeOnly(whole, record, out);
    }
    case 'union': {
      return (record, out) => {
        const start = out.length;
        try {
          writer.write(record, out, []);
        } catch (error) {
          if (!isObject(record) || !record.has('value')) throw error;
          out.length = start;
          writeOnly(writer, record, out);
        }
      };
    }
    default:
      return (record, out) => writeOnly(writer, record, out);
  }
}
