/**
 * The formats of values by their names, with what each needs.
 */
import { didYouMean, problem } from '../../diagnostics/index.js';
import { avroDecoder, avroEncoder } from './avro/codec.js';
import { csvEncoder } from './csv.js';
import { debeziumDecoder, debeziumEncoder } from './debezium.js';
import { jsonDecoder, jsonEncoder, jsonSchemaDecoder } from './json.js';
import { type ProtobufChoice, protobufDecoder, protobufEncoder } from './protobuf/codec.js';
import { createRegistry, type SchemaRegistry } from './registry/registry.js';
import { textDecoder, textEncoder } from './text.js';
import type { ValueDecoder, ValueEncoder } from './value-codec.js';

export const valueFormats = [
  'json',
  'json-schema',
  'text',
  'csv',
  'debezium',
  'avro',
  'debezium-avro',
  'protobuf',
] as const;

export type ValueFormat = (typeof valueFormats)[number];

export interface ValueDecoderOptions {
  /** The address of the schema registry, for the formats that need one. */
  readonly registry?: string;
  /** Where the login for the registry is looked for; the environment of the process when it is left out. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface ValueEncoderOptions extends ValueDecoderOptions, Partial<ProtobufChoice> {
  /** The fields that a line of CSV has. */
  readonly columns?: readonly string[];
}

function unknownFormat(name: string): never {
  const hint = didYouMean(name, valueFormats) ?? `known are: ${valueFormats.join(', ')}`;
  throw problem({ code: 'usage', message: `there is no format ${name} of values`, hint });
}

function registryOf(format: ValueFormat, { registry, environment }: ValueDecoderOptions): SchemaRegistry {
  if (registry !== undefined) return createRegistry(registry, environment);
  throw problem({
    code: 'usage',
    message: `the format ${format} needs the address of a schema registry`,
    hint: 'write registry=http://host:port',
  });
}

/** Rows in Avro within envelopes in Avro. */
function debeziumAvroDecoder(registry: SchemaRegistry): ValueDecoder {
  const envelopes = avroDecoder(registry);
  return { ...envelopes, decode: (value) => debeziumDecoder.decode(envelopes.decode(value)) };
}

/** A decoder of values of a format. Nothing is loaded and nobody asked before the first value. */
export function createValueDecoder(format: string, options: ValueDecoderOptions = {}): ValueDecoder {
  switch (format as ValueFormat) {
    case 'json':
      return jsonDecoder;
    case 'json-schema':
      return jsonSchemaDecoder;
    case 'text':
      return textDecoder;
    case 'csv':
      return onlyWritten();
    case 'debezium':
      return debeziumDecoder;
    case 'avro':
      return avroDecoder(registryOf('avro', options));
    case 'debezium-avro':
      return debeziumAvroDecoder(registryOf('debezium-avro', options));
    case 'protobuf':
      return protobufDecoder(registryOf('protobuf', options));
    default:
      return unknownFormat(format);
  }
}

function choiceOf(
  format: ValueFormat,
  { subject, schema, register, message }: ValueEncoderOptions,
): ProtobufChoice {
  if (subject === undefined) {
    const hint = 'write subject=TOPIC-value, or another subject of the registry';
    throw problem({ code: 'usage', message: `the format ${format} needs the subject of its schema`, hint });
  }
  return {
    subject,
    ...(schema === undefined ? {} : { schema }),
    ...(register === undefined ? {} : { register }),
    ...(message === undefined ? {} : { message }),
  };
}

/** Lines of CSV go the way of all lines of text. */
function onlyWritten(): never {
  throw problem({
    code: 'usage',
    message: 'lines of CSV in a topic are read as those of a file are',
    hint: 'write --format csv --columns id,name in place of format=csv',
  });
}

function columnsOf({ columns = [] }: ValueEncoderOptions): readonly string[] {
  if (columns.length > 0) return columns;
  throw problem({
    code: 'usage',
    message: 'lines of CSV have no header in a topic, and need to know their columns',
    hint: 'write columns=id,name',
  });
}

function onlyRead(format: string, instead: ValueFormat): never {
  throw problem({
    code: 'usage',
    message: `the format ${format} is only read`,
    hint: `write format=${instead}`,
  });
}

/** An encoder of records to values of a format. */
export function createValueEncoder(format: string, options: ValueEncoderOptions = {}): ValueEncoder {
  switch (format as ValueFormat) {
    case 'json':
      return jsonEncoder;
    case 'text':
      return textEncoder;
    case 'csv':
      return csvEncoder(columnsOf(options));
    case 'debezium':
      return debeziumEncoder;
    case 'avro':
      return avroEncoder(registryOf('avro', options), choiceOf('avro', options));
    case 'protobuf':
      return protobufEncoder(registryOf('protobuf', options), choiceOf('protobuf', options));
    case 'debezium-avro':
      return onlyRead(format, 'debezium');
    case 'json-schema':
      return onlyRead(format, 'json');
    default:
      return unknownFormat(format);
  }
}
