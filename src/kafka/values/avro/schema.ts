/**
 * Avro schemas (specification 1.12) as types to read and write by. Names are resolved, also those that other schemas
 * define; a type may stand in itself. A logical type that is not known, or does not fit what it stands on, is left
 * out, as the specification says.
 */
import { problem } from '../../../diagnostics/index.js';
import type { RegisteredSchema } from '../registry/registry.js';

const primitives = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const;
type Primitive = (typeof primitives)[number];

export type Logical =
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'date' }
  | { readonly kind: 'duration' }
  /** On sixteen bytes; on a string it is that text. */
  | { readonly kind: 'uuid' }
  /** An instant or a time of day: so many digits finer than milliseconds. */
  | { readonly kind: 'instant' | 'time-of-day'; readonly finerDigits: 0 | 3 | 6 };

export interface AvroField {
  readonly name: string;
  readonly type: AvroType;
  /** As it stands in the schema; undefined when there is none. */
  readonly fallback: unknown;
}

export type AvroType =
  | { readonly kind: Primitive; readonly logical?: Logical }
  | { readonly kind: 'fixed'; readonly size: number; readonly logical?: Logical }
  | { readonly kind: 'enum'; readonly symbols: readonly string[] }
  | { readonly kind: 'array'; readonly items: AvroType }
  | { readonly kind: 'map'; readonly values: AvroType }
  | { readonly kind: 'union'; readonly branches: readonly AvroType[] }
  | { readonly kind: 'record'; readonly name: string; readonly fields: readonly AvroField[] };

type SchemaObject = Readonly<Record<string, unknown>>;
type Names = Map<string, AvroType>;

const unreadable = (message: string) =>
  problem({ code: 'format', message: `an Avro schema cannot be read: ${message}` });

const logicals: Readonly<Record<string, { readonly on: readonly string[]; readonly logical: Logical }>> = {
  date: { on: ['int'], logical: { kind: 'date' } },
  duration: { on: ['fixed'], logical: { kind: 'duration' } },
  uuid: { on: ['fixed'], logical: { kind: 'uuid' } },
  'time-millis': { on: ['int'], logical: { kind: 'time-of-day', finerDigits: 0 } },
  'time-micros': { on: ['long'], logical: { kind: 'time-of-day', finerDigits: 3 } },
  'timestamp-millis': { on: ['long'], logical: { kind: 'instant', finerDigits: 0 } },
  'timestamp-micros': { on: ['long'], logical: { kind: 'instant', finerDigits: 3 } },
  'timestamp-nanos': { on: ['long'], logical: { kind: 'instant', finerDigits: 6 } },
  'local-timestamp-millis': { on: ['long'], logical: { kind: 'instant', finerDigits: 0 } },
  'local-timestamp-micros': { on: ['long'], logical: { kind: 'instant', finerDigits: 3 } },
  'local-timestamp-nanos': { on: ['long'], logical: { kind: 'instant', finerDigits: 6 } },
};

function logicalOf(schema: SchemaObject, kind: string): { logical?: Logical } {
  const name = String(schema['logicalType']);
  if (name === 'decimal') {
    const { precision, scale = 0 } = schema;
    const fits =
      (kind === 'bytes' || kind === 'fixed') && Number.isInteger(precision) && Number.isInteger(scale);
    if (!fits || (scale as number) < 0 || (scale as number) > (precision as number)) return {};
    return { logical: { kind: 'decimal', precision: precision as number, scale: scale as number } };
  }
  const known = Object.hasOwn(logicals, name) ? logicals[name] : undefined;
  if (known === undefined || !known.on.includes(kind)) return {};
  const size = { duration: 12, uuid: 16 }[name];
  return size !== undefined && schema['size'] !== size ? {} : { logical: known.logical };
}

/** The full name of a type and the namespace of what stands in it. */
function fullName(
  name: string,
  own: unknown,
  around: string,
): { readonly full: string; readonly space: string } {
  const dot = name.lastIndexOf('.');
  if (dot >= 0) return { full: name, space: name.slice(0, dot) };
  const space = typeof own === 'string' ? own : around;
  return { full: space === '' ? name : `${space}.${name}`, space };
}

function named(schema: SchemaObject, around: string): { readonly full: string; readonly space: string } {
  if (typeof schema['name'] !== 'string') throw unreadable(`a ${schema['type']} has no name`);
  return fullName(schema['name'], schema['namespace'], around);
}

function listOf(schema: SchemaObject, key: string): readonly unknown[] {
  const list = schema[key];
  if (!Array.isArray(list)) throw unreadable(`a ${schema['type']} has no ${key}`);
  return list;
}

function readRecord(schema: SchemaObject, names: Names, around: string): AvroType {
  const { full, space } = named(schema, around);
  const fields: AvroField[] = [];
  const record: AvroType = { kind: 'record', name: full, fields };
  names.set(full, record);
  for (const one of listOf(schema, 'fields') as readonly SchemaObject[]) {
    if (typeof one?.['name'] !== 'string') throw unreadable(`a field of ${full} has no name`);
    fields.push({ name: one['name'], type: readType(one['type'], names, space), fallback: one['default'] });
  }
  return record;
}

function readNamed(text: string, names: Names, around: string): AvroType {
  const primitive = primitives.find((one) => one === text);
  if (primitive !== undefined) return { kind: primitive };
  const type = names.get(fullName(text, undefined, around).full) ?? names.get(text);
  if (type === undefined) throw unreadable(`it names a type ${text}, which is nowhere defined`);
  return type;
}

function readComplex(schema: SchemaObject, names: Names, around: string): AvroType {
  switch (schema['type']) {
    case 'record':
    case 'error':
      return readRecord(schema, names, around);
    case 'enum': {
      const type: AvroType = { kind: 'enum', symbols: listOf(schema, 'symbols').map(String) };
      names.set(named(schema, around).full, type);
      return type;
    }
    case 'fixed': {
      const { size } = schema;
      if (typeof size !== 'number' || !Number.isInteger(size) || size < 0)
        throw unreadable('a fixed has no size');
      const type: AvroType = { kind: 'fixed', size, ...logicalOf(schema, 'fixed') };
      names.set(named(schema, around).full, type);
      return type;
    }
    case 'array':
      return { kind: 'array', items: readType(schema['items'], names, around) };
    case 'map':
      return { kind: 'map', values: readType(schema['values'], names, around) };
    default: {
      const type = readType(schema['type'], names, around);
      const primitive = primitives.find((one) => one === type.kind);
      return primitive === undefined ? type : { kind: primitive, ...logicalOf(schema, primitive) };
    }
  }
}

function readType(schema: unknown, names: Names, around: string): AvroType {
  if (typeof schema === 'string') return readNamed(schema, names, around);
  if (Array.isArray(schema)) {
    return { kind: 'union', branches: schema.map((branch) => readType(branch, names, around)) };
  }
  if (typeof schema !== 'object' || schema === null) throw unreadable('a type of it is none');
  return readComplex(schema as SchemaObject, names, around);
}

/** A schema's text is JSON, or the bare name of a primitive type. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (primitives.some((one) => one === text.trim())) return text.trim();
    throw unreadable('it is not JSON');
  }
}

/** The type of a schema, with what its references define. */
export function avroTypeOf(schema: Pick<RegisteredSchema, 'text' | 'references'>): AvroType {
  const names: Names = new Map();
  for (const { text } of schema.references) readType(parsed(text), names, '');
  return readType(parsed(schema.text), names, '');
}
