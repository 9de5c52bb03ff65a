/**
 * Random questions to commands that choose among records: leat says what the definition says, in chunks of any size, in two
 * processes as in one, and when its operators are written out, edited and built anew. LEAT_RUNS multiplies the number of
 * runs; a failure prints the question and the records.
 */
import fc from 'fast-check';
import t from 'tap';
import { parsePipeline } from '../../src/frontends/index.js';
import { createDraw } from '../../src/operators/sample/draw.js';
import {
  type Chosen,
  drawnRows,
  firstRows,
  firstWithin,
  lastWithin,
  latestRows,
  leastDrawn,
  type OracleRow,
  rowsOf,
  topRows,
} from '../harness/oracle/chosen.js';
import { runResumed } from '../harness/resumed-run.js';
import { runPlan } from '../harness/run-plan.js';

const runs = 300 * Number(process.env['LEAT_RUNS'] ?? 1);

t.setTimeout(600_000);

interface Command {
  readonly text: string;
  readonly windowed: boolean;
  /** Whether records keep their event time, so that more can be asked of them. */
  readonly timed: boolean;
  wanted(rows: readonly OracleRow[]): Chosen;
}

/** The draws are what a sample is defined by; that they look like chance is tested by themselves. */
const draw = createDraw(3).ofNumber;

const commands: readonly Command[] = [
  {
    text: 'sample 40% --seed 3',
    windowed: false,
    timed: true,
    wanted: (rows) => drawnRows(rows, draw, 0.4),
  },
  { text: 'sample 3 --seed 3', windowed: true, timed: false, wanted: (rows) => leastDrawn(rows, draw, 3) },
  { text: 'head-by-key 3 --by k', windowed: true, timed: true, wanted: (rows) => firstRows(rows, 3) },
  { text: 'top 2 --by v', windowed: true, timed: false, wanted: (rows) => topRows(rows, 2, -1, false) },
  {
    text: 'top 1 --by v --per k --asc',
    windowed: true,
    timed: false,
    wanted: (rows) => topRows(rows, 1, 1, true),
  },
  {
    text: 'top 3 --by v --per k',
    windowed: true,
    timed: false,
    wanted: (rows) => topRows(rows, 3, -1, true),
  },
  { text: 'dedup --by k', windowed: true, timed: true, wanted: (rows) => firstRows(rows, 1) },
  { text: 'dedup --by k --last', windowed: true, timed: false, wanted: (rows) => latestRows(rows, true) },
  ...[3, 10, 25].flatMap((seconds): Command[] => [
    {
      text: `dedup --by k --within ${seconds}s`,
      windowed: false,
      timed: true,
      wanted: (rows) => firstWithin(rows, seconds * 1000),
    },
    {
      text: `dedup --by k --last --within ${seconds}s`,
      windowed: false,
      timed: true,
      wanted: (rows) => lastWithin(rows, seconds * 1000),
    },
  ]),
];

const record = fc
  .record(
    {
      ts: fc.integer({ min: 100, max: 180 }),
      k: fc.constantFrom('a', 'b', 'ø', 7, null, true, 'x"y'),
      v: fc.constantFrom(-3, 0, 2, 2.5, 7, 1e12, 'm', 'é', null),
    },
    { requiredKeys: ['ts'] },
  )
  .map((one) => JSON.stringify(one));

const asked = fc
  .record({
    command: fc.constantFrom(...commands),
    shape: fc.constantFrom('', 'tumble 10s', 'hop 20s 10s'),
    delayMs: fc.constantFrom(0, 5000, 30_000),
    lines: fc.array(record, { minLength: 1, maxLength: 50 }),
    chunkBytes: fc.constantFrom(1, 7, 100, 65_536),
    sorted: fc.boolean(),
  })
  .map(({ sorted, lines, shape, command, ...rest }) => {
    const timeOf = (line: string): number => (JSON.parse(line) as { ts: number }).ts;
    // Half of them are in order but for their neighbours, so that less is late.
    const ordered = sorted ? [...lines].sort((a, b) => timeOf(a) - timeOf(b) + ((timeOf(a) % 7) - 3)) : lines;
    return { ...rest, command, shape: command.windowed ? shape : '', lines: ordered };
  });

function textOf({ command, shape, delayMs }: { command: Command; shape: string; delayMs: number }) {
  const front = `from - --time ts --delay ${delayMs}ms${shape === '' ? '' : ` | window ${shape}`}`;
  return { front, back: command.text, whole: `${front} | ${command.text}` };
}

function compare(what: string, input: string, got: unknown, wanted: unknown): void {
  if (JSON.stringify(got) === JSON.stringify(wanted)) return;
  throw new Error(
    `${what}\n${input}\ngot:\n${JSON.stringify(got, null, 1)}\nwanted:\n${JSON.stringify(wanted, null, 1)}`,
  );
}

const linesOf = (output: string): string[] => output.split('\n').slice(0, -1);

t.test('what is chosen is what the definition says', async (t) => {
  await fc.assert(
    fc.asyncProperty(asked, async (question) => {
      const { command, shape, delayMs, lines, chunkBytes } = question;
      const { whole } = textOf(question);
      const input = `${lines.join('\n')}\n`;
      const { rows, late } = rowsOf(lines, delayMs, shape);
      const oracle = command.wanted(rows);
      const got = await runPlan(parsePipeline(whole), { input, chunkBytes });
      const answer = {
        output: linesOf(got.output),
        late: got.late.length,
        said: got.said.slice(0, got.status === 0 ? 0 : 1),
      };
      compare(whole, input, answer, { output: oracle.output, late: late + oracle.late, said: [] });
    }),
    { numRuns: runs },
  );
  t.pass('all agree');
});

t.test('and the same in two processes, with more behind them', async (t) => {
  await fc.assert(
    fc.asyncProperty(asked, async (question) => {
      const { lines, chunkBytes, command, shape } = question;
      const { front, back } = textOf(question);
      const more =
        command.timed && shape === '' ? ['window tumble 10s', 'aggregate list(v) as vs --by k'] : [];
      const input = `${lines.join('\n')}\n`;
      const fused = await runPlan(parsePipeline([front, back, ...more].join(' | ')), { input });
      let between = input;
      const stages = [front, ...[back, ...more].map((stage) => `from - | ${stage}`)];
      for (const [index, stage] of stages.entries()) {
        const piped = index < stages.length - 1;
        between = (await runPlan(parsePipeline(stage), { input: between, chunkBytes, piped })).output;
      }
      compare(stages.join(' || '), input, linesOf(between), linesOf(fused.output));
    }),
    { numRuns: runs },
  );
  t.pass('all agree');
});

t.test('and the same when operators are built anew, edited, and short of memory', async (t) => {
  let spilled = 0;
  const short = fc.constantFrom({}, { memoryBytes: 1 });
  await fc.assert(
    fc.asyncProperty(asked, fc.boolean(), short, async (question, edited, memory) => {
      const { whole } = textOf(question);
      const plan = parsePipeline(whole);
      const input = `${question.lines.join('\n')}\n`;
      const wanted = await runPlan(plan, { input });
      const got = await runResumed(plan, { input, chunkBytes: 60, edited, ...memory });
      spilled += got.spilled;
      compare(whole, input, [linesOf(got.output), got.late], [linesOf(wanted.output), wanted.late]);
    }),
    { numRuns: runs },
  );
  // By the commands that can put keys on disk.
  t.ok(spilled > runs / 10, `something was put out of memory ${spilled} times`);
});
