import t from 'tap';
import { createJsonScanner, hashBytes, lineOf, type Path, Tag } from '../../../src/record/index.js';
import { layoutOf, lineBatch, scanAll } from './scanned.js';

function scan(content: string | Uint8Array, paths: readonly Path[] = [['a'], ['b']], capacity?: number) {
  return scanAll(createJsonScanner(layoutOf(paths)), content, lineBatch(capacity));
}

t.test('members fill their columns, others are passed over', (t) => {
  const { rows } = scan(
    '{"a":1,"x":[1,{"a":2}],"b":"two"}\n{"b":null,"a":true}\n{}\n{"a":{"c":[]},"b":[1]}\n',
  );
  t.same(rows, [
    [1, 'two'],
    [true, null],
    [undefined, undefined],
    [{ c: [] }, [1]],
  ]);
  t.end();
});

t.test('line spans leave out white space around the record, and blank lines are skipped', (t) => {
  const { lines, rejected } = scan('\n  \t\r\n  { "a" : 1 }  \r\n\n{"a":2}\r\n');
  t.same(lines, ['{ "a" : 1 }', '{"a":2}']);
  t.same(rejected, []);
  t.end();
});

t.test('of members of one name the last one counts, also inside a path', (t) => {
  const { rows } = scan('{"a":1,"b":{"c":1,"c":2},"a":"x","b":{"c":3,"c":[4]}}\n', [['a'], ['b', 'c', 0]]);
  t.same(rows, [['x', 4]]);
  t.end();
});

t.test('a member that is given twice and is no object the second time has no inside', (t) => {
  t.same(scan('{"a":{"b":1},"a":2}\n', [['a', 'b'], ['a']]).rows, [[undefined, 2]]);
  t.end();
});

t.test('names are found however they are escaped', (t) => {
  const { rows } = scan('{"\\u0061":1,"\\u00e9\\"":2}\n{"a":3,"é\\"":4}\n', [['a'], ['é"']]);
  t.same(rows, [
    [1, 2],
    [3, 4],
  ]);
  t.end();
});

t.test('a name with a lone surrogate is found by its escape and only by it', (t) => {
  t.same(scan('{"\\ud800":1}\n{"\ufffd":2}\n', [['\ud800']]).rows, [[1], [undefined]]);
  t.end();
});

t.test('paths lead into objects and arrays and nowhere else', (t) => {
  const paths: Path[] = [['a', 'b', 1], ['a', 0], ['a', 'length'], [0], []];
  const { rows } = scan('{"a":{"b":[0,[5,"]"]]}}\n{"a":["{",2]}\n{"a":"text"}\n', paths);
  t.same(rows, [
    [[5, ']'], undefined, undefined, undefined, { a: { b: [0, [5, ']']] } }],
    [undefined, '{', undefined, undefined, { a: ['{', 2] }],
    [undefined, undefined, undefined, undefined, { a: 'text' }],
  ]);
  t.end();
});

t.test('texts and numbers are tagged by how they can be read', (t) => {
  const values = ['"plain"', '"a\\nb"', '123456789012345', '0.1', '1234567890123456', '1e3', '-0', 'false'];
  const scanner = createJsonScanner(layoutOf([['a']]));
  const batch = lineBatch();
  scanAll(scanner, values.map((value) => `{"a":${value}}\n`).join(''), batch);
  const { text, escaped, number, exact } = Tag;
  t.same(
    [...batch.columns[0]!.tags.subarray(0, 8)],
    [text, escaped, number, number, exact, exact, number, Tag.false],
  );
  t.ok(Object.is(batch.columns[0]!.numbers[6], -0));
  t.equal(batch.columns[0]!.lengths[4], 16);
  t.end();
});

t.test('the hash of a text is taken where the layout asks for it', (t) => {
  const batch = lineBatch();
  scanAll(createJsonScanner(layoutOf([['a'], ['b', 'c']], [0, 1])), '{"a":"user17","b":{"c":"x"}}\n', batch);
  t.equal(batch.columns[0]!.hashes[0], hashBytes(Buffer.from('user17'), 0, 6));
  t.equal(batch.columns[1]!.hashes[0], hashBytes(Buffer.from('x'), 0, 1));
  t.end();
});

t.test('a refused line says why, in words for a person', (t) => {
  const reasonOf = (line: string | Uint8Array) =>
    scan(Buffer.concat([Buffer.from(line), Buffer.from('\n')])).rejected[0]?.reason;
  t.equal(reasonOf('{"a":}'), "not JSON: unexpected '}' at column 6");
  t.equal(reasonOf('{"é":1,}'), "not JSON: unexpected '}' at column 8");
  t.equal(reasonOf('{"a":1'), 'not JSON: the line ends too early');
  t.equal(reasonOf('{"a":1} x'), "not JSON: unexpected 'x' at column 9");
  t.equal(reasonOf('[1]'), 'not an object but an array');
  t.equal(reasonOf('17'), 'not an object but a number');
  t.equal(reasonOf('"text"'), 'not an object but a string');
  t.equal(reasonOf('nullx'), "not JSON: unexpected 'x' at column 5");
  t.equal(reasonOf('{"a":"\t"}'), 'not JSON: unexpected control character 0x09 at column 7');
  t.equal(reasonOf(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), 'not UTF-8 at byte 3');
  t.end();
});

t.test('a refused line leaves nothing in the row that the next line takes', (t) => {
  t.same(scan('{"a":1,"b":2\n{"b":3}\n').rows, [[undefined, 3]]);
  t.end();
});

t.test('line numbers count refused and blank lines', (t) => {
  const { rejected } = scan('\n{"a":1}\nx\n\n[]\n{"a":2}\n');
  t.same(
    rejected.map(({ line }) => line),
    [3, 5],
  );
  const batch = lineBatch();
  scanAll(createJsonScanner(layoutOf([])), '\n{"a":1}\nx\n\n{"a":2}\n', batch);
  batch.firstLine = 1;
  t.same([lineOf(batch, 0), lineOf(batch, 1)], [2, 5]);
  t.end();
});

t.test('a full batch stops the scan and the next one goes on', (t) => {
  const content = Array.from({ length: 10 }, (_, n) => `{"a":${n}}\n`).join('');
  t.same(scan(content, [['a']], 3).rows.flat(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  t.end();
});

t.test('nesting is as deep as JSON.parse allows', (t) => {
  const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)},"b":1}\n`;
  t.equal(scan(deep).rows[0]![1], 1);
  t.match(scan(deep.replace(']]', ']')).rejected[0]!.reason, /^not JSON/);
  t.end();
});

t.test('fields that come, go and change places do not confuse the guess at the next key', (t) => {
  const records = [
    { a: 1, c: 2, b: 3 },
    { b: 4, a: 5 },
    { c: 1, d: 2, e: 3, f: 4, a: 6 },
    { b: 7 },
    { a: 8, b: 9 },
  ];
  const many = Array.from({ length: 200 }, (_, n) => records[(n * 7) % 5]!);
  const { rows } = scan(many.map((record) => `${JSON.stringify(record)}\n`).join(''));
  t.same(
    rows,
    many.map(({ a, b }) => [a, b]),
  );
  t.end();
});

t.test('control lines stop the scan, and their escaped kin lose one space', (t) => {
  const scanner = createJsonScanner(layoutOf([['$leat']]));
  scanner.controlLines = true;
  const batch = lineBatch();
  const { lines, rows } = scanAll(
    scanner,
    '{ "$leat":1}\n{  "$leat":2}\n {"$leat":3}\n{"$leat":"end"}\n',
    batch,
  );
  t.same(lines, ['{"$leat":1}', '{ "$leat":2}', '{"$leat":3}']);
  t.same(rows, [[1], [2], [3]]);
  t.equal(scanner.stop, 'control');
  scanner.controlLines = false;
  t.same(scanAll(scanner, '{"$leat":1}\n{ "$leat":2}\n', batch).lines, ['{"$leat":1}', '{ "$leat":2}']);
  t.end();
});
