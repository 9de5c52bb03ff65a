/**
 * The questions of the simulation and the work on them, in a thread of its own: the hooks of the test runner would make
 * the many promises of a disk five times as slow. Told a range of seeds, it answers with the first that went
 * wrong; told to crash a short job everywhere, with the operations at which it crashed.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { parsePipeline } from '../../src/frontends/index.js';
import { fillValues, joinKinds, type Plan } from '../../src/plan/index.js';
import { type Case, filesOf, readCases } from '../harness/case.js';
import { createRandom, type Random } from '../harness/disk/index.js';
import { editStoreUnchanged } from '../harness/edited-store.js';
import { killedAtEveryBarrierOnDisk } from '../harness/killed-on-disk.js';
import {
  crashEverywhere,
  disturbed,
  killedAtEveryBarrier,
  type Outcome,
  oneTurn,
  optionsOf,
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
  'tumble 7s --offset 3s --late /out/late.ndjson',
];

/** Windows that say more than their results once; only aggregates can. */
const emittingShapes = [
  'tumble 10s --emit early 4s',
  'hop 20s 5s --emit changes --allowed-lateness 6s',
  'tumble 10s --allowed-lateness 8s --late /out/late.ndjson',
  'cumulate 30s 10s --emit early 5s --fill zero',
  'tumble 5s --fill zero',
  'hop 20s 10s --at-most 2',
];

/** Sessions that do; their aggregates are of the same key. */
const emittingSessions = [
  'session 4s --by k --emit changes',
  'session 5s --by k --allowed-lateness 8s --late /out/late.ndjson',
  'session 3s --by k --emit early 5s',
  'session 4s --by k --emit early 4s --allowed-lateness 9s',
  'session 5s --by k --emit changes --allowed-lateness 20s --late /out/late.ndjson',
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

/** What over adds, and which records it takes together. */
const ordered = [
  'count(*) as n, sum(v) as s',
  'avg(v) as mean, lag(v) as before',
  'max(w) as v, lag(w, 2) as back',
  'list(v) as vs, stddev(v) as d',
  'count(distinct k) as kinds, p95(v) as p',
];
const frames = ['', '--rows unbounded', '--rows 3 --by k', '--range 7s', '--range 4s --by k', '--by k'];

/** A program with every kind of state. */
const program = `process ${path.join(process.env.LEAT_ROOT!, 'test/cases/process/sums/program.mjs')} --side negative=/out/negative.ndjson`;

/** Stages that choose among records: by time or window, and by themselves. */
const choices = [
  `${program} --by k`,
  'dedup --by k',
  'dedup --by k --last',
  'dedup --by k --within 7s',
  'dedup --by k --within 2s --late /out/late.ndjson',
  'dedup --by k --last --within 1s --late /out/late.ndjson',
  'dedup --by k --last --within 7s',
  'top 2 --by v',
  'sample 40%',
  'sample 3 --seed 5',
  'sample 50% --by k',
  'head-by-key 2 --by k, w',
  'top 1 --by w + v --per k --asc',
];
const choicesInWindows = [
  'dedup --by k',
  'dedup --by k --last',
  'sample 2',
  'head-by-key 2 --by k',
  'top 2 --by v --per k',
  'top 1 --by v',
];

/** Behind the results of these there is event time. */
const timedShapes = shapes.filter((shape) => !shape.startsWith('count'));

/** What may stand behind the results of windows. */
const behindResults = [
  'top 2 --by n',
  'window session 5s --by k | aggregate count(*) as n',
  'window session 10s --by k | aggregate sum(n) as n',
  `${program} --by k`,
];

const sinks = [
  'to /out/result.ndjson',
  'to /out/result.ndjson --guarantee at-least-once',
  'to /out/result.csv',
  'to /out/parts/',
  'to /out/parts/ --roll-size 64B',
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

const lookups = [
  '--on k = id',
  '--on k = id --kind left --prefix x_',
  '--on w = n, k = id --fields kind as w',
];

/** How the records of a join go together. */
const matches = [
  '--within 6s',
  '--between -2s..9s',
  "--window 'tumble 10s'",
  "--window 'hop 9s 3s' --late /out/late-of-join.ndjson",
  "--window 'cumulate 8s 4s'",
  '--retention 5s',
  '--retention forever',
];

/** Of the versions there are two kinds. */
const joins = [
  ...matches.flatMap((match) => joinKinds.map((kind) => `${match} --kind ${kind}`)),
  ...['inner', 'left'].flatMap((kind) =>
    ['', ' --late /out/late-of-join.ndjson'].map((late) => `--temporal --kind ${kind}${late}`),
  ),
];

/** The path of a table on the disk of this machine. */
const tableOf = (): string => path.join(process.env.LEAT_ROOT!, 'test/harness/lookup-table.ndjson');

/** What may stand behind records in windows. */
function inWindows(random: Random): string[] {
  const stages = random.below(3) === 0 ? ['select *, v + 1 as v'] : [];
  if (random.below(3) === 0) return stages;
  return [...stages, pick(random, [`aggregate ${pick(random, calls)} --by k`, ...choicesInWindows])];
}

/** A pipeline of random stages. */
function pipeline(random: Random): string {
  const stages = ['from in.ndjson --time t --delay 3s'];
  if (random.below(4) === 0)
    stages.push(pick(random, ['union other.ndjson', 'union other.ndjson other.ndjson']));
  // Behind a filter the watermark is told between records that are far apart.
  if (random.below(5) === 0) stages.push(pick(random, ['filter w > 1', 'filter w > 2']));
  if (random.below(5) === 0) stages.push(`lookup ${tableOf()} ${pick(random, lookups)}`);
  if (random.below(4) === 0) stages.push(`join other.ndjson --on k ${pick(random, joins)}`);
  // Behind a join without bounds in time there is no event time, and there may be changes.
  if (stages.at(-1)!.includes('--retention'))
    return [...stages, pick(random, ['filter v >= 0', 'select *, v + 1 as v']), pick(random, sinks)].join(
      ' | ',
    );
  if (stages.at(-1)!.includes('--window'))
    return [...stages, ...inWindows(random), pick(random, sinks)].join(' | ');
  if (random.below(6) === 0) stages.push('sort');
  if (random.below(4) === 0) stages.push(`over ${pick(random, ordered)} ${pick(random, frames)}`);
  if (random.below(5) === 0)
    stages.push(pick(random, ['tee /out/copies.ndjson', 'tee /out/copies.ndjson --when v > 2']));
  if (random.below(3) === 0) stages.push(pick(random, ['filter v >= 0', 'select *, v * 2 as v', 'keyby k']));
  const kind = random.below(15);
  if (kind === 6 && random.below(2) === 0) {
    stages.push(`window ${pick(random, emittingSessions)}`);
    if (random.below(3) === 0) stages.push('select *, v + 1 as v');
    stages.push(`aggregate ${pick(random, calls)}`);
  } else if (kind < 7) {
    stages.push(`window ${pick(random, random.below(3) === 0 ? emittingShapes : shapes)}`);
    // A select in between makes two operators of window and aggregate, so that records pass with their bounds.
    if (kind === 0) stages.push('select *, v + 1 as v');
    stages.push(`aggregate ${pick(random, calls)}${pick(random, ['', ' --by k', ' --by k, w'])}`);
    if (random.below(4) === 0)
      stages.push(
        `fill --every 10s --with ${pick(random, fillValues)}${pick(random, ['', ' --time window_end'])}`,
      );
  } else if (kind === 7)
    stages.push(`aggregate ${pick(random, calls)} --by k${pick(random, ['', ' --emit changes'])}`);
  else if (kind === 8) stages.push(`window ${pick(random, shapes)}`);
  else if (kind === 9 || kind === 10) stages.push(pick(random, choices));
  else if (kind === 11) stages.push(`window ${pick(random, shapes)}`, pick(random, choicesInWindows));
  else if (kind === 12)
    stages.push(
      `window ${pick(random, timedShapes)}`,
      'aggregate count(*) as n, max(t) as t, sum(v) as v, max(w) as w --by k',
      pick(random, behindResults),
    );
  else if (kind === 13)
    stages.push(
      pick(random, choices),
      pick(random, [
        'window tumble 10s --time t',
        'window session 4s --by k --time t',
        'window session 3s --time t',
      ]),
      `aggregate ${pick(random, calls)}`,
    );
  else stages.push(pick(random, ['select t, k, v', 'sort --by k', 'sort --by v, lower(k) as l --desc']));
  if (random.below(5) === 0) stages.push('tee /out/results.ndjson');
  return [...stages, pick(random, sinks)].join(' | ');
}

function questionOf(random: Random): Question {
  return {
    text: pipeline(random),
    input: records(random),
    files: { 'other.ndjson': records(random) },
    chunkBytes: 20 + random.below(400),
    everyMs: 3 + random.below(60),
  };
}

const shortJob =
  'from in.ndjson --time t --delay 3s | window tumble 10s --by k --late /out/late.ndjson | aggregate count(*) as n, list(v) as vs | to /out/result.ndjson';

/** What is to be done. */
export type SimulationTask =
  | { readonly kind: 'seeds'; readonly from: number; readonly to: number }
  /** The same questions, killed at every barrier, with their state edited before they go on. */
  | { readonly kind: 'edited seeds'; readonly from: number; readonly to: number }
  | { readonly kind: 'everywhere' }
  | { readonly kind: 'growing' }
  /** Every case as a job killed at every barrier: resumed; on the disk backend; with its state edited before that. */
  | { readonly kind: 'cases' | 'cases on disk' | 'edited cases' };

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
    // What is disturbed comes in other pieces too; this tells, of some, which of the two it was.
    if (seed % 5 === 0) {
      const inOtherPieces = await undisturbed({ ...question, chunkBytes: 20 + random.below(400) });
      const wrong = differs(`in other pieces, ${what}`, inOtherPieces, wanted);
      if (wrong !== undefined) return { starts: 0, operations: 0, wrong };
    }
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
  const operations = await crashEverywhere(question, ({ operation, outcome }) => {
    wrong ??= differs(`crashed at operation ${operation}`, outcome, wanted);
  });
  return { starts: 2 * operations, operations, wrong };
}

/**
 * The input has grown when the job goes on: what readers had seen of the output is still the beginning of it, though the
 * first run may have come to the end of its input, and fired what was open.
 */
async function runGrowing(): Promise<SimulationAnswer> {
  const lines = Array.from({ length: 40 }, (_, n) => JSON.stringify({ k: 'abc'[n % 3], t: 1000 + (n >> 1) }));
  const later: Question = {
    text: 'from in.ndjson --time t --delay 1s | window tumble 2s --by k | aggregate count(*) as n | to /out/result.ndjson',
    input: `${lines.join('\n')}\n`,
    chunkBytes: 60,
    everyMs: 14,
    settled: oneTurn,
  };
  const earlier = { ...later, input: `${lines.slice(0, -5).join('\n')}\n` };
  const [wanted, complete] = [await undisturbed(later), await undisturbed(earlier)];
  let wrong: SimulationAnswer['wrong'];
  let grown = 0;
  const path = '/out/result.ndjson';
  const operations = await crashEverywhere(
    earlier,
    ({ operation, seen, outcome }) => {
      const text = outcome.files.get(path) ?? '';
      const early = seen.get(path) ?? '';
      if (!text.startsWith(early)) {
        wrong ??= { what: `seen when it crashed at operation ${operation}`, got: early, wanted: text };
      }
      if (textOf(outcome) === textOf(wanted)) grown += early === '' ? 0 : 1;
      else wrong ??= differs(`crashed at operation ${operation}`, outcome, complete);
    },
    later,
  );
  if (grown === 0) wrong ??= { what: 'jobs that had shown something and went on', got: grown, wanted: 1 };
  return { starts: 2 * operations, operations, wrong };
}

/**
 * Programs of somebody else live on when a simulated process is killed, and are waited for; test/services/foreign kills
 * real ones.
 */
const isForeign = ({ name }: Case): boolean => name.startsWith('via/');

/** Tables need all records before their first line, and generators and endless clocks have no input to cut. */
const suitsJobs = ({ run, exit }: Case): boolean =>
  (exit === 0 || exit === 3) && !/--format table|processing-time|^gen /.test(run);

/** The plan of a case with its output in a file of a folder. */
function planOf({ run }: Case, out = '/out'): Plan {
  const text = run.replaceAll('{late}', `${out}/late.ndjson`).replaceAll('{copies}', `${out}/copies.ndjson`);
  const plan = parsePipeline(text);
  const last = plan.nodes.at(-1)!;
  if (last.kind !== 'to') return parsePipeline(`${text} | to ${out}/result`);
  return { ...plan, nodes: [...plan.nodes.slice(0, -1), { ...last, uri: `${out}/result` }] };
}

const linesOf = (text: string | undefined): string[] => (text ?? '').split('\n').slice(0, -1);

/** A case as a job whose input comes in about so many pieces; with `settled`, barriers are behind many of them. */
function questionOfCase(one: Case, pieces: number, settled?: () => Promise<void>): Question {
  const { run, input } = one;
  const chunkBytes = Math.max(8, Math.ceil(input.length / pieces));
  return {
    text: run,
    input,
    files: filesOf(one),
    chunkBytes,
    everyMs: 1,
    ...(settled === undefined ? {} : { settled }),
  };
}

/** Refused records of the stages of a job: those behind a program of somebody else are another stage. */
const rejectedFiles = ['rejected.ndjson', 'rejected-1.ndjson', 'rejected-2.ndjson'];

async function runCase(one: Case): Promise<SimulationAnswer> {
  const question = questionOfCase(one, 12, oneTurn);
  const wanted = {
    output: one.expected,
    late: one.late ?? [],
    copies: one.copies ?? [],
    rejected: one.rejected,
  };
  let wrong: SimulationAnswer['wrong'];
  const barriers = await killedAtEveryBarrier(planOf(one), question, (double, files, barrier) => {
    const rejected = rejectedFiles.flatMap((name) => linesOf(double.text(`/state/${name}`)));
    const got = {
      output: files.get('/out/result'),
      late: linesOf(files.get('/out/late.ndjson')),
      copies: linesOf(files.get('/out/copies.ndjson')),
      rejected: rejected.map((line) => (JSON.parse(line) as { text: string }).text),
    };
    if (JSON.stringify(got) === JSON.stringify(wanted)) return;
    wrong ??= { what: `${one.name}, killed at barrier ${barrier}`, got, wanted };
  });
  return { starts: 2 * barriers + 1, operations: 1, wrong };
}

const textAt = (...names: string[]): string | undefined => {
  const file = path.join(...names);
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
};

/** The case on the disk backend, with memory for hardly any group, on the disk of this machine. */
async function runCaseOnDisk(one: Case, base: string): Promise<SimulationAnswer> {
  const wanted = {
    output: one.expected,
    late: one.late ?? [],
    copies: one.copies ?? [],
    rejected: one.rejected,
  };
  let wrong: SimulationAnswer['wrong'];
  const { barriers, captured } = await killedAtEveryBarrierOnDisk(
    base,
    {
      plan: (folder) => planOf(one, folder),
      options: (folder) => ({
        ...optionsOf(questionOfCase(one, 5), path.join(folder, 'state')),
        spillBytes: 1,
      }),
    },
    (folder, barrier) => {
      const rejected = rejectedFiles.flatMap((name) => linesOf(textAt(folder, 'state', name)));
      const got = {
        output: textAt(folder, 'result'),
        late: linesOf(textAt(folder, 'late.ndjson')),
        copies: linesOf(textAt(folder, 'copies.ndjson')),
        rejected: rejected.map((line) => (JSON.parse(line) as { text: string }).text),
      };
      if (JSON.stringify(got) === JSON.stringify(wanted)) return;
      wrong ??= { what: `${one.name} on disk, killed at barrier ${barrier}`, got, wanted };
    },
  );
  return { starts: 2 * barriers + 1, operations: captured, wrong };
}

/** The case with its entries exported and edited, none of them changed, before a new store with them is gone on with. */
async function runEditedCase(one: Case): Promise<SimulationAnswer> {
  const question = questionOfCase(one, 12, oneTurn);
  const wanted = { output: one.expected, late: one.late ?? [] };
  let wrong: SimulationAnswer['wrong'];
  let entries = 0;
  const barriers = await killedAtEveryBarrier(
    planOf(one),
    question,
    (_double, files, barrier) => {
      const got = { output: files.get('/out/result'), late: linesOf(files.get('/out/late.ndjson')) };
      if (JSON.stringify(got) === JSON.stringify(wanted)) return;
      wrong ??= { what: `${one.name}, edited at barrier ${barrier}`, got, wanted };
    },
    async ({ disk }) => {
      entries += await editStoreUnchanged(disk, '/state', '/edited');
      return '/edited';
    },
  );
  return { starts: 2 * barriers + 1, operations: entries, wrong };
}

/** A random question with its entries exported and edited at every barrier, none of them changed. */
async function runEditedSeed(seed: number): Promise<SimulationAnswer> {
  const question = questionOf(createRandom(seed));
  const what = `seed ${seed}, edited: ${question.text}\n${question.input}`;
  let [wrong, entries]: [SimulationAnswer['wrong'], number] = [undefined, 0];
  try {
    const wanted = await undisturbed(question);
    const barriers = await killedAtEveryBarrier(
      parsePipeline(question.text),
      question,
      (_double, files, barrier) => {
        wrong ??= differs(`${what}at barrier ${barrier}`, { files, starts: 1 }, wanted);
      },
      async ({ disk }) => {
        entries += await editStoreUnchanged(disk, '/state', '/edited');
        return '/edited';
      },
    );
    return { starts: 2 * barriers + 1, operations: entries, wrong };
  } catch (error) {
    const { stack } = error as Error;
    return { starts: 0, operations: 0, wrong: { what, got: stack ?? String(error), wanted: 'an answer' } };
  }
}

async function runEditedSeeds(from: number, to: number): Promise<SimulationAnswer> {
  let [starts, operations] = [0, 0];
  for (let seed = from; seed < to; seed++) {
    const one = await runEditedSeed(seed);
    if (one.wrong !== undefined) return one;
    starts += one.starts;
    operations += one.operations;
  }
  return { starts, operations, wrong: undefined };
}

/** Every case as a job, killed at every barrier. `operations` are what `run` counts. */
async function runCases(run: (one: Case) => Promise<SimulationAnswer>): Promise<SimulationAnswer> {
  let starts = 0;
  let operations = 0;
  const only = process.env['LEAT_CASE'] ?? '';
  const cases = readCases(path.join(process.env.LEAT_ROOT!, 'test/cases')).filter(
    (one) => suitsJobs(one) && !isForeign(one) && one.name.includes(only),
  );
  for (const one of cases) {
    const answer = await run(one).catch((error: Error) => {
      throw new Error(`${one.name}: ${error.message}`, { cause: error });
    });
    if (answer.wrong !== undefined) return answer;
    starts += answer.starts;
    operations += answer.operations;
  }
  return { starts, operations, wrong: undefined };
}

async function runCasesOnDisk(): Promise<SimulationAnswer> {
  const base = fs.mkdtempSync(path.join(os.tmpdir(), 'leat-test-'));
  try {
    return await runCases((one) => runCaseOnDisk(one, path.join(base, 'case')));
  } finally {
    fs.rmSync(base, { recursive: true, force: true });
  }
}

function perform(task: SimulationTask): Promise<SimulationAnswer> {
  switch (task.kind) {
    case 'seeds':
      return runSeeds(task.from, task.to);
    case 'edited seeds':
      return runEditedSeeds(task.from, task.to);
    case 'everywhere':
      return runEverywhere();
    case 'growing':
      return runGrowing();
    case 'cases':
      return runCases(runCase);
    case 'cases on disk':
      return runCasesOnDisk();
    case 'edited cases':
      return runCases(runEditedCase);
  }
}

perform(workerData as SimulationTask).then((made) => parentPort!.postMessage(made));
