/** Samples: that draws look like chance, that the same seed draws the same, and that keys are in a sample as a whole. */
import t from 'tap';
import { parsePipeline } from '../../../src/frontends/index.js';
import { createDraw } from '../../../src/operators/sample/draw.js';
import { runPlan } from '../../harness/run-plan.js';

const records = Array.from({ length: 20_000 }, (_, n) => JSON.stringify({ n, k: n % 400 }));
const input = `${records.join('\n')}\n`;

async function sampled(stage: string, chunkBytes = 65_536): Promise<{ n: number; k: number }[]> {
  const { output } = await runPlan(parsePipeline(`from - | ${stage}`), { input, chunkBytes });
  return output
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { n: number; k: number });
}

/** Whether a count lies within five standard deviations of what a fair coin of this weight gives. */
function isFair(count: number, of: number, share: number): boolean {
  return Math.abs(count - of * share) <= 5 * Math.sqrt(of * share * (1 - share));
}

t.test('a share is about so many records, spread over the input', async (t) => {
  for (const seed of [1, 2, 3, 12_345]) {
    const some = await sampled(`sample 10% --seed ${seed}`);
    t.ok(isFair(some.length, 20_000, 0.1), `seed ${seed}: ${some.length} of 20000`);
    const early = some.filter(({ n }) => n < 10_000).length;
    t.ok(isFair(early, 10_000, 0.1), `seed ${seed}: ${early} of the first 10000`);
  }
  t.equal((await sampled('sample 100%')).length, 20_000);
});

t.test('the same seed draws the same, whatever the chunks, and another one something else', async (t) => {
  const one = await sampled('sample 50 --seed 4');
  t.equal(one.length, 50);
  t.strictSame(await sampled('sample 50 --seed 4', 100), one);
  t.strictSame(
    one.map(({ n }) => n),
    one.map(({ n }) => n).sort((a, b) => a - b),
    'in the order in which they came',
  );
  t.notSame(await sampled('sample 50 --seed 5'), one);
  t.notSame(await sampled('sample 1% --seed 5'), await sampled('sample 1% --seed 6'));
});

t.test('of so many records each is as likely as any other', (t) => {
  const drawn = new Array<number>(7).fill(0);
  const seeds = 7000;
  for (let seed = 0; seed < seeds; seed++) {
    const draw = createDraw(seed);
    const order = drawn.map((_, n) => n).sort((a, b) => draw.ofNumber(a) - draw.ofNumber(b));
    for (const n of order.slice(0, 2)) drawn[n]!++;
  }
  for (const [n, count] of drawn.entries()) t.ok(isFair(count, seeds, 2 / 7), `record ${n}: ${count} times`);
  t.end();
});

t.test('a key is in a sample with all its records or with none', async (t) => {
  const some = await sampled('sample 25% --by k --seed 9');
  const keys = new Set(some.map(({ k }) => k));
  t.equal(some.length, keys.size * 50);
  t.ok(isFair(keys.size, 400, 0.25), `${keys.size} of 400 keys`);
  const draw = createDraw(1);
  const long = Buffer.alloc(5000, 'x');
  t.equal(draw.ofKey(long, long.length), createDraw(1).ofKey(long, long.length), 'long keys too');
});
