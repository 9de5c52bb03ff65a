/**
 * A process as a stage of a job: the first one opens the store and holds it, the others learn from the stream line which
 * store it is and prove with its token that they belong to this run.
 */
import type { Disk } from '../../../disk/index.js';
import {
  attachJobStore,
  type Holders,
  type JobStore,
  openJobStore,
  type StoreClock,
  type StoredPart,
  storedJob,
} from '../../../state/index.js';
import type { StreamJob } from '../../../stream/index.js';
import type { JobOptions } from './job-options.js';

export interface JobStage {
  readonly store: JobStore;
  readonly number: number;
  /** The checkpoint that the run goes on from; 0 when it begins. */
  readonly restoredEpoch: number;
  /** This stage's part of it. */
  readonly restored: StoredPart | undefined;
  /** Name of the savepoint that the run starts from, while no checkpoint has followed it. */
  readonly savepoint: string | undefined;
  /** The input had ended at that checkpoint. */
  readonly isFinished: boolean;
  /** When barriers are cut; only of the source. */
  readonly timing: { readonly everyMs: number; readonly minPauseMs: number } | undefined;
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
}

function stageOf(
  store: JobStore,
  number: number,
  facts: Pick<JobStage, 'timing' | 'timeoutMs' | 'keep' | 'allowDroppedState' | 'spillBytes'>,
): JobStage {
  const { restored } = store;
  const { timeoutMs, keep, allowDroppedState, spillBytes } = facts;
  const isFinished = restored?.finished === true;
  return {
    store,
    number,
    restoredEpoch: restored?.epoch ?? 0,
    restored: restored?.parts.find((part) => part.stage === number),
    savepoint: restored?.savepoint,
    isFinished,
    ...facts,
    line: {
      name: store.job,
      state: store.path,
      token: store.token,
      ...(restored === undefined ? {} : { restore: restored.epoch }),
      finished: isFinished,
      stage: number,
      timeoutMs,
      keep,
      allowDropped: allowDroppedState,
      ...(spillBytes === undefined ? {} : { spillBytes }),
    },
  };
}

function lastPartOf(path: string): string {
  return path.split('/').findLast((part) => part !== '') ?? 'job';
}

/** Opens the store for the stage at the head of the pipe. `state` is an absolute path. */
export async function beginJob(
  options: JobOptions,
  surroundings: StageSurroundings,
  spillBytes: number | undefined,
): Promise<JobStage> {
  const { state, everyMs, minPauseMs, timeoutMs, keep, takeOver, allowDroppedState, savepoint } = options;
  const { disk, holders, clock } = surroundings;
  // A store that was moved, or begun with a savepoint, keeps its name.
  const job = options.name ?? (await storedJob(disk, state)) ?? lastPartOf(state);
  const start = savepoint === undefined ? {} : { savepoint };
  const store = await openJobStore(disk, state, { job, holders, clock, takeOver, ...start });
  const timing = { everyMs, minPauseMs };
  return stageOf(store, 0, { timing, timeoutMs, keep, allowDroppedState, spillBytes });
}

/** Joins the job that the stream line of the stage before tells of. */
export async function joinJob(line: StreamJob, surroundings: StageSurroundings): Promise<JobStage> {
  const { token, timeoutMs, keep, allowDropped, stage, spillBytes } = line;
  const { disk, clock } = surroundings;
  const store = await attachJobStore(disk, line.state, { token, clock });
  const facts = { timing: undefined, timeoutMs, keep, allowDroppedState: allowDropped, spillBytes };
  return stageOf(store, stage + 1, facts);
}
