/** Formats of values that need no schema: JSON, text, and Debezium's envelopes in both directions. */
import t from 'tap';
import { createValueDecoder, createValueEncoder } from '../../../../src/kafka/index.js';
import { decoded, encoded, problemOf, withId } from './value-codecs.js';

t.test('json is passed on as it is, on one line', async (t) => {
  const json = createValueDecoder('json');
  t.equal(await decoded(json, '{"a":1.0}'), '{"a":1.0}');
  t.equal(await decoded(json, '{\r\n  "a": 1\n}'), '{    "a": 1 }');
  t.equal((await encoded(createValueEncoder('json'), '{"a":1.0}')).toString(), '{"a":1.0}');
});

t.test('json behind the number of its schema', async (t) => {
  const json = createValueDecoder('json-schema');
  t.equal(await decoded(json, withId(7, Buffer.from('{"a":\n1.0}'))), '{"a": 1.0}');
  t.match(await problemOf(() => decoded(json, '{"a":1}')), { code: 'bad-record', hint: /format=json/ });
});

t.test('text is the field text of a record', async (t) => {
  const text = createValueDecoder('text');
  t.equal(await decoded(text, 'a "line"\nand another'), '{"text":"a \\"line\\"\\nand another"}');
  t.equal(await decoded(text, ''), '{"text":""}');
  t.match(await problemOf(() => text.decode(Uint8Array.of(0x61, 0xff))), {
    code: 'bad-record',
    message: /not UTF-8/,
  });
  t.equal((await encoded(createValueEncoder('text'), { text: 'blåbær\n', n: 1 })).toString(), 'blåbær\n');
  t.match(await problemOf(() => encoded(createValueEncoder('text'), { n: 1 })), { code: 'bad-record' });
});

t.test('csv is a line of the columns that are named', async (t) => {
  const csv = createValueEncoder('csv', { columns: ['id', 'name', 'price', 'tags'] });
  const line = (record: string) => encoded(csv, record).then(String);
  t.equal(
    await line('{"price":1.50,"id":12345678901234567890,"name":"chair","more":1}'),
    '12345678901234567890,chair,1.50,',
  );
  t.equal(await line('{"id":null,"name":"a \\"b\\", c","tags":[1,"x"]}'), ',"a ""b"", c",,"[1,""x""]"');
  t.equal(await line('{"name":"two\\nlines"}'), ',"two\nlines",,');
  t.match(await problemOf(() => createValueEncoder('csv')), { code: 'usage', hint: /columns=/ });
  t.match(await problemOf(() => createValueDecoder('csv')), {
    code: 'usage',
    hint: /--format csv --columns/,
  });
});

t.test('debezium: changes of rows, with numbers as they are spelled', async (t) => {
  const debezium = createValueDecoder('debezium');
  const row = '{"id":12345678901234567890,"price":1.50}';
  t.equal(
    await decoded(debezium, `{"before":null,"after":${row},"op":"c","source":{"op":"x"}}`),
    '{"op":"+I","id":12345678901234567890,"price":1.50}',
  );
  t.equal(await decoded(debezium, `{"op":"r","after":{\n"a": {"b":1}}}`), '{"op":"+I", "a": {"b":1}}');
  t.equal(
    await decoded(debezium, '{"before":{"a":1},"after":{"a":2},"op":"u"}'),
    '{"op":"-U","a":1}\n{"op":"+U","a":2}',
  );
  t.equal(await decoded(debezium, '{"before":{"a":1},"after":null,"op":"d"}'), '{"op":"-D","a":1}');
  t.equal(await decoded(debezium, '{"before":{},"op":"d"}'), '{"op":"-D"}');
  t.equal(
    await decoded(debezium, '{"before": {"a":{"op":1},"b":"\\n"} ,"op":"d"}'),
    '{"op":"-D","a":{"op":1},"b":"\\n"}',
  );
  t.equal(await decoded(debezium, '{"op":"m","message":{}}'), '');
});

t.test('debezium: the envelope beside its schema', async (t) => {
  const wrapped = '{"schema":{"type":"struct"},"payload":{"before":null,"after":{"a":1},"op":"c"}}';
  t.equal(await decoded(createValueDecoder('debezium'), wrapped), '{"op":"+I","a":1}');
});

t.test('debezium: what cannot be a change of rows says why', async (t) => {
  const debezium = createValueDecoder('debezium');
  const refusal = (value: string) => problemOf(() => decoded(debezium, value));
  t.match(await refusal('{"after":{"a":1},"before":null,"op":"u"}'), { hint: /REPLICA IDENTITY FULL/ });
  t.match(await refusal('{"after":{"op":1},"op":"c"}'), { message: /a field op of its own/ });
  t.match(await refusal('{"after":{"\\u006fp":1},"op":"c"}'), { message: /a field op of its own/ });
  t.match(await refusal('{"op":"t"}'), { message: /TRUNCATE/ });
  t.match(await refusal('{"op":"x"}'), { message: /none of c, r, u, d/ });
  t.match(await refusal('{"a":1}'), { message: /no envelope/, hint: /format=json/ });
  t.match(await refusal('{"schema":{},"payload":null}'), { message: /no envelope/ });
  t.match(await refusal('{"after":[1],"op":"c"}'), { message: /has no row after it/ });
  t.match(await refusal('{"op":'), { code: 'bad-record', message: /not JSON/ });
});

t.test('debezium: a changelog is written as envelopes', async (t) => {
  const debezium = createValueEncoder('debezium');
  const write = async (record: string) => (await encoded(debezium, record)).toString();
  t.equal(await write('{"op":"+I","a":1.0}'), '{"before":null,"after":{"a":1.0},"op":"c"}');
  t.equal(await write('{"op":"-U","a":1}'), '{"before":{"a":1},"after":null,"op":"d"}');
  t.equal(await write('{"op":"+U","a":2}'), '{"before":null,"after":{"a":2},"op":"c"}');
  t.equal(await write('{"a":2,"op":"-D"}'), '{"before":{"a":2},"after":null,"op":"d"}');
  t.match(await problemOf(() => write('{"a":1}')), { code: 'bad-record', message: /no change/ });
});

t.test('formats are checked before anything is read', async (t) => {
  t.match(await problemOf(() => createValueDecoder('avo')), { code: 'usage', hint: /avro/ });
  t.match(await problemOf(() => createValueDecoder('avro')), { code: 'usage', message: /schema registry/ });
  t.match(await problemOf(() => createValueEncoder('avro', { registry: 'http://127.0.0.1:1' })), {
    code: 'usage',
    message: /subject/,
  });
  t.match(await problemOf(() => createValueEncoder('debezium-avro')), {
    code: 'usage',
    hint: /format=debezium/,
  });
});
