/**
 * Jobs of every kind of operator and sink on a disk that crashes, tears, forgets, fails and fills up, thousands of times
 * from seeds: after all of it the outputs are those of the undisturbed run. LEAT_SIMULATIONS says how many (default
 * 10,000), LEAT_SEED which seed to begin with; LEAT_SIMULATIONS=1 LEAT_SEED=n repeats a run. And a short job is crashed
 * at every single operation of the disk.
 */
import t from 'tap';
import { createRandom, type Random } from '../harness/disk/index.js';
import { crashEverywhere, disturbed, type Question, undisturbed } from '../harness/simulation.js';

const runs = Number(process.env['LEAT_SIMULATIONS'] ?? 10_000);
const firstSeed = Number(process.env['LEAT_SEED'] ?? 1);

const shapes = [
  'tumble 10s',
  'hop 20s 5s',
  'cumulate 30s 10s',
  'session 5s',
  'session 4s --by k',
  'count 3',
  'count 4 2 --by k',
  'tumble 7s --offset 3s --late /out/late.ndjson',
];

const calls = [
  'count(*) as n, sum(v) as s',
  'avg(v) as mean, min(v) as low, max(v) as high',
  'first(w) as f, last(w) as l',
  'list(v) as vs, set(k) as ks',
  'count(distinct v) as kinds, approx_distinct(w) as about',
  'p95(v) as p, median(v) as m, stddev(v) as d',
  'mode(k) as often, top(v, 2) as best, histogram(v, 3) as h',
  'argmin(k, v) as low, argmax(w, v) as high',
  'sum(v) filter (where w > 2) as some, quantile_exact(v, 0.5) as q',
];

const sinks = [
  'to /out/result.ndjson',
  'to /out/result.csv',
  'to /out/parts/',
  'to /out/parts/ --roll-size 64',
];

const pick = <Item>(random: Random, items: readonly Item[]): Item => items[random.below(items.length)]!;

/** Records a little out of order, some late, some that are no records at all. */
function records(random: Random): string {
  const lines: string[] = [];
  let second = 1000;
  for (let left = 8 + random.below(40); left > 0; left--) {
    second += random.below(4);
    const at = second - (random.below(5) === 0 ? random.below(15) : 0);
    const record = {
      t: at,
      k: pick(random, ['a', 'b', 'ö', null, 7]),
      v: random.below(9) - 2,
      w: random.below(5),
    };
    lines.push(random.below(25) === 0 ? 'no record' : JSON.stringify(record));
  }
  return `${JSON.stringify({ t: 1000, k: 'a', v: 1, w: 1 })}\n${lines.join('\n')}\n`;
}

/** A pipeline of random stages. */
function pipeline(random: Random): string {
  const stages = ['from in.ndjson --time t --delay 3s'];
  if (random.below(3) === 0) stages.push(pick(random, ['filter v >= 0', 'select *, v * 2 as v', 'keyby k']));
  const kind = random.below(10);
  if (kind < 7) {
    stages.push(`window ${pick(random, shapes)}`);
    // A select in between makes two operators of window and aggregate, so that records pass with their bounds.
    if (kind === 0) stages.push('select *, v + 1 as v');
    stages.push(`aggregate ${pick(random, calls)}${pick(random, ['', ' --by k', ' --by k, w'])}`);
  } else if (kind === 7) stages.push(`aggregate ${pick(random, calls)} --by k`);
  else if (kind === 8) stages.push(`window ${pick(random, shapes)}`);
  else stages.push('select t, k, v');
  return [...stages, pick(random, sinks)].join(' | ');
}

function questionOf(random: Random): Question {
  return {
    text: pipeline(random),
    input: records(random),
    chunkBytes: 20 + random.below(400),
    everyMs: 3 + random.below(60),
  };
}

t.test('disturbed jobs give the answer of undisturbed ones', { timeout: 1_800_000 }, async (t) => {
  let starts = 0;
  for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
    const random = createRandom(seed);
    const question = questionOf(random);
    const wanted = await undisturbed(question);
    const got = await disturbed(question, random, 1 + random.below(4), 10 + random.below(400)).catch(
      (error) => {
        throw new Error(`seed ${seed}: ${question.text}: ${error}`, { cause: error });
      },
    );
    starts += got.starts;
    if (JSON.stringify([...got.files]) === JSON.stringify([...wanted.files])) continue;
    t.same(
      Object.fromEntries(got.files),
      Object.fromEntries(wanted.files),
      `seed ${seed}: ${question.text} in chunks of ${question.chunkBytes}, a barrier every ${question.everyMs}\n${question.input}`,
    );
    return;
  }
  t.pass(`${runs} jobs, started ${starts} times`);
});

t.test('a short job crashes at every operation of the disk', { timeout: 600_000 }, async (t) => {
  const question: Question = {
    text: 'from in.ndjson --time t --delay 3s | window tumble 10s --by k --late /out/late.ndjson | aggregate count(*) as n, list(v) as vs | to /out/result.ndjson',
    input: records(createRandom(42)),
    chunkBytes: 150,
    everyMs: 10,
  };
  const wanted = await undisturbed(question);
  t.ok(
    [...wanted.files.values()].some((text) => text.length > 0),
    'it has an answer',
  );
  const operations = await crashEverywhere(question, (operation, { files }) => {
    if (JSON.stringify([...files]) === JSON.stringify([...wanted.files])) return;
    t.same(Object.fromEntries(files), Object.fromEntries(wanted.files), `crashed at operation ${operation}`);
  });
  t.ok(operations > 50, `${operations} operations, each crashed once`);
});
