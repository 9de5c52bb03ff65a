/** Short keys against a Map of first rows, with hashes that collide on purpose. */
import fc from 'fast-check';
import t from 'tap';
import { createShortKeys, findShortKeys } from '../../../src/operators/lookup/short-keys.js';
import { hashBytes } from '../../../src/record/index.js';
import { addKey, createKeyedTable } from '../../../src/state/index.js';

const hashes: Readonly<Record<string, (bytes: Uint8Array) => number>> = {
  good: (bytes) => hashBytes(bytes, 0, bytes.length),
  constant: () => -1,
  byLength: (bytes) => bytes.length,
};

/** A table of keys, and the first row of each: rows are numbered from 3 on. */
function tableOf(keys: readonly string[], hash: (bytes: Uint8Array) => number) {
  const table = createKeyedTable();
  const firstRows: number[] = [];
  keys.forEach((key, index) => {
    const bytes = Buffer.from(key);
    if (addKey(table, bytes, 0, bytes.length, hash(bytes)) === firstRows.length) firstRows.push(index + 3);
  });
  return { table, firstRows: Int32Array.from(firstRows) };
}

/** Texts behind each other, as the spans of a column. */
function spansOf(texts: readonly string[], hash: (bytes: Uint8Array) => number) {
  const all = texts.map((text) => Buffer.from(text));
  const starts: number[] = [];
  let end = 0;
  for (const { length } of all) {
    starts.push(end);
    end += length;
  }
  return {
    bytes: Buffer.concat(all),
    starts: Int32Array.from(starts),
    lengths: Int32Array.from(all, ({ length }) => length),
    hashes: Int32Array.from(all, hash),
  };
}

const textUpTo = (maxLength: number) => fc.string({ maxLength, unit: fc.constantFrom('a', 'b', '\0') });

for (const [name, hash] of Object.entries(hashes)) {
  for (const longest of [2, 8, 9, 24]) {
    t.test(`each text of up to ${longest} bytes has the first row of its key (hashes: ${name})`, (t) => {
      fc.assert(
        fc.property(fc.array(textUpTo(longest)), fc.array(textUpTo(longest + 2)), (keys, others) => {
          const { table, firstRows } = tableOf(keys, hash);
          const short = createShortKeys(table, firstRows)!;
          const texts = [...others, ...keys];
          // Every other record is left out.
          const records = Int32Array.from(texts.keys()).filter((record) => record % 2 === 0);
          const rows = new Int32Array(records.length);
          findShortKeys(short, spansOf(texts, hash), records, records.length, rows);
          return records.every((record, k) => {
            const row = keys.indexOf(texts[record]!);
            return rows[k] === (row < 0 ? -1 : row + 3);
          });
        }),
      );
      t.end();
    });
  }
}

t.test('a table with one longer key has no short keys', (t) => {
  const { table, firstRows } = tableOf(['a', 'b'.repeat(25)], hashes['good']!);
  t.equal(createShortKeys(table, firstRows), undefined);
  t.end();
});
