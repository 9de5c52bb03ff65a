/**
 * Random plans over random records: what leat says is what the oracle says, in chunks of any size, and
 * whether the plan runs fused or cut into two processes at its window. LEAT_RUNS multiplies the number of
 * runs; a failure prints the seed, the pipeline text and the records.
 */
import fc from 'fast-check';
import t from 'tap';
import { parsePipeline } from '../../src/frontends/index.js';
import { runOracle } from '../harness/oracle/index.js';
import { question, textOf } from '../harness/question.js';
import { runPlan } from '../harness/run-plan.js';

const runs = 200 * Number(process.env['LEAT_RUNS'] ?? 1);

t.test('leat says what the oracle says', async (t) => {
  await fc.assert(
    fc.asyncProperty(question, async (parts) => {
      const text = textOf(parts);
      const plan = parsePipeline(text.whole);
      const wanted = runOracle(plan, parts.lines);
      const input = `${parts.lines.join('\n')}\n`;
      const got = await runPlan(plan, { input, chunkBytes: parts.chunkBytes });
      const answer = {
        output: got.output.split('\n').slice(0, -1),
        late: got.late.length,
        rejected: got.rejected.length,
      };
      if (JSON.stringify(answer) !== JSON.stringify(wanted)) {
        throw new Error(
          `${text.whole}\n${input}\nsaid: ${got.said.join('\n')}\ngot:\n${JSON.stringify(answer, null, 1)}\nwanted:\n${JSON.stringify(wanted, null, 1)}`,
        );
      }
    }),
    { numRuns: runs },
  );
  t.pass('all agree');
});

t.test('a plan that is cut into two processes says the same', async (t) => {
  await fc.assert(
    fc.asyncProperty(question, async (parts) => {
      const text = textOf(parts);
      const input = `${parts.lines.join('\n')}\n`;
      const { chunkBytes } = parts;
      const fused = await runPlan(parsePipeline(text.whole), { input });
      const first = await runPlan(parsePipeline(text.front), { input, chunkBytes, piped: true });
      const second = await runPlan(parsePipeline(`from - | ${text.back}`), {
        input: first.output,
        chunkBytes,
      });
      if (second.output !== fused.output) {
        throw new Error(
          `${text.front}  ||  ${text.back}\n${input}\nbetween:\n${first.output}\nsaid: ${[...first.said, ...second.said].join('\n')}\ngot:\n${second.output}\nwanted:\n${fused.output}`,
        );
      }
    }),
    { numRuns: runs },
  );
  t.pass('all agree');
});
