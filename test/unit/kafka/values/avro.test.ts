/** Avro values: bytes worked out from the specification, in both directions, and what does not fit a schema. */
import t from 'tap';
import { createValueDecoder, createValueEncoder } from '../../../../src/kafka/index.js';
import { type RegistryDouble, startRegistry } from '../../../harness/schema-registry.js';
import { decoded, encoded, hex, problemOf, withId } from './value-codecs.js';

let registry: RegistryDouble;
t.before(async () => {
  registry = await startRegistry();
});
t.teardown(() => registry.close());

let subjects = 0;
/** A schema in the registry, and codecs for it. */
function avroOf(schema: unknown) {
  const subject = `subject-${subjects++}`;
  const id = registry.add(subject, { schema: JSON.stringify(schema) });
  const decoder = createValueDecoder('avro', { registry: registry.url });
  const encoder = createValueEncoder('avro', { registry: registry.url, subject });
  return {
    read: (bytes: string) => decoded(decoder, withId(id, hex(bytes))),
    write: async (record: unknown) => (await encoded(encoder, record)).subarray(5).toString('hex'),
  };
}

const record = (...fields: readonly (readonly [string, unknown, unknown?])[]) => ({
  type: 'record',
  name: 'R',
  fields: fields.map(([name, type, ...fallback]) => ({
    name,
    type,
    ...(fallback.length === 0 ? {} : { default: fallback[0] }),
  })),
});

/** Values that are the same in both directions: schema of a field, its bytes, its JSON. */
const both: readonly (readonly [string, unknown, string, string])[] = [
  ['null', 'null', '', 'null'],
  ['a boolean', 'boolean', '01', 'true'],
  ['an int', 'int', '7f', '-64'],
  ['a long', 'long', '8001', '64'],
  ['the greatest long', 'long', 'feffffffffffffffff01', '9223372036854775807'],
  ['the least long', 'long', 'ffffffffffffffffff01', '-9223372036854775808'],
  ['2^53 + 1', 'long', '8280808080808020', '9007199254740993'],
  ['a float', 'float', 'cdcccc3d', '0.1'],
  ['a double', 'double', '9a9999999999b93f', '0.1'],
  ['no number', 'double', '000000000000f87f', '"NaN"'],
  ['bytes', 'bytes', '0400ff', '"AP8="'],
  ['a string', 'string', '0ac3a664696f', '"ædio"'],
  ['an enum', { type: 'enum', name: 'E', symbols: ['A', 'B', 'C'] }, '04', '"C"'],
  ['an array', { type: 'array', items: 'long' }, '04063600', '[3,27]'],
  ['an empty array', { type: 'array', items: 'long' }, '00', '[]'],
  ['a map', { type: 'map', values: 'int' }, '0402610202620400', '{"a":1,"b":2}'],
  ['a fixed', { type: 'fixed', name: 'F', size: 2 }, '0102', '"AQI="'],
  ['null of a union', ['null', 'string'], '00', 'null'],
  ['a string of a union', ['null', 'string'], '020261', '"a"'],
  ['a long of a union', ['null', 'int', 'long'], '0480a094a58d1d', '500000000000'],
  ['a decimal', { type: 'bytes', logicalType: 'decimal', precision: 30, scale: 2 }, '0404d2', '12.34'],
  ['a decimal below 0', { type: 'bytes', logicalType: 'decimal', precision: 4, scale: 2 }, '02ff', '-0.01'],
  [
    'a decimal of 30 digits',
    { type: 'bytes', logicalType: 'decimal', precision: 30, scale: 0 },
    '1a018ee90ff6c373e0ee4e3f0ad2',
    '123456789012345678901234567890',
  ],
  [
    'a decimal in a fixed',
    { type: 'fixed', name: 'D', size: 4, logicalType: 'decimal', precision: 9, scale: 3 },
    'fffffb2e',
    '-1.234',
  ],
  ['a date', { type: 'int', logicalType: 'date' }, '809b02', '"2019-08-04"'],
  ['an instant in ms', { type: 'long', logicalType: 'timestamp-millis' }, 'f6a1abfef962', '1700000000123'],
  ['an instant in µs', { type: 'long', logicalType: 'timestamp-micros' }, 'e21c', '1.841'],
  ['an instant in ns', { type: 'long', logicalType: 'timestamp-nanos' }, '8092f401', '2'],
  ['a local instant', { type: 'long', logicalType: 'local-timestamp-micros' }, 'd00f', '1'],
  ['a time of day', { type: 'long', logicalType: 'time-micros' }, 'd20f', '1.001'],
  [
    'a duration',
    { type: 'fixed', name: 'U', size: 12, logicalType: 'duration' },
    '0100000002000000e8030000',
    '{"months":1,"days":2,"milliseconds":1000}',
  ],
  [
    'a uuid in a fixed',
    { type: 'fixed', name: 'I', size: 16, logicalType: 'uuid' },
    '00112233445566778899aabbccddeeff',
    '"00112233-4455-6677-8899-aabbccddeeff"',
  ],
];

for (const [name, type, bytes, json] of both) {
  t.test(`${name} is read and written`, async (t) => {
    const avro = avroOf(record(['v', type]));
    t.equal(await avro.read(bytes), `{"v":${json}}`);
    t.equal(await avro.write(`{"v":${json}}`), bytes);
  });
}

t.test('records: the example of the specification', async (t) => {
  const avro = avroOf(record(['a', 'long'], ['b', 'string']));
  t.equal(await avro.read('3606666f6f'), '{"a":27,"b":"foo"}');
  t.equal(await avro.write({ b: 'foo', a: 27 }), '3606666f6f', 'in the order of the schema');
});

t.test('blocks with their length, as a writer that streams makes them', async (t) => {
  const avro = avroOf(record(['v', { type: 'array', items: 'long' }]));
  t.equal(await avro.read('03040636023600'), '{"v":[3,27,27]}');
});

t.test('a type that stands in itself', async (t) => {
  const list = record(['value', 'int'], ['next', ['null', 'R']]);
  const avro = avroOf(list);
  t.equal(await avro.read('02020400'), '{"value":1,"next":{"value":2,"next":null}}');
  t.equal(await avro.write({ value: 1, next: { value: 2 } }), '02020400');
});

t.test('what is no record becomes the field value', async (t) => {
  const avro = avroOf('string');
  t.equal(await avro.read('0661 6263'), '{"value":"abc"}');
  t.equal(await avro.write({ value: 'abc' }), '06616263');
  t.match(await problemOf(() => avro.write({ a: 'abc' })), {
    code: 'bad-record',
    message: /one field, value/,
  });
  t.equal(await avroOf({ type: 'map', values: 'int' }).read('0202610200'), '{"a":1}');
  const union = avroOf(['null', 'string', record(['value', 'int'])]);
  for (const [bytes, json] of [
    ['00', '{"value":null}'],
    ['020261', '{"value":"a"}'],
    ['0402', '{"value":1}'],
  ] as const) {
    t.equal(await union.read(bytes), json);
    t.equal(await union.write(json), bytes);
  }
  const bytes = avroOf('bytes');
  t.equal(await bytes.read('00ff'), '{"value":"AP8="}', "bytes stand alone, as in Confluent's serialisers");
  t.equal(await bytes.write('{"value":"AP8="}'), '00ff');
});

t.test('a field that is missing gets its default, or null', async (t) => {
  const avro = avroOf(
    record(
      ['a', 'int', 5],
      ['b', ['null', 'int']],
      ['c', { type: 'array', items: 'int' }, []],
      ['d', 'bytes', '\u00ff'],
    ),
  );
  t.equal(await avro.write({}), '0a000002ff');
  t.match(await problemOf(() => avroOf(record(['a', 'int'])).write({})), {
    code: 'bad-record',
    message: /has no field a, which its schema wants/,
  });
});

t.test('times are also taken as texts', async (t) => {
  const micros = avroOf(record(['t', { type: 'long', logicalType: 'timestamp-micros' }]));
  t.equal(await micros.write({ t: '1970-01-01T00:00:00.001Z' }), 'd00f');
  t.match(await problemOf(() => micros.write('{"t":1.00051}')), {
    message: /^t is the number 1.00051, and the schema wants an instant/,
  });
  t.match(await problemOf(() => micros.write('{"t":"1970-01-01T00:00:00.000001Z"}')), { code: 'bad-record' });
});

t.test('unions take the first branch that loses nothing', async (t) => {
  const avro = avroOf(record(['v', ['null', 'int', 'double', 'string', record(['a', 'int'])]]));
  t.equal(await avro.write('{"v":3000000000}'), '04000000c00b5ae641');
  t.equal(await avro.write({ v: 1 }), '0202');
  t.equal(await avro.write({ v: 'x' }), '060278');
  t.equal(await avro.write({ v: { a: 1 } }), '0802');
  t.match(await problemOf(() => avro.write({ v: true })), {
    message: /^v is true, and the schema wants null or int or/,
  });
});

t.test('what does not fit the schema is refused with its place', async (t) => {
  const avro = avroOf(record(['a', ['null', { type: 'array', items: record(['n', 'int']) }]]));
  const refusal = (text: string) => problemOf(() => avro.write(text));
  t.match(await refusal('{"a":[{"n":1},{"n":2147483648}]}'), {
    message: 'a[1].n is the number 2147483648, and the schema wants an int',
  });
  t.match(await refusal('{"a":[{"n":1.5}]}'), { message: /a\[0\].n is the number 1.5/ });
  t.match(await refusal('{"a":null,"b":1}'), {
    message: /the schema has no field b/,
    hint: /select the fields/,
  });
  t.match(await refusal('[1]'), { message: /not a JSON object/ });
  t.match(await refusal('{"a":1,}'), { message: /not JSON/ });
  const decimal = avroOf(record(['d', { type: 'bytes', logicalType: 'decimal', precision: 4, scale: 2 }]));
  t.match(await problemOf(() => decimal.write('{"d":1.234}')), { message: /a decimal of \(4, 2\)/ });
  t.match(await problemOf(() => decimal.write('{"d":123.45}')), { message: /a decimal of \(4, 2\)/ });
  t.equal(await decimal.write('{"d":"1.50"}'), '040096');
});

t.test('damaged values are bad and end soon', async (t) => {
  const refusal = (schema: unknown, bytes: string) =>
    problemOf(() => avroOf(record(['v', schema])).read(bytes));
  t.match(await refusal('string', '0a6162'), { code: 'bad-record', message: /cut off/ });
  t.match(await refusal('string', '01'), { message: /negative/ });
  t.match(await refusal('string', '02ff'), { message: /not UTF-8/ });
  t.match(await refusal('int', 'feffffffffffffffff01'), { message: /more than 32 bits/ });
  t.match(await refusal('long', 'ffffffffffffffffffff01'), { message: /more than 64 bits/ });
  t.match(await refusal('boolean', '02'), { message: /neither true nor false/ });
  t.match(await refusal(['null'], '02'), { message: /no such branch/ });
  t.match(await refusal({ type: 'enum', name: 'E', symbols: ['A'] }, '02'), { message: /no such symbol/ });
  t.match(await refusal('int', '0202'), { message: /more in it than its schema says/ });
  // Nulls take no bytes: 2^41 of them would be read from seven bytes.
  t.match(await refusal({ type: 'array', items: 'null' }, '80808080808001 00'), {
    message: /more than 16 MiB/,
  });
  const nested = avroOf(record(['next', ['null', 'R']]));
  t.match(await problemOf(() => nested.read('02'.repeat(100_000))), { message: /more than 200 deep/ });
});
