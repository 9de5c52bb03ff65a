/**
 * Random temporal joins of random inputs: leat says what a slow and obvious join says, which looks for the version of each
 * left row among all right rows that have come by then. LEAT_RUNS multiplies the number of runs.
 */
import fc from 'fast-check';
import t from 'tap';
import { parsePipeline } from '../../src/frontends/index.js';
import {
  filesOf,
  inOrder,
  joinedLine,
  joinInputs,
  joinRuns,
  keyOf,
  lineOf,
  type Row,
  watermarksOf,
} from '../harness/join-rows.js';
import { runPlan } from '../harness/run-plan.js';

const question = fc.record({
  ...joinInputs,
  kind: fc.constantFrom('inner', 'left'),
});
type Question = typeof question extends fc.Arbitrary<infer Value> ? Value : never;

/** The slow join. */
function slowJoin({ left, right, kind, delays }: Question): { output: string[]; late: string[] } {
  const all = inOrder(left, right);
  const watermarks = watermarksOf(all, Math.max(...delays));
  const before = (i: number): number => watermarks[i - 1] ?? Number.NEGATIVE_INFINITY;
  const isOf = (row: Row, key: string | undefined): boolean => row.side === 1 && keyOf(row) === key;
  const isLate = (row: Row, i: number): boolean => {
    if (row.side === 0) return row.at < before(i);
    const key = keyOf(row);
    if (key === undefined) return false;
    return all.slice(0, i).some((other) => isOf(other, key) && other.at > row.at && other.at <= before(i));
  };
  const late = all.filter(isLate).map(lineOf);
  const leaving = all.flatMap((row, i) => {
    if (row.side === 1 || isLate(row, i)) return [];
    const passed = watermarks.findIndex((watermark, at) => at >= i && watermark > row.at);
    return [{ row, i, at: passed < 0 ? all.length : passed }];
  });
  leaving.sort((a, b) => a.at - b.at || a.row.at - b.row.at || a.i - b.i);
  const output = leaving.flatMap(({ row, at }) => {
    const key = keyOf(row);
    const come = all.slice(0, at + 1).filter((other) => isOf(other, key) && other.at <= row.at);
    const latest = Math.max(...come.map((version) => version.at));
    const version = key === undefined ? undefined : come.findLast((one) => one.at === latest);
    if (version !== undefined) return [joinedLine(row, version)];
    return kind === 'left' ? [lineOf(row)] : [];
  });
  return { output, late };
}

const pipelineOf = ({ kind, delays }: Question): string =>
  `from left --time t --delay ${delays[0]}s | join right --time u --delay ${delays[1]}s --on k --temporal --kind ${kind}`;

t.test('leat joins versions as a slow join does', async (t) => {
  await fc.assert(
    fc.asyncProperty(question, async (asked) => {
      const wanted = slowJoin(asked);
      const files = filesOf(asked);
      const got = await runPlan(parsePipeline(pipelineOf(asked)), { files, chunkBytes: asked.chunkBytes });
      const answer = { output: got.output.split('\n').slice(0, -1), late: got.late };
      if (JSON.stringify(answer) !== JSON.stringify(wanted)) {
        throw new Error(
          `${pipelineOf(asked)}\n${JSON.stringify(files, null, 1)}\nsaid: ${got.said.join('\n')}\ngot:\n${JSON.stringify(answer, null, 1)}\nwanted:\n${JSON.stringify(wanted, null, 1)}`,
        );
      }
    }),
    { numRuns: joinRuns },
  );
  t.pass('all agree');
});

t.test('nothing comes late in a window behind a temporal join', async (t) => {
  await fc.assert(
    fc.asyncProperty(question, async (asked) => {
      const text = `${pipelineOf(asked)} | window tumble 1s --late fail | aggregate count(*) as n`;
      const got = await runPlan(parsePipeline(text), { files: filesOf(asked), chunkBytes: asked.chunkBytes });
      const counted = got.output.split('\n').slice(0, -1);
      const sum = counted.reduce((total, line) => total + (JSON.parse(line) as { n: number }).n, 0);
      const wanted = slowJoin(asked).output.length;
      if (got.status !== 0 || sum !== wanted) throw new Error(`${text}: ${sum} of ${wanted}, ${got.said}`);
    }),
    { numRuns: joinRuns },
  );
  t.pass('none is late');
});
