/** Keyed tables against a Map, with hashes that collide on purpose. */
import fc from 'fast-check';
import t from 'tap';
import { hashBytes } from '../../../src/record/index.js';
import {
  addKey,
  addKeys,
  appendToArena,
  createKeyedTable,
  findKey,
  type KeyedTable,
  resetTable,
} from '../../../src/state/index.js';

function keyOf(table: KeyedTable, slot: number): string {
  const start = table.starts[slot]!;
  return Buffer.from(table.arena.subarray(start, start + table.lengths[slot]!)).toString('latin1');
}

function add(table: KeyedTable, text: string, hash: (bytes: Uint8Array) => number): number {
  const bytes = Buffer.from(text, 'latin1');
  return addKey(table, bytes, 0, bytes.length, hash(bytes));
}

const hashes: Readonly<Record<string, (bytes: Uint8Array) => number>> = {
  good: (bytes) => hashBytes(bytes, 0, bytes.length),
  constant: () => 0,
  negative: () => -1,
  byLength: (bytes) => bytes.length << 16,
  unsigned: (bytes) => hashBytes(bytes, 0, bytes.length) >>> 0,
};

for (const [name, hash] of Object.entries(hashes)) {
  t.test(`slots are given in order of first arrival, whatever the hashes (${name})`, (t) => {
    const words = fc.array(fc.string({ maxLength: 3, unit: fc.constantFrom('a', 'b', 'c', '\0') }));
    fc.assert(
      fc.property(fc.array(words, { maxLength: 3 }), (rounds) => {
        const table = createKeyedTable();
        for (const round of rounds) {
          const slots = new Map<string, number>();
          for (const word of round) {
            const expected = slots.get(word) ?? slots.size;
            slots.set(word, expected);
            if (add(table, word, hash) !== expected) return false;
          }
          for (const [word, slot] of slots) {
            const bytes = Buffer.from(word, 'latin1');
            if (findKey(table, bytes, 0, bytes.length, hash(bytes)) !== slot) return false;
            if (keyOf(table, slot) !== word) return false;
          }
          if (findKey(table, Buffer.from('none'), 0, 4, hash(Buffer.from('none'))) !== -1) return false;
          if (table.count !== slots.size) return false;
          resetTable(table);
        }
        return true;
      }),
    );
    t.end();
  });
}

t.test('a table grows to many keys, and what is appended behind them stays', (t) => {
  const table = createKeyedTable(1);
  const extra = appendToArena(table, Buffer.from('xyz'), 1, 2);
  const count = 50_000;
  for (let n = 0; n < count; n++) add(table, `key ${n}`, hashes['good']!);
  t.equal(table.count, count);
  const wrong = Array.from({ length: count }, (_, n) => n).filter((n) => keyOf(table, n) !== `key ${n}`);
  t.same(wrong, []);
  t.equal(Buffer.from(table.arena.subarray(extra, extra + 2)).toString(), 'yz');
  t.end();
});

t.test('the loop over rows gives the same slots as key by key', (t) => {
  const words = fc.array(fc.string({ maxLength: 60, unit: fc.constantFrom('a', 'b') }), { maxLength: 200 });
  fc.assert(
    fc.property(words, fc.boolean(), (texts, collide) => {
      const bytes = Buffer.from(`..${texts.join('')}`);
      const spans = {
        bytes,
        starts: new Int32Array(texts.length),
        lengths: new Int32Array(texts.length),
        hashes: new Int32Array(texts.length),
      };
      let at = 2;
      texts.forEach((text, row) => {
        spans.starts[row] = at;
        spans.lengths[row] = text.length;
        spans.hashes[row] = collide ? text.length : hashBytes(bytes, at, text.length);
        at += text.length;
      });
      const rows = Int32Array.from(texts.keys()).reverse();
      const slots = new Int32Array(texts.length);
      const one = createKeyedTable();
      addKeys(one, spans, rows, texts.length, slots);
      const other = createKeyedTable();
      return [...rows].every((row, k) => {
        const expected = addKey(other, bytes, spans.starts[row]!, spans.lengths[row]!, spans.hashes[row]!);
        return slots[k] === expected && keyOf(one, expected) === texts[row];
      });
    }),
  );
  t.end();
});

t.test('a table that was large gives memory back when it is used for little', (t) => {
  const table = createKeyedTable();
  for (let n = 0; n < 10_000; n++) add(table, `a rather long key with number ${n}`, hashes['good']!);
  resetTable(table);
  t.ok(table.mask >= 16_383, 'what was needed once is kept for the next use');
  add(table, 'one', hashes['good']!);
  resetTable(table);
  t.ok(table.mask < 256);
  t.ok(table.arena.length < 4096);
  t.equal(add(table, 'one', hashes['good']!), 0);
  t.end();
});
