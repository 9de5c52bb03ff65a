/**
 * A stage of a job, begun here or learnt of from the stream, and its output, which is committed with the checkpoints. The
 * door to all that only jobs and state on disk need: nothing else may import those files at its start.
 */
import { openStdout, sinkKindOf } from '../../connectors/index.js';
import type { Disk } from '../../disk/index.js';
import { realDisk } from '../../disk/index.js';
import type { Plan } from '../../plan/index.js';
import { type StreamJob, spellControlLine } from '../../stream/index.js';
import { processHolders } from './checkpoints/holders.js';
import type { JobOptions } from './checkpoints/job-options.js';
import { epochContext, openJobOutput } from './checkpoints/job-sinks.js';
import {
  beginJob as beginJobIn,
  type JobStage,
  joinJob as joinJobIn,
  type StageSurroundings,
} from './checkpoints/job-stage.js';
import { withSinkFailure } from './checkpoints/sink-failure.js';
import { outputName, type SplitPlan } from './ends.js';
import { openSideOutputs, sidePaths } from './epoch-ends.js';
import type { RunOutput } from './open-stage.js';
import type { RunOptions } from './run-options.js';

export { meetAt } from './checkpoints/branches-met.js';
export { refuseToEmpty } from './checkpoints/output-mark.js';
export { removeLeftSpillFolders, temporarySpillFolder } from './spill-folder.js';
export { createSpillRun } from './spill-run.js';
export { resumeStage } from './stage-job.js';

/** The disk of a run. */
export const diskOf = (options: RunOptions): Disk => options.disk ?? realDisk;

/** What a stage touches: this machine, unless a simulation says otherwise. */
function surroundingsOf(options: RunOptions): StageSurroundings {
  const clock = options.clock ?? Date.now;
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  return {
    disk: diskOf(options),
    holders: options.holders ?? processHolders(),
    clock: { now: clock, wait },
    signal: options.signal,
    say: options.say,
  };
}

/** Begins a job here, or goes on with it. */
export async function beginJob(job: JobOptions, options: RunOptions): Promise<JobStage> {
  return await beginJobIn(job, surroundingsOf(options), options.spillBytes);
}

/**
 * The job could not be begun. A pipe that ends without a byte would be taken for an empty input, and the job that reads it
 * for complete: so it gets the first line of a stream, which says so.
 */
export async function leaveUnended(plan: Plan, options: RunOptions): Promise<void> {
  if (options.marks === 'never' || options.between !== undefined || options.open?.sink !== undefined) return;
  if (sinkKindOf(1) !== 'pipe' || plan.nodes.some(({ kind }) => kind === 'to')) return;
  const sink = openStdout();
  const line = Buffer.from(`${spellControlLine({ kind: 'stream', key: [], failed: true })}\n`);
  sink.write(line, line.length);
  await sink.flushed();
}

/** Becomes a stage of the job that the stream line names. */
export async function joinJob(line: StreamJob, options: RunOptions): Promise<JobStage> {
  return await joinJobIn(line, surroundingsOf(options));
}

/** Opens the output of a stage of a job; it must be recovered before anything is written. */
export async function openOutputInJob(
  parts: SplitPlan,
  options: RunOptions,
  stage: JobStage,
  repeats: boolean,
): Promise<RunOutput> {
  const { say, clock = Date.now } = options;
  const context = epochContext(stage, { disk: diskOf(options), say, clock, repeats });
  const rejected = stage.store.rejectedFile(stage.id);
  const paths = sidePaths(parts.middle, options.bad ?? { kind: 'report' }, rejected);
  const side = await openSideOutputs(paths, context);
  const next = options.between?.output;
  if (next !== undefined) return { sink: next, epochs: new Map(side.sinks), side, rejected };
  const { kind, sink } = await withSinkFailure(parts.to?.uri ?? 'stdout', () =>
    openJobOutput(parts.to, options.marks === 'never', context, stage),
  );
  const epochs = new Map([...(kind === 'epochs' ? ([[outputName, sink]] as const) : []), ...side.sinks]);
  return { sink, epochs, side, rejected };
}
