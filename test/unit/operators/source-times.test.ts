/**
 * The watermark of sources that are read beside each other: the lowest of those that talk, as a slow definition has it on random
 * histories; one that has said nothing holds it back until it has been silent for too long; one that has ended does not.
 */
import fc from 'fast-check';
import t from 'tap';
import { createSourceTimes } from '../../../src/operators/source-times.js';

t.test('the lowest of all, whichever comes first', (t) => {
  const live = ['a', 'b'];
  const times = createSourceTimes({ delayMs: 5, idleMs: undefined, live: () => live });
  t.same(times.enter('a', 0), { own: Number.NEGATIVE_INFINITY, ceiling: Number.NEGATIVE_INFINITY });
  times.leave('a', 100, 0);
  t.equal(times.watermark(1e9), Number.NEGATIVE_INFINITY, 'b has said nothing');
  t.same(times.enter('b', 0), { own: Number.NEGATIVE_INFINITY, ceiling: 95 });
  times.leave('b', 40, 0);
  t.equal(times.watermark(0), 35);
  t.same(times.enter('b', 0), { own: 40, ceiling: 95 });
  t.equal(times.nextSilence(0), Number.POSITIVE_INFINITY);
  t.end();
});

t.test('silence, an end, and what a run goes on with', (t) => {
  let live = ['a', 'b'];
  const make = () => createSourceTimes({ delayMs: 0, idleMs: 1000, live: () => live });
  const times = make();
  times.enter('a', 0);
  times.leave('a', 100, 0);
  t.equal(times.nextSilence(0), 1000);
  times.enter('a', 900);
  times.leave('a', 200, 900);
  t.equal(times.watermark(999), Number.NEGATIVE_INFINITY);
  t.equal(times.watermark(1000), 200, 'b has been silent for a second');
  t.equal(times.watermark(5000), undefined, 'all are silent');
  times.enter('b', 5000);
  times.leave('b', 50, 5000);
  t.equal(times.watermark(5000), 50);
  live = ['a'];
  times.enter('a', 5001);
  times.leave('a', 300, 5001);
  t.equal(times.watermark(5001), 300, 'b has ended');
  live = ['a', 'b'];
  const again = make();
  again.restore(times.facts());
  t.equal(again.watermark(90_000), 50, 'silence is counted anew');
  t.equal(again.watermark(91_000), undefined);
  t.end();
});

t.test('random histories against the definition', (t) => {
  const step = fc.record({ source: fc.nat(3), time: fc.nat(1000), wait: fc.nat(700) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.nat(20), (steps, delayMs) => {
      const names = ['p0', 'p1', 'p2', 'p3'];
      const times = createSourceTimes({ delayMs, idleMs: 1000, live: () => names });
      let now = 0;
      const highest = names.map(() => Number.NEGATIVE_INFINITY);
      const last = names.map(() => 0);
      times.watermark(0);
      for (const { source, time, wait } of steps) {
        now += wait;
        const { own } = times.enter(names[source]!, now);
        times.leave(names[source]!, Math.max(own, time), now);
        highest[source] = Math.max(highest[source]!, time);
        last[source] = now;
        const talking = names.flatMap((_, index) => (now - last[index]! < 1000 ? highest[index]! : []));
        t.equal(times.watermark(now), Math.min(...talking) - delayMs);
      }
    }),
  );
  t.end();
});
