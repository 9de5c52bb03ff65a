import fc from 'fast-check';
import t from 'tap';
import {
  type Boxed,
  type Column,
  createByteWriter,
  createColumn,
  createJsonScanner,
  exactOf,
  parseExact,
  Tag,
  textOf,
  writeKeyBytes,
  writeKeysBytes,
} from '../../../src/record/index.js';
import { layoutOf, lineBatch, scanAll } from './scanned.js';

/** Columns a and b of one scanned record. */
function scanned(record: string): Column[] {
  const batch = lineBatch();
  const { rejected } = scanAll(createJsonScanner(layoutOf([['a'], ['b']])), `${record}\n`, batch);
  if (rejected.length > 0) throw new Error(rejected[0]!.reason);
  return batch.columns;
}

const column = (value: string): Column => scanned(`{"a":${value}}`)[0]!;

function boxed(value: Boxed): Column {
  const made = createColumn(1);
  made.tags[0] = Tag.boxed;
  made.boxed[0] = value;
  return made;
}

function keyOf(...columns: Column[]): string {
  const out = createByteWriter(1);
  writeKeysBytes(out, columns, 0);
  return out.bytes.toString('hex', 0, out.length);
}

t.test('text is decoded, other values are their JSON', (t) => {
  t.same(
    ['"é"', '"a\\u00e9\\n\\ud800"', '1.50', '1e3', '{"b": 1}', '[1]', 'true', 'false', 'null'].map((value) =>
      textOf(column(value), 0),
    ),
    ['é', 'aé\n\ud800', '1.50', '1e3', '{"b": 1}', '[1]', 'true', 'false', 'null'],
  );
  t.equal(textOf(scanned('{}')[0]!, 0), 'null');
  t.equal(textOf(boxed('x"'), 0), 'x"');
  t.equal(textOf(boxed(10n), 0), '10');
  t.end();
});

t.test('integers are exact at any size, however they are spelled', (t) => {
  const read = (spelling: string) => exactOf(column(spelling), 0);
  t.equal(read('123'), 123);
  t.equal(read('9007199254740991'), 9007199254740991);
  t.equal(read('9007199254740993'), 9007199254740993n);
  t.equal(read('-12345678901234567890'), -12345678901234567890n);
  t.equal(read('1e3'), 1000);
  t.equal(read('12345678901234567890.00'), 12345678901234567890n);
  t.equal(read('1.5E1'), 15);
  t.equal(read('1e22'), 10n ** 22n);
  t.equal(read('1e-2'), 0.01);
  t.equal(read('1e999'), Infinity);
  t.equal(read('-1e999999999'), -Infinity);
  t.equal(read('0e999999999'), 0);
  t.equal(read('0.12345678901234567890'), 0.12345678901234568);
  t.equal(read('1e-999999999'), 0);
  t.equal(read('1' + '0'.repeat(1000)), 10n ** 1000n);
  t.end();
});

t.test('what is spelled exactly is the number that JSON.parse gives, rounded as it rounds', (t) => {
  const spellings = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map(String),
    fc
      .tuple(fc.maxSafeInteger(), fc.nat(), fc.integer({ min: -40, max: 40 }))
      .map(([whole, fraction, exponent]) => `${whole}.${fraction}e${exponent}`),
  );
  fc.assert(
    fc.property(spellings, (spelling) => Number(parseExact(spelling)) === JSON.parse(spelling)),
    { numRuns: 2000 },
  );
  t.end();
});

t.test('equal values are one key however they are spelled', (t) => {
  const one = ['1', '1.0', '1e0', '10e-1', '100000000000000000e-17'].map((value) => keyOf(column(value)));
  t.equal(new Set(one).size, 1);
  const computed = createColumn(1);
  computed.tags[0] = Tag.number;
  computed.numbers[0] = 1;
  t.equal(keyOf(computed), one[0]);
  t.equal(keyOf(boxed(1n)), one[0]);
  t.equal(keyOf(boxed({ json: () => '1.00' })), one[0]);
  t.equal(keyOf(column('0')), keyOf(column('-0.0')));
  t.equal(keyOf(column('100000000000000000000')), keyOf(column('1e20')));
  t.equal(keyOf(column('"a\\u00e9"')), keyOf(column('"aé"')));
  t.equal(keyOf(boxed('aé')), keyOf(column('"aé"')));
  t.equal(keyOf(column('{ "x" : [1, "a b"] }')), keyOf(column('{"x":[1,"a b"]}')));
  t.equal(keyOf(column('null')), keyOf(scanned('{}')[0]!));
  t.end();
});

t.test('different values are different keys', (t) => {
  const values = [
    ...['null', 'true', 'false', '0', '1', '"1"', '"null"', '""', '[1]', '{}', '"{}"', '["a b"]', '["ab"]'],
    ...['9007199254740992', '9007199254740993', '1e20', '0.1', '"\\ud800"', '"\\ud801"', '"\ufffd"'],
  ];
  t.equal(new Set(values.map((value) => keyOf(column(value)))).size, values.length);
  t.end();
});

t.test('keys of several columns are told apart where one value ends and the next begins', (t) => {
  const pair = (a: string, b: string) => keyOf(...scanned(`{"a":${a},"b":${b}}`));
  t.not(pair('"x"', '"yz"'), pair('"xy"', '"z"'));
  t.not(pair('null', '1'), pair('1', 'null'));
  t.equal(pair('1.0', '"a"'), pair('1', '"\\u0061"'));
  const out = createByteWriter(1);
  writeKeyBytes(out, column('1'), 0);
  t.equal(pair('1', '1'), keyOf(column('1')).repeat(2));
  t.end();
});
