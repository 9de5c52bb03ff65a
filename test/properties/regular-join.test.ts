/**
 * Random regular joins of random inputs: leat says what a slow and obvious join says, which asks of every two rows whether
 * the first is still kept when the second comes. And a changelog, folded to its end, is the join of the whole inputs as
 * tables. LEAT_RUNS multiplies the number of runs.
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
  retention: fc.option(fc.integer({ min: 0, max: 15 })),
  /** Without event time, files are read one after the other. */
  timed: fc.boolean(),
});
type Question = typeof question extends fc.Arbitrary<infer Value> ? Value : never;

const isTimed = ({ timed, retention }: Question): boolean => timed || retention !== null;
const isChangelog = ({ kind }: Question): boolean => kind !== 'inner' && kind !== 'semi';

/** The slow join. */
function slowJoin(asked: Question): string[] {
  const { left, right, kind, delays } = asked;
  const all = isTimed(asked) ? inOrder(left, right) : [...left, ...right];
  const watermarks = watermarksOf(all, Math.max(...delays));
  const retention = asked.retention ?? Number.POSITIVE_INFINITY;
  const goTogether = (i: number, j: number): boolean => {
    const [first, second] = [all[i]!, all[j]!];
    if (first.side === second.side || keyOf(first) === undefined) return false;
    return keyOf(first) === keyOf(second) && first.at + retention >= watermarks[j]!;
  };
  const matched = new Set<Row>();
  const output: string[] = [];
  const say = (op: string, line: string): void => {
    output.push(isChangelog(asked) ? `{"op":"${op}",${line.slice(1)}` : line);
  };
  all.forEach((row, j) => {
    const partners = all.filter((_, i) => i < j && goTogether(i, j));
    if (isTimed(asked)) partners.sort((a, b) => a.at - b.at);
    for (const partner of partners) {
      const [l, r] = row.side === 0 ? [row, partner] : [partner, row];
      if (!matched.has(partner) && leavesAlone[kind](partner)) say('-D', lineOf(partner));
      if (kind === 'semi' && !matched.has(l)) say('', lineOf(l));
      if (kind !== 'semi' && kind !== 'anti') say('+I', joinedLine(l, r));
      matched.add(partner).add(row);
    }
    if (partners.length === 0 && leavesAlone[kind](row)) say('+I', lineOf(row));
  });
  return output;
}

function pipelineOf(asked: Question): string {
  const { kind, retention, delays } = asked;
  const [left, right] = isTimed(asked)
    ? [` --time t --delay ${delays[0]}s`, ` --time u --delay ${delays[1]}s`]
    : ['', ''];
  const kept = retention === null ? 'forever' : `${retention}s`;
  return `from left${left} | join right${right} --on k --retention ${kept} --kind ${kind}`;
}

async function answerOf(asked: Question): Promise<{ output: string[]; told: string }> {
  const files = filesOf(asked);
  const text = pipelineOf(asked);
  const got = await runPlan(parsePipeline(text), { files, chunkBytes: asked.chunkBytes });
  const output = got.output.split('\n').slice(0, -1);
  const told = `${text}\n${JSON.stringify(files, null, 1)}\nsaid: ${got.said.join('\n')}\ngot:\n${output.join('\n')}`;
  return { output, told };
}

t.test('leat joins without bounds in time as a slow join does', async (t) => {
  await fc.assert(
    fc.asyncProperty(question, async (asked) => {
      const wanted = slowJoin(asked);
      const { output, told } = await answerOf(asked);
      if (JSON.stringify(output) !== JSON.stringify(wanted)) {
        throw new Error(`${told}\nwanted:\n${wanted.join('\n')}`);
      }
    }),
    { numRuns: joinRuns },
  );
  t.pass('all agree');
});

/** The join of two tables, in any order. */
function tableJoin({ left, right, kind }: Question): string[] {
  const partnersOf = (row: Row, others: readonly Row[]): readonly Row[] =>
    others.filter((other) => keyOf(row) !== undefined && keyOf(other) === keyOf(row));
  const pairs = left.flatMap((l) => partnersOf(l, right).map((r) => joinedLine(l, r)));
  const alone = [
    ...left.filter((l) => partnersOf(l, right).length === 0),
    ...right.filter((r) => partnersOf(r, left).length === 0),
  ];
  const found = left.filter((l) => partnersOf(l, right).length > 0).map(lineOf);
  const first = kind === 'semi' ? found : kind === 'anti' ? [] : pairs;
  return [...first, ...alone.filter(leavesAlone[kind]).map(lineOf)].sort();
}

/** What a changelog comes to. */
function fold(changes: readonly string[]): string[] {
  const rest: string[] = [];
  for (const change of changes) {
    const line = `{${change.slice('{"op":"+I",'.length)}`;
    if (change.startsWith('{"op":"+I"')) rest.push(line);
    else if (rest.includes(line)) rest.splice(rest.indexOf(line), 1);
    else throw new Error(`${change} takes back what was not there`);
  }
  return rest.sort();
}

t.test('kept for ever, it comes to the join of two tables', async (t) => {
  await fc.assert(
    fc.asyncProperty(question, async (some) => {
      const asked = { ...some, retention: null };
      const { output, told } = await answerOf(asked);
      const result = isChangelog(asked) ? fold(output) : output.sort();
      const wanted = tableJoin(asked);
      if (JSON.stringify(result) !== JSON.stringify(wanted)) {
        throw new Error(`${told}\ncomes to:\n${result.join('\n')}\nwanted:\n${wanted.join('\n')}`);
      }
    }),
    { numRuns: joinRuns },
  );
  t.pass('all agree');
});
