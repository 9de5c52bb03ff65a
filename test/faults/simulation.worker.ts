/**
 * The questions of the simulation and the work on them, in a thread of its own: the hooks of the test runner would make
 * the many promises of a disk five times as slow. Told a range of seeds, it answers with the first that went
 * wrong; told to crash a short job everywhere, with the operations at which it crashed.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { createRandom, type Random } from '../harness/disk/index.js';
import {
  crashEverywhere,
  disturbed,
  type Outcome,
  type Question,
  undisturbed,
} from '../harness/simulation.js';

const shapes = [
  'tumble 10s',
  'hop 20s 5s',
  'cumulate 30s 10s',
  'session 5s',
  'session 4s --by k',
  'count 3',
  'count 4 2 --by k',
  'tumble 7s --offset 3s',
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

const sinks = ['to /out/result.ndjson'];

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

const shortJob =
  'from in.ndjson --time t --delay 3s | window tumble 10s --by k | aggregate count(*) as n, list(v) as vs | to /out/result.ndjson';

/** What is to be done. */
export type SimulationTask =
  | { readonly kind: 'seeds'; readonly from: number; readonly to: number }
  | { readonly kind: 'everywhere' };

/** What came of it. */
export interface SimulationAnswer {
  readonly starts: number;
  readonly operations: number;
  readonly wrong: { readonly what: string; readonly got: unknown; readonly wanted: unknown } | undefined;
}

const textOf = ({ files }: Outcome): string => JSON.stringify([...files]);

function differs(what: string, got: Outcome, wanted: Outcome): SimulationAnswer['wrong'] {
  if (textOf(got) === textOf(wanted)) return undefined;
  return { what, got: Object.fromEntries(got.files), wanted: Object.fromEntries(wanted.files) };
}

async function runSeed(seed: number): Promise<SimulationAnswer> {
  const random = createRandom(seed);
  const question = questionOf(random);
  const { text, input, chunkBytes, everyMs } = question;
  const what = `seed ${seed}: ${text} in chunks of ${chunkBytes}, a barrier every ${everyMs}\n${input}`;
  try {
    const wanted = await undisturbed(question);
    const got = await disturbed(question, random, 1 + random.below(4), 10 + random.below(400));
    return { starts: got.starts, operations: 0, wrong: differs(what, got, wanted) };
  } catch (error) {
    const { stack } = error as Error;
    return { starts: 0, operations: 0, wrong: { what, got: stack ?? String(error), wanted: 'an answer' } };
  }
}

async function runSeeds(from: number, to: number): Promise<SimulationAnswer> {
  let starts = 0;
  for (let seed = from; seed < to; seed++) {
    const one = await runSeed(seed);
    if (one.wrong !== undefined) return one;
    starts += one.starts;
  }
  return { starts, operations: 0, wrong: undefined };
}

async function runEverywhere(): Promise<SimulationAnswer> {
  const question: Question = {
    text: shortJob,
    input: records(createRandom(42)),
    chunkBytes: 150,
    everyMs: 10,
  };
  const wanted = await undisturbed(question);
  let wrong: SimulationAnswer['wrong'];
  const operations = await crashEverywhere(question, (operation, got) => {
    wrong ??= differs(`crashed at operation ${operation}`, got, wanted);
  });
  return { starts: 2 * operations, operations, wrong };
}

const task = workerData as SimulationTask;
const answer = task.kind === 'seeds' ? runSeeds(task.from, task.to) : runEverywhere();
answer.then((made) => parentPort!.postMessage(made));
