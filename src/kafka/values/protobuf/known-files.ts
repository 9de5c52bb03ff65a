/**
 * Files that come with every implementation of protobuf or with Confluent's serialisers, so that registries do not have
 * them: those that messages of people use. Fields keep the names that they have in the .proto language.
 */
const google = (text: string): string => `syntax = "proto3"; package google.protobuf; ${text}`;

const wrapperOf = (name: string, scalar: string): string => `message ${name}Value { ${scalar} value = 1; }`;

const wrappers = [
  ['Double', 'double'],
  ['Float', 'float'],
  ['Int64', 'int64'],
  ['UInt64', 'uint64'],
  ['Int32', 'int32'],
  ['UInt32', 'uint32'],
  ['Bool', 'bool'],
  ['String', 'string'],
  ['Bytes', 'bytes'],
] as const;

const struct = `
  message Struct { map<string, Value> fields = 1; }
  message Value {
    oneof kind {
      NullValue null_value = 1;
      double number_value = 2;
      string string_value = 3;
      bool bool_value = 4;
      Struct struct_value = 5;
      ListValue list_value = 6;
    }
  } enum NullValue { NULL_VALUE = 0; }
  message ListValue { repeated Value values = 1; }`;

export const knownFiles: ReadonlyMap<string, string> = new Map([
  ['google/protobuf/any.proto', google('message Any { string type_url = 1; bytes value = 2; }')],
  ['google/protobuf/duration.proto', google('message Duration { int64 seconds = 1; int32 nanos = 2; }')],
  ['google/protobuf/empty.proto', google('message Empty {}')],
  ['google/protobuf/field_mask.proto', google('message FieldMask { repeated string paths = 1; }')],
  ['google/protobuf/struct.proto', google(struct)],
  ['google/protobuf/timestamp.proto', google('message Timestamp { int64 seconds = 1; int32 nanos = 2; }')],
  [
    'google/protobuf/wrappers.proto',
    google(wrappers.map(([name, scalar]) => wrapperOf(name, scalar)).join(' ')),
  ],
  [
    'confluent/type/decimal.proto',
    'syntax = "proto3"; package confluent.type; message Decimal { bytes value = 1; uint32 precision = 2; int32 scale = 3; }',
  ],
]);

/** Files whose options only annotate: they need not be there. */
export const annotates = (name: string): boolean =>
  /^(google\/(api|protobuf)|confluent|buf|gogoproto|validate|protoc-gen-)/.test(name);
