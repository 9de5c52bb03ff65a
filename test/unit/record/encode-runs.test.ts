/** Runs of rows are written in WebAssembly, single rows in TypeScript: both must write the same bytes. */
import fc from 'fast-check';
import t from 'tap';
import {
  type Batch,
  createByteWriter,
  createColumn,
  createEncoder,
  createJsonScanner,
  createWasmScanner,
  encodeBatch,
  type Image,
  Tag,
} from '../../../src/record/index.js';
import {
  composeRecords,
  createLineRun,
  extendLines,
  prepareFields,
} from '../../../src/record/wasm-writer.js';
import { layoutOf, lineBatch, scanAll } from './scanned.js';

/** All selected rows in one call, and each in a call of its own with the same encoder as before it. */
function bothWays(batch: Batch, escapeControlLines: boolean): { together: string; singly: string } {
  const together = createByteWriter(1);
  encodeBatch(createEncoder(batch.image, { escapeControlLines }), batch, together);
  const singly = createByteWriter(1);
  const { selection, selected } = batch;
  const encoder = createEncoder(batch.image, { escapeControlLines });
  for (let k = 0; k < selected; k++) {
    batch.selection = selection.slice(k, k + 1);
    batch.selected = 1;
    encodeBatch(encoder, batch, singly);
  }
  batch.selection = selection;
  batch.selected = selected;
  return {
    together: together.bytes.toString('utf8', 0, together.length),
    singly: singly.bytes.toString('utf8', 0, singly.length),
  };
}

/** Puts an instant into a row of each column that is given one. */
function putInstants(batch: Batch, row: number, instants: readonly (readonly [number, number])[]): void {
  for (const [column, instant] of instants) {
    batch.columns[column]!.tags[row] = Tag.instant;
    batch.columns[column]!.numbers[row] = instant;
  }
}

const bounds: Image = {
  base: 'line',
  dropped: [],
  fields: [
    { name: 'window_start', column: 1, shadow: 0 },
    { name: 'window_end', column: 2 },
  ],
};

const line = fc.oneof(
  { weight: 8, arbitrary: fc.string({ maxLength: 70 }).map((a) => JSON.stringify({ a })) },
  fc.constantFrom('{}', '{ }', ' {"a":1 \t} ', '{ "$leat":1}', '{  "$leat":1}', '{"$set":1}'),
  fc.constantFrom('{"window_start":1}', '{"a":{},"window_start":"x" }', '{"a":"é\\u00e9"}'),
);

t.test('lines with the bounds of windows are the same in runs and one by one', (t) => {
  const check = (lines: readonly (readonly [string, number])[], escapes: boolean): void => {
    for (const make of [createJsonScanner, createWasmScanner]) {
      const layout = layoutOf([['window_start']]);
      layout.size = 3;
      const batch = lineBatch();
      scanAll(make(layout), `${lines.map(([text]) => text).join('\n')}\n`, batch);
      lines.forEach(([, window], row) => {
        putInstants(batch, row, [
          [1, window * 1000],
          [2, window * 1000 + 1000],
        ]);
      });
      batch.image = bounds;
      const { together, singly } = bothWays(batch, escapes);
      if (together !== singly) t.equal(together, singly);
    }
  };
  const window = fc.oneof({ weight: 30, arbitrary: fc.constantFrom(1, 2) }, fc.integer({ min: 3, max: 9 }));
  const lines = fc.array(fc.tuple(line, window), { minLength: 1, maxLength: 200, size: 'max' });
  fc.assert(fc.property(lines, fc.boolean(), check), { numRuns: 150 });
  check(
    Array.from({ length: 3000 }, (_, row) => [`{"a":"${'x'.repeat(row % 300)}"}`, row % 700 === 0 ? row : 1]),
    true,
  );
  t.pass('150 batches');
  t.end();
});

const number = fc.oneof(
  fc.integer(),
  fc.integer({ min: -100_000, max: 100_000 }).map((value) => value / 1000),
  fc.double(),
  fc.constantFrom(
    0,
    -0,
    1e15,
    2 ** 53,
    -(2 ** 53),
    123456789012.345,
    1e-7,
    4294967296,
    Number.NaN,
    0.1 + 0.2,
  ),
);

type Cell = { readonly tag: 4; readonly number: number } | { readonly tag: number; readonly text: string };

const cell: fc.Arbitrary<Cell> = fc.oneof(
  number.map((value): Cell => ({ tag: Tag.number, number: value })),
  fc
    .string({ maxLength: 40 })
    .map((text): Cell => ({ tag: Tag.text, text: JSON.stringify(text).slice(1, -1) })),
  fc.string({ maxLength: 40 }).map((text): Cell => ({ tag: Tag.raw, text })),
  fc.constantFrom<Cell>(
    { tag: Tag.missing, text: '' },
    { tag: Tag.null, text: '' },
    { tag: Tag.true, text: '' },
    { tag: Tag.false, text: '' },
    { tag: Tag.exact, text: '12345678901234567890' },
    { tag: Tag.object, text: '{"a":[1]}' },
    { tag: Tag.array, text: '[]' },
  ),
);

function putCell(batch: Batch, column: number, row: number, cell: Cell, bytes: number[]): void {
  const into = batch.columns[column]!;
  into.tags[row] = cell.tag;
  into.starts[row] = bytes.length;
  into.lengths[row] = 0;
  if ('number' in cell) into.numbers[row] = cell.number;
  else {
    const text = Buffer.from(cell.text);
    into.lengths[row] = text.length;
    bytes.push(...text);
  }
}

/** A batch of results: two instants, then two columns of cells. */
function resultsOf(rows: readonly (readonly [number, Cell, Cell])[], leads: number): Batch {
  const fields = ['start', 'end', '"quoted" é', 'n'].map((name, column) => ({ name, column }));
  const batch = lineBatch();
  batch.image = { base: 'none', dropped: [], fields: fields.slice(2 - leads) };
  for (let column = 0; column < 4; column++) batch.columns.push(createColumn(batch.selection.length));
  const bytes: number[][] = [[], []];
  rows.forEach(([window, ...cells], row) => {
    putInstants(batch, row, [
      [0, window],
      [1, window + 1],
    ]);
    cells.forEach((cell, index) => {
      putCell(batch, 2 + index, row, cell, bytes[index]!);
    });
    batch.selection[row] = row;
  });
  bytes.forEach((all, index) => {
    batch.columns[2 + index]!.bytes = Uint8Array.from(all);
  });
  batch.count = rows.length;
  batch.selected = rows.length;
  return batch;
}

t.test('records made of fields are the same in runs and one by one', (t) => {
  const window = fc.oneof({ weight: 40, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 4 }));
  const rows = fc.array(fc.tuple(window, cell, cell), { minLength: 1, maxLength: 300, size: 'max' });
  fc.assert(
    fc.property(rows, fc.constantFrom(0, 1, 2), (rows, leads) => {
      const { together, singly } = bothWays(resultsOf(rows, leads), false);
      if (together !== singly) t.equal(together, singly);
    }),
    { numRuns: 150 },
  );
  t.pass('150 batches');
  t.end();
});

t.test('the numbers of long runs are spelled as JSON.stringify does', (t) => {
  fc.assert(
    fc.property(fc.array(number, { minLength: 40, maxLength: 300, size: 'max' }), (numbers) => {
      const rows = numbers.map((value): [number, Cell, Cell] => [
        1,
        { tag: Tag.text, text: 'k' },
        { tag: Tag.number, number: value },
      ]);
      const { together } = bothWays(resultsOf(rows, 0), false);
      const expected = numbers.map((value) => `{"\\"quoted\\" é":"k","n":${JSON.stringify(value)}}\n`);
      if (together !== expected.join('')) t.equal(together, expected.join(''));
    }),
    { numRuns: 100 },
  );
  t.pass('100 batches');
  t.end();
});

t.test('a run of plain rows is written by WebAssembly to its end', (t) => {
  const run = createLineRun();
  const lines = Buffer.from('{"a":1}\n'.repeat(500));
  for (let k = 0; k < 500; k++) {
    run.starts[k] = k * 8;
    run.ends[k] = k * 8 + 7;
  }
  Object.assign(run, { count: 500, from: 0, to: lines.length });
  const tail = { bytes: Buffer.from(',"b":2}'), length: 7 };
  const out = createByteWriter(1);
  t.equal(extendLines(lines, run, [tail, tail], true, out), 500);
  t.equal(out.bytes.toString('utf8', 0, out.length), '{"a":1,"b":2}\n'.repeat(500));

  const column = createColumn(500);
  column.tags.fill(Tag.number);
  column.numbers.fill(2.5);
  const rows = Int32Array.from({ length: 500 }, (_, row) => row);
  const ready = prepareFields([{ column, key: Buffer.from('{"a":') }], 500, rows, 500)!;
  out.length = 0;
  t.equal(composeRecords(ready, new Uint8Array(0), 0, 500, out), 500);
  t.equal(out.bytes.toString('utf8', 0, out.length), '{"a":2.5}\n'.repeat(500));
  t.end();
});
