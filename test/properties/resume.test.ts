/**
 * Random plans over random records, whose operators are written out and built anew at every chunk: the answer is that
 * of a run that nothing disturbs, fused or cut into two processes. LEAT_RUNS multiplies the number of runs;
 * a failure prints the seed, the pipeline text and the records.
 */
import fc from 'fast-check';
import t from 'tap';
import { parsePipeline } from '../../src/frontends/index.js';
import { question, textOf } from '../harness/question.js';
import { runResumed } from '../harness/resumed-run.js';
import { runPlan } from '../harness/run-plan.js';

const runs = 200 * Number(process.env['LEAT_RUNS'] ?? 1);

async function compare(text: string, input: string, chunkBytes: number, piped: boolean): Promise<string> {
  const plan = parsePipeline(text);
  const whole = await runPlan(plan, { input, piped });
  const parts = await runResumed(plan, { input, chunkBytes, piped });
  // Lines that are no records are refused when their chunk is scanned, in front of what operators refuse in it: the order
  // of the two kinds follows the chunks.
  const wanted = {
    output: piped ? '' : whole.output,
    late: whole.late,
    rejected: whole.rejected.map((one) => one.text).sort(),
  };
  const got = {
    output: piped ? '' : parts.output,
    late: parts.late,
    rejected: parts.rejected.toSorted(),
  };
  if (JSON.stringify(got) !== JSON.stringify(wanted)) {
    throw new Error(
      `${text}\n${input}\ngot:\n${JSON.stringify(got, null, 1)}\nwanted:\n${JSON.stringify(wanted, null, 1)}`,
    );
  }
  return parts.output;
}

t.test('operators that are replaced at every chunk say the same', async (t) => {
  await fc.assert(
    fc.asyncProperty(question, fc.constantFrom(60, 200, 1000), async (parts, chunkBytes) => {
      await compare(textOf(parts).whole, `${parts.lines.join('\n')}\n`, chunkBytes, false);
    }),
    { numRuns: runs },
  );
  t.pass('all agree');
});

t.test('and so do those of two processes', async (t) => {
  await fc.assert(
    fc.asyncProperty(question, fc.constantFrom(60, 200, 1000), async (parts, chunkBytes) => {
      const text = textOf(parts);
      const input = `${parts.lines.join('\n')}\n`;
      const between = await compare(text.front, input, chunkBytes, true);
      const output = await compare(`from - | ${text.back}`, between, chunkBytes, false);
      const wanted = await runPlan(parsePipeline(text.whole), { input });
      if (output !== wanted.output) {
        throw new Error(
          `${text.front} || ${text.back}\n${input}\nbetween:\n${between}\ngot:\n${output}\nwanted:\n${wanted.output}`,
        );
      }
    }),
    { numRuns: runs },
  );
  t.pass('all agree');
});
