/**
 * Random plans over random records, with hardly any memory for groups: what does not fit goes to a spill space at every
 * rest and comes back when it is needed, and the answer is that of a run in memory, also when operators are replaced in
 * between by ones that are restored. LEAT_RUNS multiplies the number of runs.
 */
import fc from 'fast-check';
import t from 'tap';
import { parsePipeline } from '../../src/frontends/index.js';
import { question, textOf } from '../harness/question.js';
import { runResumed } from '../harness/resumed-run.js';
import { runPlan } from '../harness/run-plan.js';

const runs = 300 * Number(process.env['LEAT_RUNS'] ?? 1);

t.test('groups that go and come back say the same', async (t) => {
  let spilled = 0;
  await fc.assert(
    fc.asyncProperty(
      question,
      fc.constantFrom(60, 200, 1000),
      fc.constantFrom(1, 3, 1e9),
      fc.constantFrom(1, 1, 1, 6000),
      async (parts, chunkBytes, every, memoryBytes) => {
        const text = textOf(parts).whole;
        const input = `${parts.lines.join('\n')}\n`;
        const plan = parsePipeline(text);
        const wanted = await runPlan(plan, { input });
        const got = await runResumed(plan, { input, chunkBytes, every, memoryBytes });
        spilled += got.spilled;
        if (got.output !== wanted.output || JSON.stringify(got.late) !== JSON.stringify(wanted.late)) {
          throw new Error(`${text}\n${input}\ngot:\n${got.output}\nwanted:\n${wanted.output}`);
        }
      },
    ),
    { numRuns: runs },
  );
  // Not every random question has groups that can lie on disk.
  t.ok(spilled > runs / 3, `something was put out of memory ${spilled} times`);
});
