import t from 'tap';
import { createFormatScanner } from '../../../src/formats/index.js';
import {
  createBatch,
  createLayout,
  hashBytes,
  hashColumn,
  lineOf,
  scannedColumn,
} from '../../../src/record/index.js';
import { problemOf } from './problem-of.js';
import { scanText } from './scan-text.js';

const padded = (text: string): { bytes: Uint8Array; length: number } => {
  const body = Buffer.from(text);
  return { bytes: new Uint8Array(Buffer.concat([body, Buffer.alloc(64)])), length: body.length };
};

t.test('bytes that are not UTF-8 refuse their line and no other', (t) => {
  const text = Buffer.concat([
    Buffer.from('a=1\nb="x'),
    Buffer.from([0xc3, 0x28]),
    Buffer.from('"\nc=\u00e6\n'),
  ]);
  const { records, refused } = scanText({ name: 'logfmt' }, text);
  t.strictSame(records, [{ a: 1 }, { c: 'æ' }]);
  t.strictSame(
    refused.map(({ line, reason }) => [line, reason]),
    [[2, 'not UTF-8 at byte 5']],
  );
  t.end();
});

t.test('blank lines are skipped but counted', (t) => {
  const { records, refused } = scanText({ name: 'logfmt' }, '\n  \t\r\na=1\n\n=x');
  t.strictSame(records, [{ a: 1 }]);
  t.strictSame(refused[0]?.line, 5);
  t.end();
});

t.test('a full batch stops the scan at the start of a line', (t) => {
  const layout = createLayout();
  const column = scannedColumn(layout, ['n']);
  const scanner = createFormatScanner({ name: 'logfmt' }, layout);
  const batch = createBatch({ base: 'foreign', dropped: [], fields: [] }, 2);
  const { bytes, length } = padded('n=1\n\nn=2\nn=3\n');
  const at = scanner.scan(bytes, 0, length, true, batch);
  t.strictSame([scanner.stop, scanner.lines, batch.count, at], ['full', 3, 2, 9]);
  t.strictSame([...batch.selection.subarray(0, batch.selected)], [0, 1]);
  t.equal(lineOf(batch, 1), 3);
  batch.firstLine += scanner.lines;
  t.equal(scanner.scan(bytes, at, length, true, batch), length);
  t.strictSame([scanner.stop, scanner.lines, batch.count], ['range', 1, 1]);
  t.equal(batch.columns[column]!.numbers[0], 3);
  t.end();
});

t.test('a record that ends behind the range stops the scan before it', (t) => {
  const scanner = createFormatScanner({ name: 'csv' }, createLayout());
  const batch = createBatch({ base: 'foreign', dropped: [], fields: [] });
  const { bytes, length } = padded('a\n1\n"open\n');
  t.equal(scanner.scan(bytes, 0, length, false, batch), 4);
  t.strictSame([scanner.stop, scanner.lines, batch.count], ['more', 2, 1]);
  t.end();
});

t.test('plain texts of hashed columns are hashed', (t) => {
  const layout = createLayout();
  const column = scannedColumn(layout, ['k']);
  hashColumn(layout, column);
  const batch = createBatch({ base: 'foreign', dropped: [], fields: [] });
  const { bytes, length } = padded('k=hello\n');
  createFormatScanner({ name: 'logfmt' }, layout).scan(bytes, 0, length, true, batch);
  t.equal(batch.columns[column]!.hashes[0], hashBytes(Buffer.from('hello'), 0, 5));
  t.end();
});

t.test('columns that others fill are there', (t) => {
  const layout = createLayout();
  scannedColumn(layout, ['k']);
  layout.size++;
  const batch = createBatch({ base: 'foreign', dropped: [], fields: [] });
  const { bytes, length } = padded('k=1\n');
  createFormatScanner({ name: 'logfmt' }, layout).scan(bytes, 0, length, true, batch);
  t.equal(batch.columns.length, 2);
  t.end();
});

t.test('json is no text format', (t) => {
  t.match(
    problemOf(() => createFormatScanner({ name: 'json' }, createLayout())),
    { code: 'format' },
  );
  t.end();
});
