import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import {
  type Batch,
  createByteWriter,
  createColumn,
  createEncoder,
  createJsonScanner,
  type EncoderOptions,
  encodeBatch,
  type Image,
  recordText,
  Tag,
  writeNumber,
  writeValue,
} from '../../../src/record/index.js';
import { layoutOf, lineBatch, scanAll } from './scanned.js';

function encode(batch: Batch, options: EncoderOptions = {}): string {
  const out = createByteWriter(1);
  encodeBatch(createEncoder(batch.image, options), batch, out);
  return out.bytes.toString('utf8', 0, out.length);
}

/** The lines scanned for columns a and b (0 and 1), and a computed column (2) that holds row + 0.5. */
function batchOf(content: string, image: Partial<Image>): Batch {
  const layout = layoutOf([['a'], ['b']]);
  layout.size = 3;
  const batch = lineBatch();
  scanAll(createJsonScanner(layout), content, batch);
  for (let row = 0; row < batch.count; row++) {
    batch.columns[2]!.tags[row] = Tag.number;
    batch.columns[2]!.numbers[row] = row + 0.5;
  }
  batch.image = { base: 'line', dropped: [], fields: [], ...image };
  return batch;
}

t.test('untouched records leave as the bytes they came as', (t) => {
  const content = '{ "a" : 1.0, "x": 1e3 }\n{"a":12345678901234567890}\n{"a":"\\u0041é"}\n';
  const batch = batchOf(content, {});
  t.equal(encode(batch), content);
  batch.selection.set([0, 2, 2]);
  batch.selected = 3;
  const [first, , third] = content.split('\n');
  t.equal(encode(batch), `${first}\n${third}\n${third}\n`);
  t.end();
});

t.test('white space around records and blank lines do not leave', (t) => {
  t.equal(encode(batchOf(' {"a":1}\r\n\n\t{"a":2} \n', {})), '{"a":1}\n{"a":2}\n');
  t.end();
});

t.test('fields are appended before the closing brace', (t) => {
  const image = { fields: [{ name: 'n', column: 2 }] };
  const batch = batchOf('{"a":1}\n{}\n{ }\n{"a":1 , "x":{} }\n', image);
  t.equal(encode(batch), '{"a":1,"n":0.5}\n{"n":1.5}\n{"n":2.5}\n{"a":1 , "x":{},"n":3.5}\n');
  t.end();
});

t.test('a field takes the place of the member that it shadows, where that is there', (t) => {
  const image = {
    fields: [
      { name: 'b', column: 2, shadow: 1 },
      { name: 'a', column: 1, shadow: 0 },
    ],
  };
  const batch = batchOf('{"a":1,"x":0,"b":"t"}\n{"b" : [2] , "a":"q"}\n{"b":1}\n{"a":null}\n{}\n', image);
  t.equal(
    encode(batch),
    '{"a":"t","x":0,"b":0.5}\n{"b" : 1.5 , "a":[2]}\n{"b":2.5,"a":1}\n{"a":null,"b":3.5}\n{"b":4.5,"a":null}\n',
  );
  t.end();
});

t.test('dropped names are cut out wherever they stand and however they are spelled', (t) => {
  const content =
    '{"a":1,"b":2,"c":3}\n{"a":1, "c": 3 }\n{"b":2}\n{"\\u0061":1,"x":{"a":1},"b":[1,2],"y":1}\n{}\n';
  t.equal(
    encode(batchOf(content, { dropped: ['a', 'b'] })),
    '{"c":3}\n{"c": 3 }\n{}\n{"x":{"a":1},"y":1}\n{}\n',
  );
  const fields = [
    { name: 'b', column: 2, shadow: 1 },
    { name: 'n', column: 2 },
  ];
  t.equal(
    encode(batchOf(content, { dropped: ['a'], fields })),
    '{"b":0.5,"c":3,"n":0.5}\n{"c": 3,"b":1.5,"n":1.5}\n{"b":2.5,"n":2.5}\n' +
      '{"x":{"a":1},"b":3.5,"y":1,"n":3.5}\n{"b":4.5,"n":4.5}\n',
  );
  t.end();
});

t.test('without a base the fields are the record, and what is missing is null', (t) => {
  const fields = [
    { name: 'b', column: 1 },
    { name: 'sum "x"', column: 2 },
  ];
  const batch = batchOf('{"a":1,"b":"\\n"}\n{"a":1}\n{"b":1.50}\n', { base: 'none', fields });
  t.equal(
    encode(batch),
    '{"b":"\\n","sum \\"x\\"":0.5}\n{"b":null,"sum \\"x\\"":1.5}\n{"b":1.50,"sum \\"x\\"":2.5}\n',
  );
  t.equal(encode(batchOf('{"a":1}\n', { base: 'none', fields: [] })), '{}\n');
  t.end();
});

t.test('records of a text format are written by its writer and then edited in the same way', (t) => {
  const fields = [{ name: 'b', column: 2, shadow: 1 }];
  const foreign = {
    write(batch: Batch, row: number, out: { bytes: Buffer; length: number }) {
      const text = `{"row":${row},"b":"${batch.count}"}`;
      out.bytes = Buffer.concat([out.bytes.subarray(0, out.length), Buffer.from(text)]);
      out.length += text.length;
    },
  };
  const write = (image: Partial<Image>): string => {
    const batch = batchOf('{}\n{}\n', { base: 'foreign', ...image });
    batch.foreign = foreign;
    return encode(batch);
  };
  t.equal(write({}), '{"row":0,"b":"2"}\n{"row":1,"b":"2"}\n');
  t.equal(write({ fields }), '{"row":0,"b":0.5}\n{"row":1,"b":1.5}\n');
  t.equal(write({ dropped: ['row'] }), '{"b":"2"}\n{"b":"2"}\n');
  t.equal(
    write({ fields: [{ name: 'n', column: 2 }] }),
    '{"row":0,"b":"2","n":0.5}\n{"row":1,"b":"2","n":1.5}\n',
  );
  t.end();
});

t.test(
  'records that look like control lines are escaped towards a stream that has them, and come back',
  (t) => {
    const content = '{"a":1}\n{"$leat":1}\n{ "$leat":2}\n{"$leat" :3}\n{"a":{"$leat":4}}\n';
    const escaped = encode(batchOf(content, {}), { escapeControlLines: true });
    t.equal(escaped, '{"a":1}\n{ "$leat":1}\n{  "$leat":2}\n{"$leat" :3}\n{"a":{"$leat":4}}\n');
    const scanner = createJsonScanner(layoutOf([]));
    scanner.controlLines = true;
    t.equal(`${scanAll(scanner, escaped, lineBatch()).lines.join('\n')}\n`, content);
    const fields = [{ name: '$leat', column: 2 }];
    t.equal(encode(batchOf('{}\n', { fields }), { escapeControlLines: true }), '{ "$leat":0.5}\n');
    t.equal(encode(batchOf(content, {})), content);
    t.end();
  },
);

t.test('values of every kind are written as JSON', (t) => {
  const column = createColumn(8);
  column.bytes = Buffer.from('a"b\\\n\u0001é');
  column.spellInstant = (epochMs) => (epochMs === 0 ? 'T"0' : epochMs + 1);
  column.lengths[0] = column.bytes.length;
  column.tags.set([Tag.raw, Tag.instant, Tag.instant, Tag.boxed, Tag.boxed, Tag.boxed, Tag.true, Tag.number]);
  column.numbers.set([0, 0, 1000]);
  column.numbers[7] = Number.NaN;
  column.boxed[3] = 'q"\ud800';
  column.boxed[4] = 12345678901234567890n;
  column.boxed[5] = { json: () => '1.10' };
  const texts = Array.from({ length: 8 }, (_, row) => {
    const out = createByteWriter(1);
    writeValue(column, row, out);
    return out.bytes.toString('utf8', 0, out.length);
  });
  t.same(texts, [
    '"a\\"b\\\\\\n\\u0001é"',
    '"T\\"0"',
    '1001',
    '"q\\"\\ud800"',
    '12345678901234567890',
    '1.10',
    'true',
    'null',
  ]);
  t.end();
});

t.test('an instant is spelled anew when the spelling has changed', (t) => {
  const image: Partial<Image> = { base: 'none', fields: [{ name: 't', column: 2 }] };
  const batch = batchOf('{}\n', image);
  batch.columns[2]!.tags[0] = Tag.instant;
  const encoder = createEncoder(batch.image);
  const texts = [(epochMs: number) => epochMs, (epochMs: number) => `T${epochMs}`].map((spell) => {
    batch.columns[2]!.spellInstant = spell;
    const out = createByteWriter();
    encodeBatch(encoder, batch, out);
    return out.bytes.toString('utf8', 0, out.length);
  });
  t.same(texts, ['{"t":0.5}\n', '{"t":"T0.5"}\n']);
  t.end();
});

t.test('instants at the beginning are spelled for each row as that row has them', (t) => {
  const fields = [0, 1, 2].map((column) => ({ name: 'abc'[column]!, column }));
  const batch = batchOf('{}\n'.repeat(7), { base: 'none', fields });
  const [a, b] = batch.columns;
  const instants = [
    [1, 2],
    [1, 2],
    [1, 3],
    [4, 3],
    [4, undefined],
    [undefined, 3],
    [4, 3],
  ];
  instants.forEach(([one, other], row) => {
    a!.tags[row] = one === undefined ? Tag.null : Tag.instant;
    a!.numbers[row] = one ?? 0;
    b!.tags[row] = other === undefined ? Tag.null : Tag.instant;
    b!.numbers[row] = other ?? 0;
  });
  const wanted = instants.map(([one, other], row) => ({ a: one ?? null, b: other ?? null, c: row + 0.5 }));
  t.same(
    encode(batch)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
    wanted,
  );
  batch.image = { base: 'none', dropped: [], fields: fields.slice(0, 2) };
  t.equal(encode(batch).split('\n')[3], '{"a":4,"b":3}');
  t.end();
});

t.test('computed numbers are spelled as JSON.stringify spells them', (t) => {
  const numbers = fc.oneof(
    fc.double(),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.tuple(fc.integer(), fc.constantFrom(10, 100, 1000, 10_000)).map(([n, scale]) => n / scale),
    fc.tuple(fc.maxSafeInteger(), fc.constantFrom(10, 1000, 1e6)).map(([n, scale]) => n / scale),
    fc.constantFrom(
      0,
      -0,
      1e21,
      1e-7,
      2 ** 53,
      2 ** 53 + 2,
      0.001,
      0.1 + 0.2,
      2147483647,
      2147483648,
      5e-324,
    ),
  );
  fc.assert(
    fc.property(numbers, (value) => {
      const out = createByteWriter(1);
      writeNumber(out, value);
      return out.bytes.toString('latin1', 0, out.length) === JSON.stringify(value);
    }),
    { numRuns: 5000 },
  );
  t.end();
});

t.test('dropping, replacing and appending do to any records what they do to objects', (t) => {
  const value = fc.oneof(fc.integer(), fc.string(), fc.constant(null), fc.constant([{ a: 1 }, '}']));
  const members = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e"'), value), {
    selector: ([name]) => name,
  });
  const property = fc.property(
    fc.array(members, { minLength: 1, maxLength: 8 }),
    fc.subarray(['b', 'c', 'd', 'e"', 'x']),
    fc.constantFrom([], ['n'], ['a'], ['a', 'n']),
    fc.boolean(),
    (records, dropped, names, spaced) => {
      const texts = records.map((record) => JSON.stringify(Object.fromEntries(record), null, spaced ? 1 : 0));
      const fields = names.map((name) =>
        name === 'a' ? { name, column: 2, shadow: 0 } : { name, column: 2 },
      );
      const batch = batchOf(texts.map((text) => `${text.replaceAll('\n', '')}\n`).join(''), {
        dropped,
        fields,
      });
      const wanted = records.map((record, row) => {
        const kept = new Map<string, unknown>(record.filter(([name]) => !dropped.includes(name)));
        for (const name of names) kept.set(name, row + 0.5);
        return JSON.stringify(Object.fromEntries(kept));
      });
      const lines = encode(batch).trim().split('\n');
      assert.deepEqual(
        lines.map((line) => JSON.stringify(JSON.parse(line))),
        wanted,
      );
    },
  );
  fc.assert(property, { numRuns: 1000 });
  t.pass('held');
  t.end();
});

t.test('one record as text', (t) => {
  t.equal(
    recordText(batchOf('{"a":1}\n{"a":2}\n', { fields: [{ name: 'n', column: 2 }] }), 1),
    '{"a":2,"n":1.5}',
  );
  t.end();
});
