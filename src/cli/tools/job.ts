/** `leat job`: what stores say of their jobs, and an end to a run, by asking the process that holds the store. */
import fs from 'node:fs';
import path from 'node:path';
import { processHolders } from '../../backends/local/index.js';
import { type FeedPosition, lagOf } from '../../connectors/index.js';
import { isProblem, problem } from '../../diagnostics/index.js';
import { realDisk } from '../../disk/index.js';
import { numberOf as numberOption, textOf } from '../../frontends/index.js';
import {
  listSavepoints,
  numberOf,
  readStore,
  type StoredCheckpoint,
  type StoredPart,
  type StoreStatus,
  storedJob,
  takeSavepoint,
} from '../../state/index.js';
import { ageText, sizeText } from '../../terminal/index.js';
import { formatDuration } from '../../time/index.js';
import { namedSavepoint, printTaken } from './savepoint.js';
import { isoTime, printEntries, printFacts, type TableColumn, type ToolCall } from './tool-call.js';

/** A store and what it says. */
interface Job extends StoreStatus {
  readonly store: string;
}

async function readJob(store: string): Promise<Job> {
  return { store, ...(await readStore(realDisk, store, processHolders())) };
}

function stateBytes({ parts }: StoredCheckpoint): number {
  return parts.flatMap(({ operators }) => operators).reduce((sum, { lengthBytes }) => sum + lengthBytes, 0);
}

const lives: Readonly<Record<StoreStatus['life'], string>> = {
  alive: 'running',
  dead: 'died',
  released: 'stopped',
  unknown: 'unknown',
};

/** What the run is, in a word. */
function runWord({ life, generation, newest }: Job): string {
  if (generation === undefined) return 'never ran';
  return life === 'released' && newest?.finished === true ? 'complete' : lives[life];
}

interface Counts {
  readonly recordsIn: number;
  readonly rejected: number;
  readonly late: number;
}

/** Counts of all stages: the records that came into the heads, what any stage refused or found late. */
function countsOf({ parts }: StoredCheckpoint): Counts {
  const sum = (name: keyof Counts, of: readonly StoredPart[]): number =>
    of.reduce((so, { facts }) => so + (((facts['totals'] ?? {}) as Partial<Counts>)[name] ?? 0), 0);
  const heads = parts.filter(({ stage }) => numberOf(stage) === 0);
  return { recordsIn: sum('recordsIn', heads), rejected: sum('rejected', parts), late: sum('late', parts) };
}

/** Records of topics that had not been read at the checkpoint; undefined when no input knows. */
function lagIn({ parts }: StoredCheckpoint): number | undefined {
  const inputs = parts.flatMap(({ facts }) => [facts['input'], ...Object.values(facts['inputs'] ?? {})]);
  const lags = inputs.flatMap((input) => {
    const { feed } = (input ?? {}) as { readonly feed?: FeedPosition };
    return (feed === undefined ? undefined : lagOf(feed)) ?? [];
  });
  return lags.length === 0 ? undefined : lags.reduce((sum, lag) => sum + lag, 0);
}

function checkpointRecord(newest: StoredCheckpoint): Record<string, unknown> {
  const { recordsIn, rejected, late } = countsOf(newest);
  const lag = lagIn(newest);
  return {
    checkpoint: newest.epoch,
    completed_at: isoTime(newest.completedAt),
    finished: newest.finished,
    stages: newest.parts.length,
    records: recordsIn,
    rejected,
    late,
    ...(lag === undefined ? {} : { lag }),
    state_bytes: stateBytes(newest),
  };
}

function recordOf(job: Job): Record<string, unknown> {
  const { store, generation, holder, startedAt, newest, findings } = job;
  return {
    job: job.job,
    store,
    run: runWord(job),
    ...(generation === undefined ? {} : { generation }),
    ...(holder === undefined ? {} : { pid: holder.pid, host: holder.host }),
    ...(startedAt === undefined ? {} : { started_at: isoTime(startedAt) }),
    ...(newest === undefined ? {} : checkpointRecord(newest)),
    ...(findings.length === 0 ? {} : { findings }),
  };
}

function runText(job: Job): string {
  const { generation, holder, startedAt, life } = job;
  if (generation === undefined || holder === undefined || startedAt === undefined) return 'never ran';
  const who = life === 'released' ? '' : `, pid ${holder.pid} on ${holder.host}`;
  const cannotTell = life === 'unknown' ? ', a host that cannot be asked from here' : '';
  return `${runWord(job)}: run ${generation}${who}${cannotTell}, started ${ageText(Date.now() - startedAt)}`;
}

function checkpointTexts(newest: StoredCheckpoint): (readonly [string, string])[] {
  const { recordsIn, rejected, late } = countsOf(newest);
  const operators = newest.parts.flatMap((part) => part.operators).length;
  const lag = lagIn(newest);
  const end = newest.finished ? ', the end of the input' : '';
  const since = newest.savepoint === undefined ? '' : `, the savepoint ${newest.savepoint}`;
  return [
    ['checkpoint', `${newest.epoch}, ${ageText(Date.now() - newest.completedAt)}${end}${since}`],
    ['records', `${recordsIn} read, ${rejected} refused, ${late} late`],
    ...(lag === undefined ? [] : [['lag', `${lag} records of the topics were not read then`] as const]),
    ['state', `${sizeText(stateBytes(newest))} of ${operators} operator${operators === 1 ? '' : 's'}`],
  ];
}

async function printJob(call: ToolCall, job: Job): Promise<void> {
  const { newest, findings } = job;
  const facts: (readonly [string, string])[] = [
    ['job', job.job],
    ['store', job.store],
    ['run', runText(job)],
    ...(newest === undefined ? [['checkpoint', 'none yet'] as const] : checkpointTexts(newest)),
    ...findings.map((finding) => ['damage', finding] as const),
  ];
  await printFacts(call, facts, recordOf(job));
}

export async function status(call: ToolCall): Promise<number> {
  await printJob(call, await readJob(call.store));
  return 0;
}

/** Whether a folder is a store, if only a damaged one. */
async function isStore(folder: string): Promise<boolean> {
  return await storedJob(realDisk, folder).then(
    (job) => job !== undefined,
    (error: unknown) => {
      if (isProblem(error)) return true;
      throw error;
    },
  );
}

/** The stores among folders: the folder itself, or those that stand in it. */
async function findStores(folders: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    if (await isStore(folder)) {
      found.push(folder);
      continue;
    }
    for (const name of await realDisk.list(folder)) {
      const inside = path.join(folder, name);
      if (!fs.statSync(inside, { throwIfNoEntry: false })?.isDirectory()) continue;
      if (await isStore(inside)) found.push(inside);
    }
  }
  return found;
}

const columns: readonly TableColumn<Job>[] = [
  { name: 'job', cell: ({ job }) => job },
  { name: 'run', cell: runWord },
  { name: 'checkpoint', alignment: 'right', cell: ({ newest }) => String(newest?.epoch ?? '') },
  {
    name: 'completed',
    cell: ({ newest }) => (newest === undefined ? '' : ageText(Date.now() - newest.completedAt)),
  },
  {
    name: 'records',
    alignment: 'right',
    cell: ({ newest }) => (newest === undefined ? '' : String(countsOf(newest).recordsIn)),
  },
  {
    name: 'state',
    alignment: 'right',
    cell: ({ newest }) => (newest === undefined ? '' : sizeText(stateBytes(newest))),
  },
  { name: 'store', cell: ({ store }) => path.relative('.', store) || '.' },
];

export async function list(call: ToolCall): Promise<number> {
  const folders = call.args.length === 0 ? ['.'] : call.args;
  const stores = await findStores(folders.map((folder) => path.resolve(folder)));
  const jobs: Job[] = [];
  let status = 0;
  for (const store of stores) {
    try {
      jobs.push(await readJob(store));
    } catch (error) {
      // One store that cannot be read does not hide the others.
      if (!isProblem(error)) throw error;
      call.say(`leat: ${store}: ${error.details.message}`);
      status = 1;
    }
  }
  await printEntries(call, jobs, columns, recordOf);
  return status;
}

const pauseMs = 20;

/** Waits until the run has given its store up, or its process has ended. */
async function untilEnded(job: Job, waitMs: number): Promise<Job> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const now = await readJob(job.store);
    if (now.life !== 'alive' || now.generation !== job.generation) return now;
    if (performance.now() > deadline) {
      throw problem({
        code: 'state',
        message: `the run has not ended within ${formatDuration(waitMs)}`,
        place: { kind: 'file', path: job.store },
        hint: `it was asked to, and may still do so; --wait waits longer, kill ${job.holder?.pid} asks again and loses nothing`,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** A run on another host cannot be asked from here. */
function elsewhere({ store, holder }: Job): Error {
  return problem({
    code: 'state',
    message: `the job was last run on the host ${holder?.host}, and whether it lives cannot be told from here`,
    place: { kind: 'file', path: store },
    hint: 'stop it there',
  });
}

/** Throws when a savepoint could not be taken after the stop: the job had then stopped for nothing. */
async function checkName(store: string, savepoint: string | undefined): Promise<void> {
  if (savepoint === undefined) return;
  const where = namedSavepoint(store, savepoint);
  const known = await listSavepoints(realDisk, store);
  const isThere = known.some((one) => one.path === where) || fs.existsSync(where);
  if (!isThere) return;
  throw problem({
    code: 'state',
    message: 'there is a savepoint of this name already, so the job was not stopped',
    place: { kind: 'file', path: where },
    hint: 'give another name, or delete it',
  });
}

export async function stop(call: ToolCall): Promise<number> {
  const { store, options, say } = call;
  const job = await readJob(store);
  if (job.life === 'unknown') throw elsewhere(job);
  if (job.life !== 'alive') {
    say(`leat: the job ${job.job} is not running: ${runText(job)}`);
    return 1;
  }
  const savepoint = textOf(options, 'savepoint');
  await checkName(store, savepoint);
  process.kill(job.holder!.pid, 'SIGTERM');
  const ended = await untilEnded(job, numberOption(options, 'wait') ?? 60_000);
  if (ended.generation !== job.generation) say(`leat: run ${ended.generation} has begun meanwhile`);
  else if (ended.life === 'dead') say('leat: the run died without giving its store up');
  if (savepoint === undefined) await printJob(call, ended);
  else await printTaken(call, await takeSavepoint(realDisk, store, namedSavepoint(store, savepoint)));
  return ended.life === 'dead' ? 1 : 0;
}
