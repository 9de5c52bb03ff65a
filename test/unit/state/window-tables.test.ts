/** The order in which windows fire, against sorting. */
import fc from 'fast-check';
import t from 'tap';
import {
  createWindowQueue,
  createWindowTables,
  findWindow,
  nextEnd,
  nextFiring,
  openWindow,
  openWindows,
  popWindow,
  pushWindow,
  releaseTable,
  takeDue,
} from '../../../src/state/index.js';

const bounds = fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: 1, max: 10 }));

t.test('the queue gives windows by end, then by start', (t) => {
  fc.assert(
    fc.property(fc.array(bounds, { maxLength: 60 }), (list) => {
      const queue = createWindowQueue();
      list.forEach(([start, size], id) => {
        pushWindow(queue, start, start + size, id);
      });
      const sorted = list
        .map(([start, size]) => [start + size, start])
        .sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!);
      for (const [end, start] of sorted) {
        if (nextEnd(queue) !== end) return false;
        const id = popWindow(queue);
        const [itsStart, itsSize] = list[id]!;
        if (itsStart !== start || itsStart + itsSize !== end) return false;
      }
      return queue.size === 0 && nextEnd(queue) === Number.POSITIVE_INFINITY;
    }),
  );
  t.end();
});

t.test('windows open once, fire by the watermark in order, and can open again', (t) => {
  const step = fc.oneof(
    fc.record({ open: bounds }),
    fc.record({ watermark: fc.integer({ min: -20, max: 30 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const tables = createWindowTables<{ windows: string[] }>();
      const open = new Map<string, [number, number]>();
      for (const one of steps) {
        if ('open' in one) {
          const [start, size] = one.open;
          const name = `${start}+${size}`;
          const known = findWindow(tables, start, start + size);
          if ((known !== undefined) !== open.has(name)) return false;
          const { table } = openWindow(tables, start, start + size, () => ({ windows: [] }));
          if (known === undefined) table.windows.push(name);
          if (table.windows.at(-1) !== name) return false;
          open.set(name, [start, start + size]);
          continue;
        }
        const due = [...open].filter(([, [, end]]) => one.watermark >= end - 1);
        due.sort(([, a], [, b]) => a[1] - b[1] || a[0] - b[0]);
        for (const [name] of due) {
          const window = takeDue(tables, one.watermark);
          if (window === undefined || window.table.windows.at(-1) !== name) return false;
          releaseTable(tables, window.table);
          open.delete(name);
        }
        if (takeDue(tables, one.watermark) !== undefined) return false;
        const next = Math.min(Number.POSITIVE_INFINITY, ...[...open.values()].map(([, end]) => end - 1));
        if (nextFiring(tables) !== next || openWindows(tables) !== open.size) return false;
      }
      return true;
    }),
  );
  t.end();
});

t.test('few spare tables are kept', (t) => {
  const tables = createWindowTables<object>();
  for (let n = 0; n < 100; n++) openWindow(tables, n, n + 1, () => ({}));
  for (let window = takeDue(tables, 100); window !== undefined; window = takeDue(tables, 100)) {
    releaseTable(tables, window.table);
  }
  t.ok(tables.spare.length > 0 && tables.spare.length < 10);
  t.equal(tables.byEnd.size, 0);
  t.end();
});
