/**
 * Every aggregate function, also with DISTINCT and FILTER and over values of every kind, in every kind of window:
 * written out and restored in the middle of its windows it says what it says undisturbed.
 */
import t from 'tap';
import { parsePipeline } from '../../../src/frontends/index.js';
import { aggregateTable } from '../../../src/plan/index.js';
import { runResumed } from '../../harness/resumed-run.js';
import { runPlan } from '../../harness/run-plan.js';

const numberOnly: ReadonlySet<string> = new Set([
  'sum',
  'avg',
  'stddev_pop',
  'stddev_samp',
  'var_pop',
  'var_samp',
  'quantile',
  'quantile_exact',
  'histogram',
]);

const numbers = ['i', 'f', 'big', 'cast(f as decimal(20, 3))', 'i * 1e300'];
const others = ['s', 'o', 'b', 'cast(d as date)', "cast(s as string) || 'x'", 'cast(m as timestamp)'];

/** All calls of a function, without FILTER. */
function callsOf({ name, parameters, distinct }: (typeof aggregateTable)[number]): string[] {
  if (parameters.length === 0) return [`${name}(*)`];
  const arguments_ = numberOnly.has(name) ? numbers : [...numbers, ...others];
  return arguments_.flatMap((argument) => {
    const rest = parameters.slice(1).map(({ name: parameter, constant }) => {
      if (constant === 'fraction') return '0.3';
      return constant === 'count' ? '3' : parameter === 'by' ? 'f' : '';
    });
    const inside = [argument, ...rest].join(', ');
    return [`${name}(${inside})`, ...(distinct ? [`${name}(distinct ${inside})`] : [])];
  });
}

function allCalls(windowed: boolean): string {
  const calls = aggregateTable.filter(({ name }) => windowed || name !== 'rate').flatMap(callsOf);
  calls.push('count(*)');
  return calls
    .flatMap((call) => [call, `${call} filter (where i > 2)`])
    .map((call, index) => `${call} as c${index}`)
    .join(', ');
}

/** Records of three keys, a second apart and out of order by up to three. */
function makeRecords(): string[] {
  const texts = ['a', 'ø', 'x\\"y', '', '\\ud800', '\\u0000n'];
  const keys = ['"k"', '1', 'null'];
  return Array.from({ length: 90 }, (_, n) => {
    const at = 1_700_000_000 + n - (n % 4 === 0 ? 3 : 0) + (n > 60 ? 15 : 0);
    const fields = [
      `"t":${at}000`,
      `"k":${keys[n % 3]}`,
      `"i":${(n * 7) % 11}`,
      `"f":${((n * 13) % 17) / 8 - 1}`,
      `"big":${n % 5 === 0 ? `1234567890123456789${n}` : n}`,
      `"s":"${texts[n % texts.length]}"`,
      `"o":${n % 2 === 0 ? `{"n":${n % 7}}` : `[${n % 3}, "x"]`}`,
      `"b":${n % 3 === 0}`,
      `"d":"2026-11-${10 + (n % 9)}"`,
      `"m":"2026-11-24 10:00:0${n % 9}.123456"`,
    ];
    return `{${fields.filter((_, index) => index < 2 || (n + index) % 6 !== 0).join(',')}}`;
  });
}

const windows = [
  '',
  'window tumble 20s',
  'window hop 20s 5s',
  'window cumulate 30s 10s',
  'window session 4s --by k',
  'window count 5 --by k',
  'window count 6 2 --by k',
  'window tumble 20s | filter t is not null',
  'window session 4s --by k | filter t is not null',
  'window count 6 4 --by k | filter t is not null',
];

t.setTimeout(300_000);

for (const window of windows) {
  t.test(`every aggregate function in ${window === '' ? 'no window' : window}`, async (t) => {
    const stages = [
      'from - --time t --delay 4s',
      ...(window === '' ? [] : [window]),
      `aggregate ${allCalls(window !== '' && !window.includes('count'))} --by k`,
    ];
    const plan = parsePipeline(stages.join(' | '));
    const input = `${makeRecords().join('\n')}\n`;
    const whole = await runPlan(plan, { input });
    const parts = await runResumed(plan, { input, chunkBytes: 900 });
    t.equal(whole.output.length > 1000, true, `there is an answer ${whole.said.join('; ')}`);
    t.same(whole.rejected, [], 'nothing is refused');
    t.ok(parts.resumed > 10, `it was interrupted ${parts.resumed} times`);
    t.same(parts.output.split('\n'), whole.output.split('\n'));
    t.same(parts.late, whole.late);
  });
}

t.test('sketches beyond their first few values', async (t) => {
  const lines = Array.from(
    { length: 3000 },
    (_, n) =>
      `{"t":${1_700_000_000_000 + n},"k":${n % 2},"v":${((n * 7919) % 3001) - 1000},"w":"w${(n * 31) % 1700}"}\n`,
  );
  const calls = 'approx_distinct(w) as w, approx_distinct(v) as v, p95(v) as p, median(v) as m';
  const plan = parsePipeline(`from - --time t | window tumble 2s | aggregate ${calls} --by k`);
  const whole = await runPlan(plan, { input: lines.join('') });
  const parts = await runResumed(plan, { input: lines.join(''), chunkBytes: 4096 });
  t.equal(whole.output.split('\n').length, 5);
  t.equal(parts.output, whole.output);
});

t.test('the numbers of keys that were there before are not written', async (t) => {
  // The second window takes the table of the first, whose keys were numbers.
  const keys = [5, 6, 'a', 'b', 1];
  const lines = keys.map((k, n) => JSON.stringify({ t: 1_700_000_000_000 + Math.floor(n / 2) * 20, k }));
  const plan = parsePipeline('from - --time t | window tumble 10ms | aggregate count(*) as n --by k');
  const input = `${lines.join('\n')}\n`;
  const whole = await runPlan(plan, { input });
  t.equal((await runResumed(plan, { input, chunkBytes: 24, every: 3 })).output, whole.output);
});
