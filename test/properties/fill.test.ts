/**
 * Random records with gaps: fill puts in what a slow definition says, over parsed records, in chunks of any size, behind an
 * aggregate in one process and in two, and when its operators are built anew or edited. LEAT_RUNS multiplies the number of runs.
 */
import fc from 'fast-check';
import t from 'tap';
import { parsePipeline } from '../../src/frontends/index.js';
import { runResumed } from '../harness/resumed-run.js';
import { runPlan } from '../harness/run-plan.js';

const runs = 150 * Number(process.env['LEAT_RUNS'] ?? 1);

t.setTimeout(600_000);

const base = 1_700_000_000_000;
type Given = { readonly ts: number; readonly k: string | null; readonly v: number | null };
const given = fc.record({
  ts: fc.integer({ min: 0, max: 80 }).map((at) => base + at * 250),
  k: fc.constantFrom('a', 'b', null),
  v: fc.constantFrom(-4, 0, 3, 8, null),
});

const asked = fc.record({
  records: fc.array(given, { maxLength: 30 }),
  sorted: fc.boolean(),
  value: fc.constantFrom('zero', 'previous', 'null', 'linear'),
  everyMs: fc.constantFrom(250, 500, 1000, 3000),
  maxGapMs: fc.constantFrom(undefined, 4000),
  chunkBytes: fc.constantFrom(1, 60, 65_536),
});
type Asked = typeof asked extends fc.Arbitrary<infer Question> ? Question : never;

const inputOf = ({ records, sorted }: Asked): readonly Given[] =>
  sorted ? [...records].sort((a, b) => a.ts - b.ts) : records;
const linesOf = (records: readonly object[]): string =>
  records.map((one) => `${JSON.stringify(one)}\n`).join('');

/** The value of a record that is `share` of the way from one to the next. */
function valueBetween(value: string, before: Given['v'], after: Given['v'], share: number): Given['v'] {
  if (value === 'previous') return before;
  if (value === 'zero') return before === null && after === null ? null : 0;
  return value === 'null' || before === null || after === null ? null : before + (after - before) * share;
}

function filled(question: Asked): readonly Given[] {
  const { value, everyMs, maxGapMs = Number.POSITIVE_INFINITY } = question;
  const records = inputOf(question);
  return records.flatMap((one, at) => {
    const earlier = records.slice(0, at).filter(({ k }) => k === one.k);
    const highest = Math.max(...earlier.map(({ ts }) => ts));
    const last = earlier.find(({ ts }) => ts === highest);
    if (last === undefined || one.ts - last.ts > maxGapMs) return [one];
    const gap = one.ts - last.ts;
    const missing = Math.max(0, Math.round(gap / everyMs) - 1);
    const between = Array.from({ length: missing }, (_, index) => {
      const later = (index + 1) * everyMs;
      return { ts: last.ts + later, k: one.k, v: valueBetween(value, last.v, one.v, later / gap) };
    });
    return [...between, one];
  });
}

const textOf = ({ value, everyMs, maxGapMs }: Asked): string =>
  `fill --every ${everyMs}ms --with ${value} --by k --time ts${maxGapMs === undefined ? '' : ` --max-gap ${maxGapMs}ms`}`;

t.test('what is put in is what the definition says, also when operators are built anew', async (t) => {
  await fc.assert(
    fc.asyncProperty(asked, async (question) => {
      const plan = parsePipeline(textOf(question));
      const input = linesOf(inputOf(question));
      const wanted = linesOf(filled(question));
      const got = await runPlan(plan, { input, chunkBytes: question.chunkBytes });
      const resumed = await runResumed(plan, { input, chunkBytes: 90 });
      const edited = await runResumed(plan, { input, chunkBytes: 90, edited: true });
      if ([got, resumed, edited].some(({ output }) => output !== wanted)) {
        throw new Error(`${textOf(question)}\n${input}\ngot:\n${got.output}\nwanted:\n${wanted}`);
      }
    }),
    { numRuns: runs },
  );
  t.pass('all agree');
});

t.test('results of windows are filled in one process as in two', async (t) => {
  await fc.assert(
    fc.asyncProperty(asked, async (question) => {
      const { value, chunkBytes } = question;
      const front =
        'from - --time ts --delay 5s | window tumble 1s | aggregate count(*) as n, sum(v) as s --by k';
      const back = `fill --by k --with ${value}`;
      const input = linesOf(inputOf(question));
      const fused = await runPlan(parsePipeline(`${front} | ${back}`), { input, chunkBytes });
      const first = await runPlan(parsePipeline(front), { input, piped: true });
      const second = await runPlan(parsePipeline(`from - | ${back}`), { input: first.output, chunkBytes });
      if (fused.output !== second.output) {
        throw new Error(`${back}\n${input}\nfused:\n${fused.output}\npiped:\n${second.output}`);
      }
    }),
    { numRuns: runs },
  );
  t.pass('all agree');
});
