import t from 'tap';
import { createScanner, createWasmScanner, pairColumn } from '../../../src/record/index.js';
import { layoutOf, lineBatch, scanAll, valueAt } from './scanned.js';

const content = '{"a":1,"b":"x"}\n{"\\u0061":2}\nnot a record\n{"a":3}\n';

t.test('bytes that are not in its memory are scanned all the same', (t) => {
  const scanner = createWasmScanner(layoutOf([['a']]));
  const { rows, rejected } = scanAll({ ...scanner, allocate: undefined as never }, content, lineBatch());
  t.same(rows, [[1], [2], [3]]);
  t.same(
    rejected.map(({ line }) => line),
    [3],
  );
  t.end();
});

t.test('each buffer that it gives out is memory of its own, and they can be scanned in turn', (t) => {
  const scanner = createWasmScanner(layoutOf([['a']]));
  const batch = lineBatch();
  const chunks = [100, 70_000, 3_000_000].map((lengthBytes) => scanner.allocate!(lengthBytes));
  for (const [index, chunk] of chunks.entries()) chunk.set(Buffer.from(`{"a":${index}}\n`));
  for (const index of [0, 1, 2, 1, 0]) {
    scanner.scan(chunks[index]!, 0, 8, true, batch);
    t.equal(batch.count, 1);
    t.equal(valueAt(batch, 0, 0), index);
  }
  t.end();
});

t.test('paths into members and names of every length work across both lanes', (t) => {
  const long = 'n'.repeat(60);
  const scanner = createWasmScanner(layoutOf([['o', 'i', 1], [long], ['o']]));
  const lines = `{"o":{"i":[1,2]},"${long}":3}\n{"${long}":4,"\\u006f":{"i":[5,6]}}\n{"${'m'.repeat(60)}":7}\n`;
  t.same(scanAll(scanner, lines, lineBatch()).rows, [
    [2, 3, { i: [1, 2] }],
    [6, 4, { i: [5, 6] }],
    [undefined, undefined, undefined],
  ]);
  t.end();
});

t.test('LEAT_SCANNER=js asks for the scanner without WebAssembly', (t) => {
  const before = process.env['LEAT_SCANNER'];
  process.env['LEAT_SCANNER'] = 'js';
  t.equal(createScanner(layoutOf([])).allocate, undefined);
  delete process.env['LEAT_SCANNER'];
  t.type(createScanner(layoutOf([])).allocate, 'function');
  if (before !== undefined) process.env['LEAT_SCANNER'] = before;
  t.end();
});

t.test('rows that are said to be twins hold the same text', (t) => {
  const layout = layoutOf([['a']]);
  pairColumn(layout, 0);
  const texts = ['x', 'x', 'y', 'x', 'y', 'z', 'x', 'x'.repeat(40), `${'x'.repeat(39)}y`, 'x'.repeat(40), ''];
  const lines = texts.map((a) => JSON.stringify({ a }));
  lines.push('{"\\u0061":"x"}', '{"a":"\\u0041"}', '{"a":"\\u0041"}', '{"a":1}', '{"a":1}', '{}');
  const batch = lineBatch();
  scanAll(createWasmScanner(layout), `${lines.join('\n')}\n`, batch);
  const twins = [...batch.columns[0]!.twins!.subarray(0, batch.count)];
  t.same(twins, [0, 0, 2, 0, 2, 5, 6, 7, 8, 7, 10, 11, 12, 13, 14, 15, 16]);
  // Bytes that are no UTF-8 are for the plain scanner, which pairs nothing.
  scanAll(createWasmScanner(layout), Buffer.from('{"a":"\xff"}\n{"a":"x"}\n', 'latin1'), batch);
  t.equal(batch.columns[0]!.twins, undefined);
  t.end();
});
