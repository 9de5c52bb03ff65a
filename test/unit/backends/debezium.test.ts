/** Envelopes of Debezium: one with both images where the plan knows that they stand together, two where it does not. */
import t from 'tap';
import { parsePipeline } from '../../../src/frontends/index.js';
import { runPlan } from '../../harness/run-plan.js';

const input = '{"k":"a","v":1}\n{"k":"b","v":2}\n{"k":"a","v":3}\n';
const counted = 'aggregate sum(v) as s --by k --emit changes';

async function envelopes(text: string, given = input): Promise<readonly unknown[]> {
  const { output } = await runPlan(parsePipeline(text), { input: given, chunkBytes: 7 });
  return output
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

const opened = [
  { before: null, after: { k: 'a', s: 1 }, op: 'c' },
  { before: null, after: { k: 'b', s: 2 }, op: 'c' },
];
const was = { k: 'a', s: 1 };
const is = { k: 'a', s: 4 };

t.test('an update is one envelope where its images stand together', async (t) => {
  const wanted = [...opened, { before: was, after: is, op: 'u' }];
  t.same(await envelopes(`${counted} | to --changelog debezium`), wanted);
  t.same(await envelopes(`${counted} | select op, k, s | to --changelog debezium`), wanted);
});

t.test('it is two where one may have been left out, or where they come from another process', async (t) => {
  const wanted = [...opened, { before: was, after: null, op: 'd' }, { before: null, after: is, op: 'c' }];
  t.same(await envelopes(`${counted} | filter s > 0 | to --changelog debezium`), wanted);
  const { output } = await runPlan(parsePipeline(counted), { input });
  t.same(await envelopes('to --changelog debezium', output), wanted);
  t.same(await envelopes('to --changelog debezium', '{"op":"-D","k":"a"}\n'), [
    { before: { k: 'a' }, after: null, op: 'd' },
  ]);
});

t.test('a record without a row kind is refused', async (t) => {
  const given = '{"op":"+I","k":1}\n{"k":2}\n{"op":"login","k":3}\n';
  const { output, rejected } = await runPlan(parsePipeline('to --changelog debezium'), { input: given });
  t.equal(output, '{"before":null,"after":{"k":1},"op":"c"}\n');
  t.same(
    rejected.map(({ text }) => text),
    ['{"k":2}', '{"op":"login","k":3}'],
  );
  t.match(rejected[0]?.reason, 'it is no change');
});
