/** A record of our own that goes through a chain while the first one is waited for. */
import t from 'tap';
import { splitPlan } from '../../../src/backends/local/ends.js';
import { meanwhile, rehearse } from '../../../src/backends/local/rehearsal.js';
import { parsePipeline } from '../../../src/frontends/index.js';
import { loadBuilders } from '../../../src/operators/index.js';

const pipelines = [
  "from - | filter a > 1 and b = 'x'",
  'from - | select a, b + 1 as c',
  'from - | flatten a',
  'from - | keyby a',
  'from - --time t | window tumble 1s | aggregate count(*), sum(a) --by b',
  'from - --time t | window session 1s --by a',
  'from - | window count 10 | aggregate count(*)',
  'from - | aggregate count(*), list(a)',
];

for (const text of pipelines) {
  t.test(`goes through ${text}`, async (t) => {
    const parts = splitPlan(parsePipeline(text));
    const { source } = parts;
    const time = source.kind === 'from' ? source.time : undefined;
    const input = { source: source.id, base: 'line', time, stream: undefined, bounded: true } as const;
    await t.resolves(rehearse(parts, input, loadBuilders(parts.middle.map((step) => step.kind))));
  });
}

t.test('something is done while one waits, and may fail', async (t) => {
  let release: (value: string) => void = () => {};
  const awaited = new Promise<string>((resolve) => {
    release = resolve;
  });
  const result = await meanwhile(awaited, async () => {
    release('there');
    throw new Error('of no interest');
  });
  t.equal(result, 'there');
});

t.test('nothing is done for what is there, or fails at once', async (t) => {
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const never = async (): Promise<void> => {
    t.fail('is called');
  };
  t.equal(await meanwhile(Promise.resolve(1), never), 1);
  await t.rejects(meanwhile(Promise.reject(new Error('gone')), never), /gone/);
  t.equal(timers(), before, 'nothing is left to be called');
});
