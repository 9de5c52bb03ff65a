/** Protobuf values: bytes worked out from the encoding's description, in both directions, and what does not fit. */
import t from 'tap';
import { createValueDecoder, createValueEncoder } from '../../../../src/kafka/index.js';
import { type GivenSchema, type RegistryDouble, startRegistry } from '../../../harness/schema-registry.js';
import { decoded, encoded, hex, problemOf, withId } from './value-codecs.js';

let registry: RegistryDouble;
t.before(async () => {
  registry = await startRegistry();
});
t.teardown(() => registry.close());

let subjects = 0;
/** A file in the registry, and codecs for the first message in it, or the one at a path. */
function protobufOf(
  schema: string,
  { path = '00', message, ...more }: { path?: string; message?: string } & Partial<GivenSchema> = {},
) {
  const subject = `subject-${subjects++}`;
  const id = registry.add(subject, { schema, schemaType: 'PROTOBUF', ...more });
  const decoder = createValueDecoder('protobuf', { registry: registry.url });
  const choice = message === undefined ? {} : { message };
  const encoder = createValueEncoder('protobuf', { registry: registry.url, subject, ...choice });
  return {
    read: (bytes: string) => decoded(decoder, withId(id, hex(path), hex(bytes))),
    write: async (record: unknown) => {
      const value = await encoded(encoder, record);
      t.equal(value.subarray(5, 5 + path.length / 2).toString('hex'), path, 'the path of the message');
      return value.subarray(5 + path.length / 2).toString('hex');
    },
  };
}

const proto3 = (fields: string, more = ''): string =>
  `syntax = "proto3"; package shop; message M { ${fields} } ${more}`;

/** Fields whose value is the same in both directions: field, bytes, JSON. */
const both: readonly (readonly [string, string, string])[] = [
  ['int32 v = 1;', '089601', '150'],
  ['int32 v = 1;', '08ffffffffffffffffff01', '-1'],
  ['int64 v = 1;', '08ffffffffffffffff7f', '9223372036854775807'],
  ['uint64 v = 1;', '08ffffffffffffffffff01', '18446744073709551615'],
  ['sint32 v = 1;', '0803', '-2'],
  ['sint64 v = 1;', '08ffffffffffffffffff01', '-9223372036854775808'],
  ['fixed32 v = 1;', '0dffffffff', '4294967295'],
  ['sfixed32 v = 1;', '0dffffffff', '-1'],
  ['fixed64 v = 1;', '09ffffffffffffffff', '18446744073709551615'],
  ['sfixed64 v = 1;', '09feffffffffffffff', '-2'],
  ['float v = 1;', '0dcdcccc3d', '0.1'],
  ['double v = 1;', '099a9999999999b93f', '0.1'],
  ['bool v = 1;', '0801', 'true'],
  ['string v = 2;', '120774657374696e67', '"testing"'],
  ['bytes v = 1;', '0a0200ff', '"AP8="'],
  ['repeated int32 v = 6;', '3206038e029ea705', '[3,270,86942]'],
  ['repeated string v = 1;', '0a01610a0162', '["a","b"]'],
  ['map<string, int32> v = 1;', '0a050a016110010a050a01621002', '{"a":1,"b":2}'],
  ['map<int64, bool> v = 1;', '0a0408071001', '{"7":true}'],
  ['N v = 1; message N { int32 a = 1; }', '0a03089601', '{"a":150}'],
  ['E v = 1; enum E { A = 0; B = 1; }', '0801', '"B"'],
  ['optional int32 v = 1;', '0800', '0'],
  ['google.protobuf.Timestamp v = 1;', '0a0708e80710c0843d', '1000001'],
  ['google.protobuf.Timestamp v = 1;', '0a1108ffffffffffffffffff0110ff93ebdc03', '-0.000001'],
  ['google.protobuf.Duration v = 1;', '0a020801', '1000'],
  ['google.protobuf.Int64Value v = 1;', '0a020807', '7'],
  ['google.protobuf.StringValue v = 1;', '0a030a0161', '"a"'],
  ['google.protobuf.Value v = 1;', '0a020800', 'null'],
  ['google.protobuf.Value v = 1;', '0a0d320b0a0911000000000000f83f', '[1.5]'],
  ['google.protobuf.Struct v = 1;', '0a0b0a090a016112041a026869', '{"a":"hi"}'],
  ['confluent.type.Decimal v = 1;', '0a080a0204d210041802', '12.34'],
];
const imports = ['timestamp', 'duration', 'wrappers', 'struct'].map(
  (file) => `import "google/protobuf/${file}.proto";`,
);

for (const [field, bytes, json] of both) {
  t.test(`${field} ${json} is read and written`, async (t) => {
    const files = `${imports.join(' ')} import "confluent/type/decimal.proto";`;
    const file = proto3(field).replace('package', `${files} package`);
    const protobuf = protobufOf(file);
    t.equal(await protobuf.read(bytes), `{"v":${json}}`);
    t.equal(await protobuf.write(`{"v":${json}}`), bytes);
  });
}

t.test('what is not there is zero where nothing tells it from that', async (t) => {
  const fields =
    'int64 a = 1; string b = 2; repeated int32 c = 3; map<string, int32> d = 4; E e = 5; bool f = 6; optional int32 g = 7; N h = 8; oneof o { int32 i = 9; } bytes j = 10;';
  const protobuf = protobufOf(proto3(fields, 'enum E { NONE = 0; } message N {}'));
  const zero = '{"a":0,"b":"","c":[],"d":{},"e":"NONE","f":false,"j":""}';
  t.equal(await protobuf.read(''), zero);
  t.equal(await protobuf.write(zero), '', 'and is left out again');
  t.equal(await protobuf.write({ g: null, h: null }), '');
  const two = protobufOf('syntax = "proto2"; message M { optional int32 a = 1; repeated int32 b = 2; }');
  t.equal(await two.read('10011002'), '{"b":[1,2]}');
  t.equal(await two.write({ a: 0, b: [1, 2] }), '080010011002', 'proto2 does not pack');
});

t.test('fields come in any order, unknown ones are skipped, the last of a single one holds', async (t) => {
  const protobuf = protobufOf(proto3('int32 a = 1; string b = 2;'));
  const unknown = '9a0103616263' + 'a1010000000000000000' + 'ad0100000000' + 'b00101' + 'bb010801bc01';
  t.equal(await protobuf.read(`120178${unknown}08020803`), '{"a":3,"b":"x"}');
});

t.test('repeated numbers are read packed, not packed and both', async (t) => {
  t.equal(await protobufOf(proto3('repeated int32 v = 1;')).read('08010a020203'), '{"v":[1,2,3]}');
});

t.test('a message in two pieces is one', async (t) => {
  const protobuf = protobufOf(proto3('N v = 1; message N { int32 a = 1; repeated int32 b = 2; }'));
  t.equal(await protobuf.read('0a050801120101' + '0a050802120102'), '{"v":{"a":2,"b":[1,2]}}');
});

t.test('of a oneof the last holds', async (t) => {
  const protobuf = protobufOf(proto3('oneof o { int32 a = 1; string b = 2; }'));
  t.equal(await protobuf.read('0801120178'), '{"b":"x"}');
  t.match(await problemOf(() => protobuf.write({ a: 1, b: 'x' })), {
    code: 'bad-record',
    message: /both a and b/,
  });
});

t.test('groups of proto2', async (t) => {
  const protobuf = protobufOf(
    'syntax = "proto2"; message M { repeated group Line = 1 { optional int32 n = 2; } }',
  );
  const json = await protobuf.read('0b10010c0b10020c');
  t.match(json, /\[\{"n":1\},\{"n":2\}\]/);
  t.equal(await protobuf.write(json), '0b10010c0b10020c');
  t.match(await problemOf(() => protobuf.read('0b1001')), { code: 'bad-record', message: /cut off/ });
});

t.test('names of enums, numbers without a name, keys that are numbers', async (t) => {
  const protobuf = protobufOf(proto3('E e = 1; map<int32, string> m = 2;', 'enum E { A = 0; B = 1; }'));
  t.equal(await protobuf.read('0807'), '{"e":7,"m":{}}');
  t.equal(
    await protobuf.write({ e: 7, m: { '-1': 'x' } }),
    '0807' + '120e' + '08ffffffffffffffffff01' + '120178',
  );
  t.match(await problemOf(() => protobuf.write({ e: 'C' })), {
    message: /^e is the text "C", and the schema wants one of A, B/,
  });
  t.match(await problemOf(() => protobuf.write({ m: { x: 'y' } })), { message: /keys that are numbers/ });
});

t.test('the path chooses the message, which is counted in its own file', async (t) => {
  registry.add('other.proto', {
    schema: 'syntax = "proto3"; package shop; message First { int32 x = 1; }',
    schemaType: 'PROTOBUF',
  });
  const file = `syntax = "proto3"; package shop; import "other.proto";
    message A { enum E { Z = 0; } message B { int32 b = 1; } message C { First f = 1; } }
    message D { int32 d = 1; }`;
  const references = [{ name: 'other.proto', subject: 'other.proto', version: 1 }];
  const d = protobufOf(file, { path: '0202', message: 'D', references });
  t.equal(await d.read('0805'), '{"d":5}');
  t.equal(await d.write({ d: 5 }), '0805');
  const c = protobufOf(`${file} `, { path: '040002', message: 'shop.A.C', references });
  t.equal(await c.read('0a020807'), '{"f":{"x":7}}');
  t.equal(await c.write({ f: { x: 7 } }), '0a020807');
  const none = protobufOf(`${file}  `, { path: '0208', message: 'Nobody', references });
  t.match(await problemOf(() => none.read('')), { code: 'bad-record', message: /no message type at 4/ });
  t.match(await problemOf(() => none.write({})), { code: 'output', message: /no message type Nobody/ });
});

t.test('fields are also taken by their names in JSON', async (t) => {
  t.equal(await protobufOf(proto3('int32 big_id = 1;')).write({ bigId: 1 }), '0801');
});

t.test('a file that cannot be read makes its values bad', async (t) => {
  t.match(await problemOf(() => protobufOf('syntax = "proto3"; message {').read('')), {
    code: 'bad-record',
    message: /cannot be used/,
  });
  const lost = 'syntax = "proto3"; import "lost.proto"; message M { Lost l = 1; }';
  t.match(await problemOf(() => protobufOf(lost).read('')), { message: /it imports lost.proto/ });
});

t.test('what does not fit the schema is refused with its place', async (t) => {
  const protobuf = protobufOf(
    proto3('repeated N n = 1; message N { int32 a = 1; bytes b = 2; bool c = 3; }'),
  );
  const refusal = (text: string) => problemOf(() => protobuf.write(text));
  t.match(await refusal('{"n":[{"a":1},{"a":2147483648}]}'), {
    message: /^n\[1\].a is the number 2147483648/,
  });
  t.match(await refusal('{"n":[{"a":false}]}'), { message: /^n\[0\].a is false/ });
  t.match(await refusal('{"n":[{"b":"?"}]}'), { message: /base64/ });
  t.match(await refusal('{"n":[{"c":""}]}'), { message: /true or false/ });
  t.match(await refusal('{"n":{}}'), { message: /an array/ });
  t.match(await refusal('{"x":1}'), { message: /no field x/, hint: /shop.M/ });
});

t.test('damaged values are bad and end soon', async (t) => {
  const protobuf = protobufOf(proto3('M m = 1; string s = 2; repeated bool b = 3; map<string, M> x = 4;'));
  const refusal = (bytes: string) => problemOf(() => protobuf.read(bytes));
  t.match(await refusal('1205616263'), { code: 'bad-record', message: /cut off/ });
  t.match(await refusal('1201ff'), { message: /not UTF-8/ });
  t.match(await refusal('00'), { message: /no number that is allowed/ });
  t.match(await refusal('0e'), { message: /wire type/ });
  t.match(await refusal('12ffffffffffffffffff01'), { message: /beyond all bounds/ });
  t.match(await refusal('0a' + 'ff'.repeat(11)), { message: /64 bits/ });
  let deep = '';
  for (let k = 0; k < 300; k++) {
    const length = deep.length / 2;
    deep = `0a${length < 128 ? length.toString(16).padStart(2, '0') : ((length & 127) | 128).toString(16) + (length >> 7).toString(16).padStart(2, '0')}${deep}`;
  }
  t.match(await refusal(deep), { message: /more than 200 deep/ });
  t.match(await refusal('0b'.repeat(100_000)), { message: /more than 200 deep|wire type|cut off/ });
});
