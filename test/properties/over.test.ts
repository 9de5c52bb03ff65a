/**
 * Random questions to over, on random records out of order: leat says what the definition says, in chunks of any size, in two
 * processes as in one, and when its operators are written out and built anew. LEAT_RUNS multiplies the number of runs; a
 * failure prints the question and the records.
 */
import fc from 'fast-check';
import t from 'tap';
import { parsePipeline } from '../../src/frontends/index.js';
import type { OverNode } from '../../src/plan/index.js';
import { overRows } from '../harness/oracle/over.js';
import { runResumed } from '../harness/resumed-run.js';
import { runPlan } from '../harness/run-plan.js';

const runs = 100 * Number(process.env['LEAT_RUNS'] ?? 1);

t.setTimeout(600_000);

const calls = [
  'count(*) as n, sum(v) as s, avg(v) as mean',
  'min(v) as low, max(v) as high, lag(v) as before',
  'first(v) as f, last(v) as l, lag(v, 3) as third',
  'list(v) as vs, set(v) as kinds, count(distinct v) as different',
  'sum(v) filter (where v > 1) as some, argmax(ts, v) as top, mode(v) as often',
  'top(v * 2, 2) as best, sum(v + 0.5) as more',
];

const record = fc
  .record(
    {
      at: fc.integer({ min: 0, max: 60 }),
      k: fc.constantFrom('a', 'b', 'ø', 7, null),
      v: fc.constantFrom(-3, 0, 1, 2, 7, 1.5, null),
    },
    { requiredKeys: ['at'] },
  )
  .map(({ at, ...rest }) => JSON.stringify({ ts: 1_700_000_000_000 + at * 500, ...rest }));

const frames = [
  '',
  '--rows unbounded',
  '--rows 1',
  '--rows 3',
  '--rows 40',
  '--range 1s',
  '--range 4s',
  '--range 1m',
];

const asked = fc
  .record({
    call: fc.constantFrom(...calls),
    frame: fc.constantFrom(...frames),
    delayMs: fc.constantFrom(0, 1, 2000, 30_000),
    lines: fc.oneof(
      fc.array(record, { minLength: 1, maxLength: 30 }),
      fc.array(record, { minLength: 100, maxLength: 200 }),
    ),
    chunkBytes: fc.constantFrom(1, 7, 100, 65_536),
    sorted: fc.boolean(),
    keyed: fc.boolean(),
  })
  .map(({ sorted, lines, keyed, ...rest }) => {
    const timeOf = (line: string): number => (JSON.parse(line) as { ts: number }).ts;
    const given = keyed ? lines : lines.map((line) => line.replace(/"k":[^,}]*/, '"k":"a"'));
    // Half of them are in order but for their neighbours, so that less is late.
    const ordered = sorted
      ? [...given].sort((a, b) => timeOf(a) - timeOf(b) + (((timeOf(a) / 500) % 7) - 3) * 500)
      : given;
    return { ...rest, lines: ordered };
  });

type Asked = typeof asked extends fc.Arbitrary<infer Question> ? Question : never;

const front = ({ delayMs }: Asked): string => `from - --time ts --delay ${delayMs}ms`;
const back = ({ call, frame }: Asked): string => `over ${call} --by k ${frame}`;

function compare(what: string, input: string, got: unknown, wanted: unknown): void {
  if (JSON.stringify(got) === JSON.stringify(wanted)) return;
  throw new Error(
    `${what}\n${input}\ngot:\n${JSON.stringify(got, null, 1)}\nwanted:\n${JSON.stringify(wanted, null, 1)}`,
  );
}

const linesOf = (output: string): string[] => output.split('\n').slice(0, -1);

t.test('what is added is what the definition says', async (t) => {
  await fc.assert(
    fc.asyncProperty(asked, async (question) => {
      const text = `${front(question)} | ${back(question)}`;
      const plan = parsePipeline(text);
      const { lines, delayMs, chunkBytes } = question;
      const input = `${lines.join('\n')}\n`;
      const over = plan.nodes.find((node): node is OverNode => node.kind === 'over')!;
      const got = await runPlan(plan, { input, chunkBytes });
      const answer = { output: linesOf(got.output), late: got.late };
      compare(text, input, answer, overRows(over, lines, delayMs));
    }),
    { numRuns: runs },
  );
  t.pass('all agree');
});

t.test('and the same in processes, with more before and behind', async (t) => {
  await fc.assert(
    fc.asyncProperty(asked, async (question) => {
      const { lines, chunkBytes } = question;
      const stages = [
        front(question),
        'filter v is null or v <> 2',
        back(question),
        'window tumble 5s',
        'aggregate count(*) as records, set(v) as values --by k',
      ];
      const input = `${lines.join('\n')}\n`;
      const fused = await runPlan(parsePipeline(stages.join(' | ')), { input });
      let between = input;
      for (const [index, stage] of stages.entries()) {
        const piped = index < stages.length - 1;
        const plan = parsePipeline(index === 0 ? stage : `from - | ${stage}`);
        between = (await runPlan(plan, { input: between, chunkBytes, piped })).output;
      }
      compare(stages.join(' || '), input, linesOf(between), linesOf(fused.output));
    }),
    { numRuns: runs },
  );
  t.pass('all agree');
});

t.test('and the same when operators are built anew', async (t) => {
  const deviations = 'stddev(v) as d, p95(v) as p, sum(v * 0.1) as tenths, approx_distinct(v) as about';
  await fc.assert(
    fc.asyncProperty(asked, fc.boolean(), fc.boolean(), async (given, isRough, edited) => {
      // Fractions as well, whose sums depend on what was added to what first.
      const question = isRough ? { ...given, call: deviations } : given;
      const text = `${front(question)} | ${back(question)}`;
      const input = `${question.lines.join('\n')}\n`;
      const wanted = await runPlan(parsePipeline(text), { input });
      const got = await runResumed(parsePipeline(text), { input, chunkBytes: 300, edited });
      compare(text, input, [linesOf(got.output), got.late], [linesOf(wanted.output), wanted.late]);
    }),
    { numRuns: runs },
  );
  t.pass('all agree');
});

t.test('long frames are folded by blocks, of blocks of blocks', async (t) => {
  const values = Array.from({ length: 2600 }, (_, index) => (index * 7919) % 1013);
  const input = values
    .map((v, index) => `${JSON.stringify({ ts: 1_700_000_000_000 + index, v })}\n`)
    .join('');
  const question = 'over sum(v) as s, max(v) as high, lag(v, 2) as back, first(v) as f --time ts';
  for (const [frame, size] of [
    ['--rows 2100', 2100],
    ['--range 1100ms', 1101],
    ['--rows unbounded', 2600],
  ] as const) {
    const plan = parsePipeline(`${question} ${frame}`);
    const wanted = values.map((v, index) => {
      const near = values.slice(Math.max(0, index + 1 - size), index + 1);
      const s = near.reduce((a, b) => a + b, 0);
      const added = { s, high: Math.max(...near), back: near.at(-3) ?? null, f: near[0] };
      return JSON.stringify({ ts: 1_700_000_000_000 + index, v, ...added });
    });
    const got = await runResumed(plan, { input, chunkBytes: 20_000, every: 1 });
    t.strictSame(linesOf(got.output), wanted, frame);
    t.ok(got.resumed > 0);
  }
});
