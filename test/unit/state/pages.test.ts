/** What tables and lists write as pages, and that they are themselves again when they are read back. */
import fc from 'fast-check';
import t from 'tap';
import { hashBytes, putText, takeText } from '../../../src/record/index.js';
import {
  addKey,
  type Codec,
  createKeyedTable,
  createWindowQueue,
  createWindowTables,
  findKey,
  findWindow,
  openWindow,
  popWindow,
  pushWindow,
  readArray,
  readFacts,
  readNumbered,
  readQueue,
  readSlots,
  readTable,
  readWindows,
  resetTable,
  storedLength,
  takeDue,
  writeArray,
  writeFacts,
  writeNumbered,
  writeQueue,
  writeSlots,
  writeTable,
  writeWindows,
} from '../../../src/state/index.js';
import { createMemoryPages } from '../../harness/memory-pages.js';

const textCodec: Codec<string> = { write: putText, read: takeText };

t.test('only the part of an array in use is written, in pages of one length', (t) => {
  const array = Float64Array.from({ length: 20_000 }, (_, index) => index);
  const pages = createMemoryPages();
  writeArray(pages.writer, 'a', array, 10_000);
  t.equal(pages.pageCount('a'), 2);
  t.equal(pages.page('a', 0).length, 65_536);
  t.equal(storedLength(pages, 'a', 8), 10_000);
  const back = new Float64Array(12_000);
  t.equal(readArray(pages, 'a', back), 10_000);
  t.same(back.subarray(0, 10_000), array.subarray(0, 10_000));
  t.ok(back.subarray(10_000).every((one) => one === 0));
  t.throws(() => readArray(pages, 'a', new Float64Array(9_999)), /section a holds 10000 elements/);
  t.throws(() => readArray(pages, 'a', new Int32Array(0)), /section a/);
  t.end();
});

t.test('facts are exact, and others than those that are wanted are a problem', (t) => {
  const pages = createMemoryPages();
  const facts = { least: -Infinity, none: Number.NaN, zero: -0, name: 'ø', is: true, n: 0.1 };
  writeFacts(pages.writer, facts);
  const back = readFacts(pages, facts);
  for (const [name, fact] of Object.entries(facts)) t.ok(Object.is(back[name as 'n'], fact), name);
  t.throws(() => readFacts(pages, { other: 1 }), /no number named other/);
  t.throws(() => readFacts(pages, { name: true }), /no boolean named name/);
  t.throws(() => readFacts(createMemoryPages(), { n: 1 }), /facts is not there/);
  t.end();
});

t.test('things by slot stay on the page of their neighbours', (t) => {
  const things = fc.array(fc.option(fc.string({ maxLength: 3 }), { nil: undefined, freq: 2 }), {
    maxLength: 300,
  });
  fc.assert(
    fc.property(things, fc.nat(300), (list, changed) => {
      const pages = createMemoryPages();
      writeSlots(pages.writer, 's', list, list.length, textCodec);
      const back: (string | undefined)[] = [];
      readSlots(pages, 's', textCodec, back);
      for (let slot = 0; slot < list.length; slot++) if (back[slot] !== list[slot]) return false;
      const again = createMemoryPages();
      writeSlots(again.writer, 's', back, list.length, textCodec);
      if (JSON.stringify(again.dump()) !== JSON.stringify(pages.dump())) return false;
      if (changed >= back.length) return true;
      back[changed] = 'changed';
      const other = createMemoryPages();
      writeSlots(other.writer, 's', back, list.length, textCodec);
      const [before, after] = [pages.dump(), other.dump()];
      return Object.keys(after).every(
        (page) => before[page] === after[page] || page === `s ${Math.floor(changed / 64)}`,
      );
    }),
  );
  t.pass('all do');
  t.end();
});

t.test('numbered things come back in order, and where none are left there is no section', (t) => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(30_000), { maxLength: 200 }), (numbers) => {
      numbers.sort((a, b) => a - b);
      const pages = createMemoryPages();
      const things = numbers.map((number) => ({ number, thing: `thing ${number}` }));
      writeNumbered(pages.writer, 'n/', things, textCodec);
      pages.dump();
      const back: { number: number; thing: string }[] = [];
      readNumbered(pages, 'n/', textCodec, (number, thing) => back.push({ number, thing }));
      const stretches = new Set(numbers.map((number) => Math.floor(number / 4096)));
      return JSON.stringify(back) === JSON.stringify(things) && pages.sections.length === stretches.size;
    }),
  );
  t.pass('all do');
  t.end();
});

const add = (table: ReturnType<typeof createKeyedTable>, key: string): number => {
  const bytes = Buffer.from(key);
  return addKey(table, bytes, 0, bytes.length, hashBytes(bytes, 0, bytes.length));
};

t.test('a table that is read back finds every key in its slot, and goes on', (t) => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 5 }), { maxLength: 300 }), (keys) => {
      const table = createKeyedTable();
      for (let n = 0; n < 500; n++) add(table, `of an earlier use ${n}`);
      resetTable(table);
      const slots = keys.map((key) => add(table, key));
      const pages = createMemoryPages();
      writeTable(pages.writer, table);
      const back = readTable(pages);
      for (const [index, key] of keys.entries()) {
        const bytes = Buffer.from(key);
        const slot = findKey(back, bytes, 0, bytes.length, hashBytes(bytes, 0, bytes.length));
        if (slot !== slots[index]) return false;
      }
      for (let n = 0; n < 100; n++) if (add(back, `new ${n}`) !== add(table, `new ${n}`)) return false;
      const [fresh, other] = [createMemoryPages(), createMemoryPages()];
      writeTable(fresh.writer, table);
      writeTable(other.writer, back);
      return JSON.stringify(fresh.dump()) === JSON.stringify(other.dump());
    }),
  );
  t.pass('all do');
  t.end();
});

t.test('a table whose keys lie beyond its arena is refused', (t) => {
  const table = createKeyedTable();
  add(table, 'abc');
  table.lengths[0] = 4;
  const pages = createMemoryPages();
  writeTable(pages.writer, table);
  t.throws(() => readTable(pages), /section starts points beyond the keys/);
  t.end();
});

t.test('a queue gives out the same, also among entries of equal bounds', (t) => {
  const bounds = fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: 1, max: 3 }));
  fc.assert(
    fc.property(fc.array(bounds, { maxLength: 40 }), (list) => {
      const queue = createWindowQueue();
      list.forEach(([start, size], id) => {
        pushWindow(queue, start, start + size, id);
      });
      const pages = createMemoryPages();
      writeQueue(pages.writer, queue);
      const back = readQueue(pages);
      while (queue.size > 0) if (popWindow(back) !== popWindow(queue)) return false;
      return back.size === 0;
    }),
  );
  t.pass('all do');
  t.end();
});

t.test('the table of a window keeps its sections while others come and go', (t) => {
  const tables = createWindowTables<string>();
  const write = () => {
    const pages = createMemoryPages();
    writeWindows(pages.writer, tables, (into, table) => into.page('table', 0, Buffer.from(table)));
    return pages;
  };
  openWindow(tables, 0, 10, () => 'first');
  openWindow(tables, -5, 20, () => 'second');
  t.same(write().sections, ['-5..20/table', '0..10/table', 'windows']);
  t.equal(takeDue(tables, 9)?.table, 'first');
  openWindow(tables, 10, 20, () => 'third');
  const pages = write();
  t.same(pages.sections, ['-5..20/table', '10..20/table', 'windows']);
  const back = createWindowTables<string>();
  readWindows(pages, back, (from) => Buffer.from(from.page('table', 0)).toString());
  t.equal(findWindow(back, -5, 20)?.table, 'second');
  t.equal(takeDue(back, 19)?.table, 'second');
  t.equal(takeDue(back, 19)?.table, 'third');
  t.equal(takeDue(back, 19), undefined);
  t.end();
});
