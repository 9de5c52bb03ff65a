/**
 * Random window joins of random inputs: leat says what a slow and obvious join says, which puts every row into all its windows
 * and looks at all pairs of a window when it fires. LEAT_RUNS multiplies the number of runs.
 */
import fc from 'fast-check';
import t from 'tap';
import { parsePipeline } from '../../src/frontends/index.js';
import { joinKinds } from '../../src/plan/index.js';
import {
  base,
  filesOf,
  inOrder,
  joinedLine,
  joinInputs,
  joinRuns,
  keyOf,
  leavesAlone,
  lineOf,
  type Row,
  watermarksOf,
} from '../harness/join-rows.js';
import { runPlan } from '../harness/run-plan.js';

const size = fc.integer({ min: 1, max: 5 });
const question = fc.record({
  ...joinInputs,
  kind: fc.constantFrom(...joinKinds),
  shape: fc.constantFrom('tumble', 'hop', 'cumulate'),
  step: size,
  steps: size,
});
type Question = typeof question extends fc.Arbitrary<infer Value> ? Value : never;

interface Bounds {
  readonly start: number;
  readonly end: number;
}

/** All windows of a time, tried one by one. */
function windowsOf({ shape, step, steps }: Question, at: number): Bounds[] {
  const time = base + at;
  const longest = step * steps;
  const found: Bounds[] = [];
  for (let start = time - longest; start <= time; start++) {
    for (let end = time + 1; end <= start + longest; end++) {
      const length = end - start;
      const isOne =
        shape === 'tumble'
          ? start % step === 0 && length === step
          : shape === 'hop'
            ? start % step === 0 && length === longest
            : start % longest === 0 && length % step === 0;
      if (isOne) found.push({ start, end });
    }
  }
  return found;
}

interface Answer {
  readonly output: string[];
  readonly late: string[];
  /** How many records leave in each window. */
  readonly counts: string[];
}

/** The slow join. */
function slowJoin(asked: Question): Answer {
  const { left, right, kind, delays } = asked;
  const all = inOrder(left, right);
  const watermarks = watermarksOf(all, Math.max(...delays));
  // In ms, for a window fires one before its end.
  const hasFired = ({ end }: Bounds, i: number): boolean =>
    i >= 0 && (base + watermarks[i]!) * 1000 >= end * 1000 - 1;
  const members = new Map<string, { bounds: Bounds; rows: Row[] }>();
  const late: string[] = [];
  all.forEach((row, i) => {
    const open = windowsOf(asked, row.at).filter((bounds) => !hasFired(bounds, i - 1));
    if (open.length === 0) late.push(lineOf(row));
    for (const bounds of open) {
      const name = `${bounds.end} ${bounds.start}`;
      const window = members.get(name) ?? { bounds, rows: [] };
      window.rows.push(row);
      members.set(name, window);
    }
  });
  const fired = [...members.values()].sort(
    (a, b) => a.bounds.end - b.bounds.end || a.bounds.start - b.bounds.start,
  );
  const output: string[] = [];
  const counts: string[] = [];
  for (const { bounds, rows: inside } of fired) {
    const before = output.length;
    const give = (line: string): void => {
      output.push(`${line.slice(0, -1)},"window_start":${bounds.start},"window_end":${bounds.end}}`);
    };
    const partnersOf = (row: Row): Row[] =>
      inside.filter(
        (other) => other.side !== row.side && keyOf(row) !== undefined && keyOf(other) === keyOf(row),
      );
    for (const row of inside.filter(({ side }) => side === 0)) {
      const partners = partnersOf(row);
      if (partners.length === 0 && leavesAlone[kind](row)) give(lineOf(row));
      if (partners.length > 0 && kind === 'semi') give(lineOf(row));
      if (kind !== 'semi' && kind !== 'anti') for (const partner of partners) give(joinedLine(row, partner));
    }
    for (const row of inside.filter(({ side }) => side === 1)) {
      if (partnersOf(row).length === 0 && leavesAlone[kind](row)) give(lineOf(row));
    }
    const n = output.length - before;
    if (n > 0) counts.push(JSON.stringify({ window_start: bounds.start, window_end: bounds.end, n }));
  }
  return { output, late, counts };
}

function pipelineOf({ kind, shape, step, steps, delays }: Question): string {
  const sizes = {
    tumble: `${step}s`,
    hop: `${step * steps}s ${step}s`,
    cumulate: `${step * steps}s ${step}s`,
  };
  return (
    `from left --time t --delay ${delays[0]}s | join right --time u --delay ${delays[1]}s --on k` +
    ` --window ${shape} ${sizes[shape]} --kind ${kind}`
  );
}

async function check(asked: Question, behind: string, wanted: readonly string[], late: readonly string[]) {
  const text = `${pipelineOf(asked)}${behind}`;
  const files = filesOf(asked);
  const got = await runPlan(parsePipeline(text), { files, chunkBytes: asked.chunkBytes });
  const answer = { output: got.output.split('\n').slice(0, -1), late: got.late };
  if (JSON.stringify(answer) === JSON.stringify({ output: wanted, late })) return;
  throw new Error(
    `${text}\n${JSON.stringify(files, null, 1)}\nsaid: ${got.said.join('\n')}\ngot:\n${JSON.stringify(answer, null, 1)}\nwanted:\n${JSON.stringify({ output: wanted, late }, null, 1)}`,
  );
}

t.test('leat joins windows as a slow join does', async (t) => {
  await fc.assert(
    fc.asyncProperty(question, async (asked) => {
      const { output, late } = slowJoin(asked);
      await check(asked, '', output, late);
    }),
    { numRuns: joinRuns },
  );
  t.pass('all agree');
});

t.test('an aggregate behind counts what leaves in each window, and nothing of it is late', async (t) => {
  await fc.assert(
    fc.asyncProperty(question, async (asked) => {
      const { counts, late } = slowJoin(asked);
      await check(asked, ' | filter v is not null | aggregate count(*) as n', counts, late);
    }),
    { numRuns: joinRuns },
  );
  t.pass('all agree');
});
