/**
 * Random plans over random records: what leat says is what the oracle says, in chunks of any size, and
 * whether the plan runs fused or cut into two processes at its window. LEAT_RUNS multiplies the number of
 * runs; a failure prints the seed, the pipeline text and the records.
 */
import fc from 'fast-check';
import t from 'tap';
import { parsePipeline } from '../../src/frontends/index.js';
import { runOracle } from '../harness/oracle/index.js';
import { runPlan } from '../harness/run-plan.js';

const runs = 200 * Number(process.env['LEAT_RUNS'] ?? 1);

const base = Date.UTC(2026, 2, 29, 0, 30);

/** Seconds around the hour in which Oslo's clock jumps, out of order by up to a minute. */
const instants = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 0, max: 120 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 7200 }) },
);

const value = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -5, max: 5 }) },
  { weight: 3, arbitrary: fc.integer({ min: -20, max: 20 }).map((half) => half / 2) },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constant(1e12) },
);

const word = fc.constantFrom('a', 'b', 'NO', 'ø', 'x"y', '', null, 1, true);

const forms = {
  iso: (ms: number) => new Date(ms).toISOString(),
  'epoch-ms': (ms: number) => ms,
  'epoch-s': (ms: number) => Math.floor(ms / 1000),
  sql: (ms: number) => new Date(ms).toISOString().replace('T', ' ').slice(0, 19),
} as const;

const recordText = (form: keyof typeof forms) =>
  fc.oneof(
    {
      weight: 30,
      arbitrary: fc
        .record({ at: instants, k: word, v: value, w: value }, { requiredKeys: ['at'] })
        .map(({ at, ...rest }) => JSON.stringify({ ts: forms[form](base + at * 1000), ...rest })),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('{"ts":null,"v":1}', '{"v":1}x', '[1]', '{"ts":"soon","v":2}', ''),
    },
  );

const shape = fc.oneof(
  fc.constantFrom(
    'tumble 10s',
    'tumble 7s --offset 3s',
    'tumble 1m --offset -5s',
    'tumble 1d --zone Europe/Oslo',
    'hop 30s 10s',
    'hop 20s 5s --offset 1s',
    'cumulate 1m 20s',
    'cumulate 1d 6h --zone Europe/Oslo',
  ),
  fc.constantFrom('session 5s', 'session 12s --by k', 'count 3', 'count 3 --by k', 'count 4 2 --by k', ''),
);

const call = fc.constantFrom(
  'count(*) as n',
  'count(v) as vs',
  'count(distinct v) as kinds',
  'sum(v) as s',
  'sum(v + w) as t',
  'avg(w) as mean',
  'min(v) as least',
  'max(v) as most',
  'first(k) as f',
  'last(k) as l',
  'list(v) as all_v',
  'set(v) as set_v',
  'mode(v) as often',
  'top(v, 2) as best',
  'argmin(k, v) as low',
  'argmax(k, v) as high',
  'sum(v) filter (where w > 0) as positive',
);

const before = fc.constantFrom(
  '',
  'filter v > -3',
  'filter k is not null',
  "filter v > 0 or k = 'a'",
  'select *, v * 2 as w',
  'select ts, k, v, w',
  'select * --drop z',
  'keyby k',
);

const question = fc
  .record({
    form: fc.constantFrom<keyof typeof forms>('iso', 'epoch-ms', 'epoch-s', 'sql'),
    delay: fc.constantFrom('', ' --delay 5s', ' --delay 1m'),
    atSource: fc.boolean(),
    before,
    shape,
    calls: fc.uniqueArray(call, { minLength: 1, maxLength: 4 }),
    by: fc.constantFrom('', ' --by k', ' --by k, v'),
    chunkBytes: fc.constantFrom(1, 7, 100, 65_536),
  })
  .chain((parts) => {
    // The first record settles the form of the times, so it has one.
    const first = JSON.stringify({ ts: forms[parts.form](base), k: 'a', v: 1, w: 2 });
    return fc
      .array(recordText(parts.form), { maxLength: 60 })
      .map((lines) => ({ ...parts, lines: [first, ...lines] }));
  });

interface Question {
  readonly front: string;
  readonly back: string;
  readonly whole: string;
}

function textOf(parts: {
  delay: string;
  atSource: boolean;
  before: string;
  shape: string;
  calls: readonly string[];
  by: string;
}): Question {
  const time = ` --time ts${parts.delay}`;
  const stages = [`from -${parts.atSource ? time : ''}`];
  if (parts.before !== '') stages.push(parts.before);
  const timed = parts.shape !== '' && !parts.shape.startsWith('count') && !parts.atSource;
  if (parts.shape !== '') stages.push(`window ${parts.shape}${timed ? time : ''}`);
  const back = `aggregate ${parts.calls.join(', ')}${parts.by}`;
  return { front: stages.join(' | '), back, whole: [...stages, back].join(' | ') };
}

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
