/**
 * A process as a stage of a job: the one at the head of the pipe opens the store and holds it, the others learn from the
 * stream line which store it is and prove with its token that they belong to this run. The head of another pipe of the same
 * job attaches to the run that holds the store.
 */
import { problem } from '../../../diagnostics/index.js';
import type { Disk } from '../../../disk/index.js';
import {
  attachBranch,
  attachJobStore,
  branchOf,
  type Holders,
  isStageId,
  type JobStore,
  lookAtBranches,
  openJobStore,
  type StageId,
  type StoreClock,
  type StoredPart,
  stageId,
  storedJob,
} from '../../../state/index.js';
import type { StreamJob } from '../../../stream/index.js';
import { type HeadsSeen, patienceFor, watchBranches, watchOwner } from './heads.js';
import type { JobOptions } from './job-options.js';

export interface JobStage {
  readonly store: JobStore;
  /** The name of the stage in the job. */
  readonly id: StageId;
  /** Its number in its pipe: 0 is a head. */
  readonly number: number;
  /** The branch that its pipe is; undefined for the pipe whose head holds the store. */
  readonly branch: string | undefined;
  /** Its run ends when another stage says so: all but the head that holds the store. */
  readonly follows: boolean;
  /** The stages whose records come here, of whichever pipe. */
  readonly before: readonly StageId[];
  /** The checkpoint that the run goes on from; 0 when it begins. */
  readonly restoredEpoch: number;
  /** This stage's part of it. */
  readonly restored: StoredPart | undefined;
  /** Name of the savepoint that the run starts from, while no checkpoint has followed it. */
  readonly savepoint: string | undefined;
  /** The input had ended at that checkpoint. */
  readonly isFinished: boolean;
  /** When barriers are cut; only of the head that holds the store. */
  readonly timing: { readonly everyMs: number; readonly minPauseMs: number } | undefined;
  /** The other heads; only of a head of a job of several pipes. */
  readonly heads: HeadsSeen | undefined;
  readonly timeoutMs: number;
  readonly keep: number;
  readonly allowDroppedState: boolean;
  /** State goes to disk beyond so many bytes of memory. */
  readonly spillBytes: number | undefined;
  /** What the stage says of the job on its stream line. */
  readonly line: StreamJob;
}

/** What a stage touches besides the store: handed in so that simulations own it. */
export interface StageSurroundings {
  readonly disk: Disk;
  readonly holders: Holders;
  readonly clock: StoreClock;
  readonly signal?: AbortSignal | undefined;
  say(line: string): void;
}

type StageFacts = Pick<JobStage, 'timeoutMs' | 'keep' | 'allowDroppedState' | 'spillBytes'> &
  Partial<Pick<JobStage, 'timing' | 'heads'>>;

/** Where a stage stands. */
interface StagePlace {
  readonly number: number;
  readonly branch: string | undefined;
  readonly before: readonly StageId[];
}

function lineOf(store: JobStore, { number, branch, before }: StagePlace, facts: StageFacts): StreamJob {
  const { restored } = store;
  const { timeoutMs, keep, allowDroppedState, spillBytes } = facts;
  const own = new Set(Array.from({ length: number }, (_, index) => stageId(branch, index)));
  const met = before.filter((stage) => !own.has(stage));
  return {
    name: store.job,
    state: store.path,
    token: store.token,
    ...(restored === undefined ? {} : { restore: restored.epoch }),
    finished: restored?.finished === true,
    stage: number,
    ...(branch === undefined ? {} : { branch }),
    ...(met.length === 0 ? {} : { met }),
    timeoutMs,
    keep,
    allowDropped: allowDroppedState,
    ...(spillBytes === undefined ? {} : { spillBytes }),
  };
}

/** A process as a stage at that place. */
export function stageOf(store: JobStore, place: StagePlace, facts: StageFacts): JobStage {
  const { restored } = store;
  const id = stageId(place.branch, place.number);
  return {
    store,
    id,
    follows: place.number > 0 || place.branch !== undefined,
    ...place,
    restoredEpoch: restored?.epoch ?? 0,
    restored: restored?.parts.find((part) => part.stage === id),
    savepoint: restored?.savepoint,
    isFinished: restored?.finished === true,
    timing: undefined,
    heads: undefined,
    ...facts,
    line: lineOf(store, place, facts),
  };
}

function lastPartOf(path: string): string {
  return path.split('/').findLast((part) => part !== '') ?? 'job';
}

/** Opens the store for the head of the pipe. `state` is an absolute path. */
export async function beginJob(
  options: JobOptions,
  surroundings: StageSurroundings,
  spillBytes: number | undefined,
): Promise<JobStage> {
  if (options.branch !== undefined) {
    return await beginBranch(options, options.branch, surroundings, spillBytes);
  }
  const { state, everyMs, minPauseMs, timeoutMs, keep, takeOver, allowDroppedState, savepoint } = options;
  const { disk, holders, clock, say } = surroundings;
  // A store that was moved, or begun with a savepoint, keeps its name.
  const job = options.name ?? (await storedJob(disk, state)) ?? lastPartOf(state);
  const start = savepoint === undefined ? {} : { savepoint };
  const { branches = [] } = options;
  const spill = spillBytes === undefined ? {} : { spillBytes };
  const meets =
    branches.length === 0
      ? {}
      : { meets: { branches, timeoutMs, keep, allowDropped: allowDroppedState, ...spill } };
  const store = await openJobStore(disk, state, { job, holders, clock, takeOver, ...start, ...meets });
  const heads =
    branches.length === 0
      ? undefined
      : watchBranches(() => lookAtBranches(disk, state, store, holders), state, { clock, timeoutMs, say });
  const timing = { everyMs, minPauseMs };
  const place = { number: 0, branch: undefined, before: [] };
  const stage = stageOf(store, place, { timing, heads, timeoutMs, keep, allowDroppedState, spillBytes });
  try {
    assertSameBranches(stage);
    // They end by what they find in the store of a run that lives.
    if (stage.isFinished) await heads?.untilAttached();
  } catch (error) {
    await store.release().catch(() => {});
    throw error;
  }
  return stage;
}

/** The branches whose state a checkpoint holds must be those of the run: else their inputs would begin anew. */
function assertSameBranches({ store, savepoint, allowDroppedState }: JobStage): void {
  if (store.restored === undefined || allowDroppedState) return;
  const kept = new Set(store.restored.parts.flatMap(({ stage }) => branchOf(stage) ?? []));
  const gone = [...kept].filter((branch) => !store.branches.includes(branch));
  const fresh = savepoint === undefined ? store.branches.filter((branch) => !kept.has(branch)) : [];
  if (gone.length === 0 && fresh.length === 0) return;
  const [message, hint] =
    gone.length > 0
      ? [
          `the checkpoint holds state of the branch ${gone.join(', ')}, and this run has none of that name`,
          `say --branches ${[...store.branches, ...gone].join(',')}, or drop it with --allow-dropped-state`,
        ]
      : [
          `the checkpoint knows no branch ${fresh.join(', ')}`,
          'take a savepoint and start from it to change the pipeline, or say --allow-dropped-state',
        ];
  throw problem({ code: 'state', message, place: { kind: 'file', path: store.path }, hint });
}

/** Becomes the head of a branch of the job whose run holds the store. */
async function beginBranch(
  options: JobOptions,
  branch: string,
  surroundings: StageSurroundings,
  spillBytes: number | undefined,
): Promise<JobStage> {
  const { disk, holders, clock, signal } = surroundings;
  const patienceMs = patienceFor(options.timeoutMs);
  const attached = await attachBranch(disk, options.state, { branch, holders, clock, signal, patienceMs });
  const { store, meets } = attached;
  const { timeoutMs, keep, allowDropped } = meets;
  const heads = watchOwner(attached, store.restored?.epoch ?? 0, clock);
  return stageOf(
    store,
    { number: 0, branch, before: [] },
    { heads, timeoutMs, keep, allowDroppedState: allowDropped, spillBytes: spillBytes ?? meets.spillBytes },
  );
}

/** Joins the job that the stream line of the stage before tells of. */
export async function joinJob(line: StreamJob, surroundings: StageSurroundings): Promise<JobStage> {
  const { token, timeoutMs, keep, allowDropped, stage, branch, spillBytes, met = [] } = line;
  const { disk, clock } = surroundings;
  const store = await attachJobStore(disk, line.state, { token, branch, clock });
  const own = Array.from({ length: stage + 1 }, (_, index) => stageId(branch, index));
  const place = { number: stage + 1, branch, before: [...own, ...met.filter(isStageId)] };
  return stageOf(store, place, { timeoutMs, keep, allowDroppedState: allowDropped, spillBytes });
}
