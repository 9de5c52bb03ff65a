/**
 * The alignment of barriers where pipes meet, by itself: random streams of records and barriers with gaps, read in a random
 * order, against what the streams say. Whatever the order, exactly the barriers that all streams have are cut, at each of
 * them exactly the records in front of it have been read, and nobody waits for ever.
 */
import fc from 'fast-check';
import t from 'tap';
import { createAlignment } from '../../../src/backends/local/checkpoints/alignment.js';

/** A stream: how many records stand in front of each of its barriers. */
type Stream = ReadonlyMap<number, number>;

const last = 12;

/** A stream has some of the barriers, and the last one, with which the run ends. */
const streams: fc.Arbitrary<readonly Stream[]> = fc.array(
  fc
    .array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 3 })), { minLength: last, maxLength: last })
    .map((facts) => {
      const stream = new Map<number, number>();
      let records = 0;
      for (const [index, [has, more]] of facts.entries()) {
        records += more;
        if (has || index === last - 1) stream.set(index + 1, records);
      }
      return stream;
    }),
  { minLength: 1, maxLength: 4 },
);

/** An input while it is read. */
interface Reading {
  readonly input: number;
  readonly barriers: readonly number[];
  next: number;
}

t.test('exactly the barriers of all inputs are cut, each behind the right records', async (t) => {
  fc.assert(
    fc.property(streams, fc.infiniteStream(fc.nat({ max: 1000 })), (all, choices) => {
      const inputs = all.map((stream, input): Reading => ({ input, barriers: [...stream.keys()], next: 0 }));
      const alignment = createAlignment(inputs.map(({ input }) => input));
      const cut: number[] = [];
      for (;;) {
        const unread = inputs.filter(({ barriers, next }) => next < barriers.length);
        if (unread.length === 0) break;
        const free = unread.filter(({ input }) => !alignment.isHeld(input));
        if (free.length === 0) return false;
        const somebodyWaits = inputs.some(({ input }) => alignment.isHeld(input));
        if (free.some(({ input }) => alignment.isAwaited(input) !== somebodyWaits)) return false;
        const reading = free[choices.next().value! % free.length]!;
        const barrier = reading.barriers[reading.next++]!;
        const how = alignment.reach(reading.input, barrier);
        if ((how === 'held') !== alignment.isHeld(reading.input)) return false;
        if (how !== 'aligned') continue;
        cut.push(barrier);
        const isRight = inputs.every(({ input, barriers, next }) => {
          const read = all[input]!.get(barriers[next - 1]!);
          return read !== undefined && read === all[input]!.get(barrier);
        });
        if (!isRight) return false;
      }
      const common = [...all[0]!.keys()].filter((barrier) => all.every((stream) => stream.has(barrier)));
      return cut.join() === common.join();
    }),
    { numRuns: 2000 },
  );
  t.pass('2000 random sets of streams');
});

t.test('a barrier that another input has skipped is subsumed by the next', async (t) => {
  const alignment = createAlignment(['a', 'b']);
  t.equal(alignment.reach('a', 1), 'held');
  t.ok(alignment.isHeld('a'));
  t.ok(alignment.isAwaited('b'), 'b is read although it may be ahead');
  t.equal(alignment.reach('b', 2), 'held', 'b has skipped 1');
  t.notOk(alignment.isHeld('a'), 'so a goes on from 1');
  t.ok(alignment.isAwaited('a'));
  t.equal(alignment.reach('a', 2), 'aligned');
  t.notOk(alignment.isHeld('a') || alignment.isHeld('b'));
  t.equal(alignment.reach('b', 5), 'held');
  t.equal(alignment.reach('a', 4), 'passed', 'a comes to a barrier that b has skipped');
  t.equal(alignment.reach('a', 5), 'aligned');
  t.throws(() => alignment.reach('a', 5), /barrier 5 came behind barrier 5/);
});

t.test('one input alone never waits', async (t) => {
  const alignment = createAlignment(['a']);
  t.equal(alignment.reach('a', 3), 'aligned');
  t.notOk(alignment.isHeld('a'));
  t.notOk(alignment.isAwaited('a'));
});
