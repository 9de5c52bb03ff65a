/**
 * Random interval joins of random inputs: leat says what a slow and obvious join says, which looks at all pairs. LEAT_RUNS multiplies the number of runs.
 */
import fc from 'fast-check';
import t from 'tap';
import { parsePipeline } from '../../src/frontends/index.js';
import { joinKinds } from '../../src/plan/index.js';
import {
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

const question = fc.record({
  ...joinInputs,
  kind: fc.constantFrom(...joinKinds),
  lower: fc.integer({ min: -9, max: 4 }),
  length: fc.integer({ min: 0, max: 12 }),
});
type Question = typeof question extends fc.Arbitrary<infer Value> ? Value : never;

/** The slow join: which lines each row brings about. */
function slowJoin({ left, right, kind, lower, length, delays }: Question): string[] {
  const upper = lower + length;
  const all = inOrder(left, right);
  const delay = Math.max(...delays);
  const watermarks = watermarksOf(all, delay);
  const before = (i: number): number => (i === 0 ? Number.NEGATIVE_INFINITY : watermarks[i - 1]!);
  const lastUse = ({ side, at }: Row): number => at + (side === 0 ? upper : -lower);
  const isPair = (i: number, j: number): boolean => {
    const [one, other] = [all[i]!, all[j]!];
    if (one.side === other.side || keyOf(one) === undefined || keyOf(one) !== keyOf(other)) return false;
    const apart = one.side === 0 ? other.at - one.at : one.at - other.at;
    return apart >= lower && apart <= upper && lastUse(one) >= before(j);
  };
  const matched = new Set<number>();
  const gone = new Set<number>();
  const output: string[] = [];
  const leave = (i: number): void => {
    gone.add(i);
    if (!matched.has(i) && leavesAlone[kind](all[i]!)) output.push(lineOf(all[i]!));
  };
  const byTime = (a: number, b: number): number => all[a]!.at - all[b]!.at || a - b;
  const byExpiry = (a: number, b: number): number => lastUse(all[a]!) - lastUse(all[b]!) || a - b;
  for (let j = 0; j < all.length; j++) {
    const partners = all
      .map((_, i) => i)
      .filter((i) => i < j && isPair(i, j))
      .sort(byTime);
    for (const i of partners) {
      const [l, r] = all[i]!.side === 0 ? [i, j] : [j, i];
      if (kind === 'semi' && !matched.has(l)) output.push(lineOf(all[l]!));
      if (kind !== 'semi' && kind !== 'anti') output.push(joinedLine(all[l]!, all[r]!));
      matched.add(l);
      matched.add(r);
    }
    if (lastUse(all[j]!) < watermarks[j]!) leave(j);
    const kept = all.map((_, i) => i).filter((i) => i <= j && !gone.has(i));
    for (const i of kept.filter((one) => lastUse(all[one]!) < watermarks[j]!).sort(byExpiry)) leave(i);
  }
  for (const i of all
    .map((_, one) => one)
    .filter((one) => !gone.has(one))
    .sort(byExpiry))
    leave(i);
  return output;
}

function pipelineOf({ kind, lower, length, delays }: Question): string {
  return (
    `from left --time t --delay ${delays[0]}s | join right --time u --delay ${delays[1]}s --on k` +
    ` --between ${lower}s..${lower + length}s --kind ${kind}`
  );
}

t.test('leat joins as a slow join does', async (t) => {
  await fc.assert(
    fc.asyncProperty(question, async (asked) => {
      const { chunkBytes } = asked;
      const wanted = slowJoin(asked);
      const got = await runPlan(parsePipeline(pipelineOf(asked)), { files: filesOf(asked), chunkBytes });
      const output = got.output.split('\n').slice(0, -1);
      if (JSON.stringify(output) !== JSON.stringify(wanted)) {
        throw new Error(
          `${pipelineOf(asked)}\n${JSON.stringify(filesOf(asked), null, 1)}\nsaid: ${got.said.join('\n')}\ngot:\n${output.join('\n')}\nwanted:\n${wanted.join('\n')}`,
        );
      }
    }),
    { numRuns: joinRuns },
  );
  t.pass('all agree');
});

t.test('nothing that is on time comes late behind a join', async (t) => {
  await fc.assert(
    fc.asyncProperty(question, async (asked) => {
      // Steps back add up to less than this in any input.
      const onTime = { ...asked, delays: [100, 100] as [number, number] };
      const text = `${pipelineOf(onTime)} | window tumble 3s | aggregate count(*) as n`;
      const files = filesOf(onTime);
      const got = await runPlan(parsePipeline(text), { files, chunkBytes: asked.chunkBytes });
      const counted = got.output
        .split('\n')
        .slice(0, -1)
        .map((line) => (JSON.parse(line) as { n: number }).n);
      const wanted = slowJoin(onTime).length;
      const sum = counted.reduce((total, n) => total + n, 0);
      if (got.late.length > 0 || sum !== wanted) {
        throw new Error(
          `${text}\n${JSON.stringify(files, null, 1)}\n${got.late.length} late, ${sum} of ${wanted}`,
        );
      }
    }),
    { numRuns: joinRuns },
  );
  t.pass('none is late');
});
