/**
 * Sessions that are told before they are final: the changes folded are what the same question gives when it waits. With a
 * lateness that is the question with a delay that is longer by so much. No row is taken back that does not stand, none told
 * that stands already, and the same is told in chunks of any size. LEAT_RUNS multiplies the number of runs.
 */
import fc from 'fast-check';
import t from 'tap';
import { parsePipeline } from '../../src/frontends/index.js';
import { runResumed } from '../harness/resumed-run.js';
import { runPlan } from '../harness/run-plan.js';

const runs = 300 * Number(process.env['LEAT_RUNS'] ?? 1);

interface Asked {
  readonly delaySeconds: number;
  readonly gapSeconds: number;
  readonly emit: string;
  readonly latenessSeconds: number;
  readonly by: string;
  readonly calls: string;
  readonly records: readonly { readonly t: number; readonly k: unknown; readonly v: number | null }[];
  readonly chunkBytes: number;
}

interface Step {
  /** How far time goes on, in half seconds. */
  readonly on: number;
  /** How far behind that the record is, in ms. */
  readonly back: number;
  readonly k: unknown;
  readonly v: number | null;
}

/** Time goes on, with records out of order and many that just touch others. */
const records = fc.array(
  fc.record<Step>({
    on: fc.oneof(fc.integer({ min: 0, max: 8 }), fc.constantFrom(0, 2, 6, 10)),
    back: fc.oneof(
      { weight: 10, arbitrary: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 2) },
      { weight: 2, arbitrary: fc.integer({ min: 0, max: 20 }).map((half) => half * 500) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 40_000 }) },
    ),
    k: fc.constantFrom('a', 'a', 'b', 'ö', null, 7),
    v: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constant(null)),
  }),
  { minLength: 1, maxLength: 50 },
);

function placed(steps: readonly Step[]): Asked['records'] {
  let at = 0;
  return steps.map(({ on, back, k, v }) => {
    at += on * 500;
    return { t: Math.max(0, at - back) / 1000, k, v };
  });
}

const asked: fc.Arbitrary<Asked> = fc.record({
  delaySeconds: fc.constantFrom(0, 0, 0.001, 0.002, 3, 10),
  gapSeconds: fc.constantFrom(1, 3, 5),
  emit: fc.constantFrom('', '--emit changes', '--emit early 2s', '--emit early 7s'),
  latenessSeconds: fc.constantFrom(0, 0, 0.001, 4, 15, 60),
  by: fc.constantFrom('', '--by k'),
  calls: fc.constantFrom(
    'count(*) as n, sum(v) as s',
    'list(v) as vs, first(v) as f',
    'rate(*) as r, last(v) as l',
    'count(distinct v) as d, avg(v) as a, max(v) as m',
  ),
  records: records.map(placed),
  chunkBytes: fc.constantFrom(1, 40, 300, 65_536),
});

/** The question cut at its stages, and its input. */
function askedOf(parts: Asked): {
  readonly stages: readonly string[];
  readonly text: string;
  readonly input: string;
} {
  const { delaySeconds, gapSeconds, latenessSeconds, emit, by, calls, records } = parts;
  const lateness = latenessSeconds === 0 ? '' : `--allowed-lateness ${latenessSeconds * 1000}ms`;
  const stages = [
    `from - --time t --delay ${delaySeconds * 1000}ms`,
    `window session ${gapSeconds}s ${by} ${emit} ${lateness}`,
    `aggregate ${calls}`,
  ];
  const lines = [{ t: 0, k: 'a', v: 0 }, ...records].map((record) => `${JSON.stringify(record)}\n`);
  return { stages, text: stages.join(' | '), input: lines.join('') };
}

/** Rows by bounds and key, as a changelog leaves them. Throws when a change does not fit what stands. */
function folded(lines: readonly string[]): string[] {
  const standing = new Map<string, string>();
  lines.forEach((line, index) => {
    const { op, ...row } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const of = JSON.stringify([row['window_start'], row['window_end'], row['k']]);
    const text = JSON.stringify(row);
    const stands = standing.get(of);
    const next = lines[index + 1] ?? '';
    if (op === '+I' || op === '+U' ? stands !== undefined : stands !== text)
      throw new Error(`${line} does not fit ${stands}`);
    if (op === '-U' && !next.startsWith('{"op":"+U"')) throw new Error(`${line} has no +U behind it`);
    if (op === '+I' || op === '+U') standing.set(of, text);
    else standing.delete(of);
  });
  return [...standing.values()].sort();
}

/** What a chain of processes says, each with a part of the question. */
async function piped(stages: readonly string[], input: string, chunkBytes: number): Promise<string> {
  let text = input;
  for (const [index, stage] of stages.entries()) {
    const isLast = index === stages.length - 1;
    const plan = parsePipeline(index === 0 ? stage : `from - | ${stage}`);
    text = (await runPlan(plan, { input: text, chunkBytes, piped: !isLast })).output;
  }
  return text;
}

const linesOf = (text: string): string[] => text.split('\n').slice(0, -1);

t.test('changes folded are the results of the question that waits', async (t) => {
  await fc.assert(
    fc.asyncProperty(asked, async (parts) => {
      const { delaySeconds, latenessSeconds, emit, chunkBytes } = parts;
      fc.pre(emit !== '' || latenessSeconds > 0);
      const { text: telling, input } = askedOf(parts);
      const told = await runPlan(parsePipeline(telling), { input, chunkBytes });
      const longer = { delaySeconds: delaySeconds + latenessSeconds, latenessSeconds: 0, emit: '' };
      const waiting = askedOf({ ...parts, ...longer }).text;
      const waited = await runPlan(parsePipeline(waiting), { input });
      const whole = await runPlan(parsePipeline(telling), { input });
      const got = {
        status: told.status,
        rows: folded(linesOf(told.output)),
        late: told.late.length,
        whole: whole.output,
      };
      const wanted = {
        status: 0,
        rows: linesOf(waited.output).sort(),
        late: waited.late.length,
        whole: told.output,
      };
      if (JSON.stringify(got) !== JSON.stringify(wanted)) {
        throw new Error(
          `${telling}\n${input}\nsaid: ${told.said.join('\n')}\n${told.output}\ngot:\n${JSON.stringify(got, null, 1)}\nwanted:\n${JSON.stringify(wanted, null, 1)}`,
        );
      }
    }),
    { numRuns: runs },
  );
  t.pass('all agree');
});

t.test('a filter, the window and the aggregate say the same in a process each', async (t) => {
  await fc.assert(
    fc.asyncProperty(asked, async (parts) => {
      const { stages: asked, input } = askedOf(parts);
      const stages = [asked[0]!, 'filter v >= 0', ...asked.slice(1)];
      const whole = await runPlan(parsePipeline(stages.join(' | ')), { input });
      const apart = await piped(stages, input, parts.chunkBytes);
      if (apart !== whole.output)
        throw new Error(`${stages.join(' || ')}\n${input}\ngot:\n${apart}\nwanted:\n${whole.output}`);
    }),
    { numRuns: runs },
  );
  t.pass('all agree');
});

t.test(
  'state of them that is exported and edited without a change behind each chunk says the same',
  async (t) => {
    await fc.assert(
      fc.asyncProperty(asked, async (parts) => {
        const { text, input } = askedOf(parts);
        const plan = parsePipeline(text);
        const whole = await runPlan(plan, { input });
        const edited = await runResumed(plan, {
          input,
          chunkBytes: Math.max(40, parts.chunkBytes),
          edited: true,
        });
        if (edited.output !== whole.output)
          throw new Error(`${text}\n${input}\ngot:\n${edited.output}\nwanted:\n${whole.output}`);
      }),
      { numRuns: runs / 3 },
    );
    t.pass('all agree');
  },
);
