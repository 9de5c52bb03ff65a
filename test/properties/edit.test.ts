/**
 * Random plans over random records, whose operators are exported and made again from their own lines at every chunk: the
 * answer is that of a run that nothing disturbs, whether groups lie on disk or not. LEAT_RUNS multiplies the number of runs.
 */
import path from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { parsePipeline } from '../../src/frontends/index.js';
import { readCases, readsOneInput } from '../harness/case.js';
import { question, textOf } from '../harness/question.js';
import { runResumed } from '../harness/resumed-run.js';
import { runPlan } from '../harness/run-plan.js';
import { root, temporaryFolder } from '../harness/shell.js';

const runs = 200 * Number(process.env['LEAT_RUNS'] ?? 1);

t.setTimeout(600_000);

t.test('state that is exported and edited without a change says the same', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      question,
      fc.constantFrom(60, 200, 1000),
      fc.constantFrom(1, 3),
      fc.constantFrom(undefined, 1, 6000),
      async (parts, chunkBytes, every, memoryBytes) => {
        const text = textOf(parts).whole;
        const input = `${parts.lines.join('\n')}\n`;
        const plan = parsePipeline(text);
        const wanted = await runPlan(plan, { input });
        const spill = memoryBytes === undefined ? {} : { memoryBytes };
        const got = await runResumed(plan, { input, chunkBytes, every, edited: true, ...spill });
        if (got.output !== wanted.output || JSON.stringify(got.late) !== JSON.stringify(wanted.late)) {
          throw new Error(`${text}\n${input}\ngot:\n${got.output}\nwanted:\n${wanted.output}`);
        }
      },
    ),
    { numRuns: runs },
  );
  t.pass('all agree');
});

t.test('and so do all cases', async (t) => {
  const folder = temporaryFolder();
  for (const one of readCases(path.join(root, 'test/cases')).filter(readsOneInput)) {
    const plan = parsePipeline(one.run.replaceAll('{late}', path.join(folder, 'late')));
    const chunkBytes = Math.max(20, Math.ceil(one.input.length / 12));
    const result = await runResumed(plan, { input: one.input, chunkBytes, edited: true });
    t.equal(result.output, one.expected, `${one.name}: output`);
    t.same(result.late, one.late ?? [], `${one.name}: late records`);
  }
});
