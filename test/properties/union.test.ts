/**
 * Random questions to a union of random inputs: leat says what the oracle says of one input, into which a slow and obvious
 * merge has put the records: always the oldest of those that are next, of several the one of the first input. LEAT_RUNS
 * multiplies the number of runs.
 */
import fc from 'fast-check';
import t from 'tap';
import { parsePipeline } from '../../src/frontends/index.js';
import { detectForm, instantFromNumber, instantFromText } from '../../src/time/index.js';
import { runOracle } from '../harness/oracle/index.js';
import { question, textOf } from '../harness/question.js';
import { runPlan } from '../harness/run-plan.js';

const runs = 150 * Number(process.env['LEAT_RUNS'] ?? 1);

interface Timed {
  readonly line: string;
  readonly time: number;
}

/** The records of an input with their times; how many are none or have none. */
function readInput(lines: readonly string[]): { timed: Timed[]; refused: number } {
  const timed: Timed[] = [];
  let refused = 0;
  for (const line of lines.filter((one) => one !== '')) {
    let time = Number.NaN;
    try {
      const { ts } = JSON.parse(line) as { ts: string | number };
      const form = detectForm(ts);
      if (form !== undefined)
        time = typeof ts === 'number' ? instantFromNumber(form, ts) : instantFromText(form, ts);
    } catch {
      // It is no record.
    }
    if (Number.isNaN(time)) refused++;
    else timed.push({ line, time });
  }
  return { timed, refused };
}

function merge(inputs: readonly (readonly Timed[])[]): string[] {
  const left = inputs.map((input) => [...input]);
  const merged: string[] = [];
  for (;;) {
    const heads = left.filter((input) => input.length > 0);
    if (heads.length === 0) return merged;
    const oldest = heads.reduce((best, input) => (input[0]!.time < best[0]!.time ? input : best));
    merged.push(oldest.shift()!.line);
  }
}

const united = question
  .filter(({ atSource }) => atSource)
  .chain((parts) =>
    fc
      .array(fc.integer({ min: 0, max: 2 }), { minLength: parts.lines.length, maxLength: parts.lines.length })
      .map((owners) => ({
        ...parts,
        inputs: [0, 1, 2].map((owner) => parts.lines.filter((_, i) => owners[i] === owner)),
      })),
  );

t.test('a union of three inputs', async (t) => {
  await fc.assert(
    fc.asyncProperty(united, async ({ inputs, ...parts }) => {
      const { whole } = textOf(parts);
      const [source, ...stages] = whole.split(' | ');
      const text = [source!.replace('from -', 'from in-0'), 'union in-1 in-2', ...stages].join(' | ');
      const files = Object.fromEntries(
        inputs.map((lines, i) => [`in-${i}`, lines.map((line) => `${line}\n`).join('')]),
      );
      const read = inputs.map(readInput);
      const oracle = runOracle(parsePipeline(whole), merge(read.map(({ timed }) => timed)));
      const refused = read.reduce((sum, one) => sum + one.refused, 0);
      const wanted = { output: oracle.output, late: oracle.late, rejected: oracle.rejected + refused };
      const got = await runPlan(parsePipeline(text), { files, chunkBytes: parts.chunkBytes });
      const output = got.output.split('\n').slice(0, -1);
      const answer = { output, late: got.late.length, rejected: got.rejected.length };
      if (JSON.stringify(answer) !== JSON.stringify(wanted)) {
        throw new Error(
          `${text}\n${JSON.stringify(files, null, 1)}\nsaid: ${got.said.join('\n')}\ngot:\n${JSON.stringify(answer, null, 1)}\nwanted:\n${JSON.stringify(wanted, null, 1)}`,
        );
      }
    }),
    { numRuns: runs },
  );
  t.pass('all agree');
});
