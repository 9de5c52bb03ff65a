/**
 * Random records out of order: behind a sort by time they stand as a slow definition says - each is judged by the watermark
 * before it, and those in time are sorted - and a window behind it says what it says without the sort, none of its records
 * late; in one process and in two. A sort by values says what a sort of parsed records says. Both
 * when their entries are exported and edited. LEAT_RUNS multiplies the runs.
 */
import fc from 'fast-check';
import t from 'tap';
import { parsePipeline } from '../../src/frontends/index.js';
import { runResumed } from '../harness/resumed-run.js';
import { runPlan } from '../harness/run-plan.js';

const runs = 200 * Number(process.env['LEAT_RUNS'] ?? 1);

const base = Date.UTC(2026, 0, 1);
const record = fc
  .record({
    at: fc.integer({ min: 0, max: 40 }),
    k: fc.constantFrom('a', 'b', null),
    v: fc.integer({ min: -3, max: 3 }),
  })
  .map(({ at, ...rest }) => ({ ts: base + at * 500, ...rest }));
type Given = { readonly ts: number; readonly k: string | null; readonly v: number };

const linesOf = (records: readonly Given[]): string =>
  records.map((one) => `${JSON.stringify(one)}\n`).join('');

/** Those in time, by time, and how many are not. */
function sorted(records: readonly Given[], delayMs: number) {
  const inTime = records.filter(({ ts }, at) => {
    const before = records.slice(0, at).map((other) => other.ts);
    return before.every((other) => ts >= other - delayMs);
  });
  const output = inTime
    .map((one, number) => ({ one, number }))
    .sort((a, b) => a.one.ts - b.one.ts || a.number - b.number)
    .map(({ one }) => one);
  return { output, late: records.length - inTime.length };
}

const chunks = fc.constantFrom(1, 60, 65_536);
const delays = fc.constantFrom(0, 1, 4, 100);
const many = fc.array(record, { maxLength: 40 });

t.test('records by time', async (t) => {
  await fc.assert(
    fc.asyncProperty(many, delays, chunks, async (records, delay, chunkBytes) => {
      const plan = parsePipeline(`sort --time ts --delay ${delay}s`);
      const got = await runPlan(plan, { input: linesOf(records), chunkBytes });
      const edited = await runResumed(plan, { input: linesOf(records), chunkBytes: 70, edited: true });
      const wanted = sorted(records, delay * 1000);
      const isRight = got.output === linesOf(wanted.output) && edited.output === got.output;
      if (!isRight || got.late.length !== wanted.late) {
        throw new Error(`delay ${delay}\n${linesOf(records)}\ngot ${got.late.length} late:\n${got.output}`);
      }
    }),
    { numRuns: runs },
  );
  t.pass('all agree');
});

const stages = fc.constantFrom(
  'window tumble 2s | aggregate count(*) as n, sum(v) as s --by k',
  'window hop 4s 2s | aggregate count(*) as n, set(v) as vs',
  'window session 1s --by k | aggregate count(*) as n, min(ts) as first',
);

t.test('windows behind a sort', async (t) => {
  await fc.assert(
    fc.asyncProperty(many, delays, stages, chunks, async (records, delay, stage, chunkBytes) => {
      const front = `from - --time ts --delay ${delay}s | sort`;
      const input = linesOf(records);
      const inTime = linesOf(sorted(records, delay * 1000).output);
      // A delay that is long enough makes nothing late that is in order.
      const wanted = await runPlan(parsePipeline(`from - --time ts --delay 1h | ${stage}`), {
        input: inTime,
      });
      const fused = await runPlan(parsePipeline(`${front} | ${stage}`), { input, chunkBytes });
      const first = await runPlan(parsePipeline(front), { input, chunkBytes, piped: true });
      const second = await runPlan(parsePipeline(`from - | ${stage}`), { input: first.output, chunkBytes });
      const said = { fused: fused.output, piped: second.output, late: second.late.length };
      if (said.fused !== wanted.output || said.piped !== wanted.output || said.late > 0) {
        throw new Error(
          `${front} | ${stage}\n${input}\n${JSON.stringify(said, null, 1)}\nbetween:\n${first.output}\nwanted:\n${wanted.output}`,
        );
      }
    }),
    { numRuns: runs },
  );
  t.pass('all agree');
});

t.test('records by values', async (t) => {
  await fc.assert(
    fc.asyncProperty(many, fc.boolean(), chunks, async (records, descending, chunkBytes) => {
      const plan = parsePipeline(`sort --by k, v + 1 as next${descending ? ' --desc' : ''}`);
      const got = await runPlan(plan, { input: linesOf(records), chunkBytes });
      const rank = (one: Given): number => (one.k === null ? 0 : one.k === 'a' ? 1 : 2);
      const sign = descending ? -1 : 1;
      const wanted = [...records].sort((a, b) => sign * (rank(a) - rank(b) || a.v - b.v));
      const edited = await runResumed(plan, { input: linesOf(records), chunkBytes: 70, edited: true });
      if (got.output !== linesOf(wanted) || edited.output !== got.output)
        throw new Error(`${linesOf(records)}\ngot:\n${got.output}`);
    }),
    { numRuns: runs },
  );
  t.pass('all agree');
});
