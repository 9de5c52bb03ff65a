/** Short keys against a Map of first rows, with hashes that collide on purpose. */
import fc from 'fast-check';
import t from 'tap';
import { createShortKeys, findShortKeys, type ShortKeys } from '../../../src/operators/lookup/short-keys.js';
import { type Column, createColumn, hashBytes, Tag } from '../../../src/record/index.js';

const hashes: Readonly<Record<string, (bytes: Uint8Array) => number>> = {
  good: (bytes) => hashBytes(bytes, 0, bytes.length),
  constant: () => -1,
  byLength: (bytes) => bytes.length,
};

type Hash = (bytes: Uint8Array) => number;

/** The keys as the rows of a column, with null in between. */
function columnOf(keys: readonly (string | null)[], hash: Hash): Column {
  const spans = spansOf(
    keys.map((key) => key ?? ''),
    hash,
  );
  const tags = Uint8Array.from(keys, (key) => (key === null ? Tag.null : Tag.text));
  return Object.assign(createColumn(keys.length), spans, { tags });
}

const shortKeys = (keys: readonly (string | null)[], hash: Hash): ShortKeys | undefined =>
  createShortKeys(columnOf(keys, hash), keys.length);

/** Texts behind each other, as the spans of a column. */
function spansOf(texts: readonly string[], hash: Hash) {
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
        fc.property(
          fc.array(fc.option(textUpTo(longest))),
          fc.array(textUpTo(longest + 2)),
          (keys, others) => {
            const short = shortKeys(keys, hash)!;
            const given = keys.filter((key) => key !== null);
            const texts = [...others, ...given];
            // Every other record is left out.
            const records = Int32Array.from(texts.keys()).filter((record) => record % 2 === 0);
            const rows = new Int32Array(records.length);
            findShortKeys(short, spansOf(texts, hash), records, records.length, rows);
            return (
              records.every((record, k) => {
                return rows[k] === keys.indexOf(texts[record]!);
              }) && short.unique === (new Set(given).size === given.length)
            );
          },
        ),
      );
      t.end();
    });
  }
}

t.test('a table with one longer key has no short keys', (t) => {
  t.equal(shortKeys(['a', 'b'.repeat(25)], hashes['good']!), undefined);
  t.end();
});
