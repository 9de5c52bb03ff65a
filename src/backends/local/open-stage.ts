/**
 * The two ends of a stage while it is opened: the input with its head, which may tell of a job, and the output, which in a
 * job is committed with the checkpoints. What only jobs need is loaded when there is one: most runs have none.
 */
import { type ByteSink, type EpochSink, emptyFeed, endedFeed, type Feed } from '../../connectors/index.js';
import { problem } from '../../diagnostics/index.js';
import { isTopicUri, repeatsItself } from '../../plan/index.js';
import { failUnbegun } from './broken-pipe.js';
import type { JobStage } from './checkpoints/job-stage.js';
import { emptiedFile, openInput, openSink, type SplitPlan } from './ends.js';
import type { SideOutputs } from './epoch-ends.js';
import { type InputHead, type InputPosition, noHead, readHead } from './input.js';
import type { RunOptions } from './run-options.js';
import type { SpillRun } from './spill-run.js';

/** The output of a run. */
export interface RunOutput {
  readonly sink: ByteSink;
  /** Sinks that are committed with checkpoints, by name. */
  readonly epochs: ReadonlyMap<string, EpochSink>;
  /** Files of refused and late records that are committed too; outside of jobs they are plain files. */
  readonly side: SideOutputs | undefined;
  /** Where a job keeps the records that the stage refuses. */
  readonly rejected?: string;
}

/** What the output has to know of the input. */
export interface OutputInput {
  /** It has ended without a byte. */
  readonly isSilent: boolean;
  /** A run that goes on gets it again, and makes the same of it. */
  readonly repeats: boolean;
}

/** Opens the output. In a job it must be recovered before anything is written. */
export async function openOutput(
  parts: SplitPlan,
  options: RunOptions,
  stage: JobStage | undefined,
  { isSilent, repeats }: OutputInput,
): Promise<RunOutput> {
  if (stage !== undefined) {
    const { openOutputInJob } = await import('./open-job.js');
    return await openOutputInJob(parts, options, stage, repeats);
  }
  const path = isSilent ? emptiedFile(parts.to) : undefined;
  if (path !== undefined) {
    const { refuseToEmpty, diskOf } = await import('./open-job.js');
    await refuseToEmpty(diskOf(options), path);
  }
  return { sink: await openSink(parts, options), epochs: new Map(), side: undefined };
}

/**
 * Whether a stage makes the same output again after a crash: the same input comes again, which in a pipe the stages before
 * have said, and what is made of it depends on nothing else.
 */
export function repeatsOutput(
  { plan }: SplitPlan,
  { feed, head, stage }: OpenedInput,
  { between }: RunOptions,
): boolean {
  if (stage === undefined || stage.heads !== undefined || between !== undefined) return false;
  const comesAgain = stage.number === 0 ? feed.repeats : head.stream?.job?.repeats;
  return comesAgain === true && repeatsItself(plan);
}

/** Where state goes that memory cannot hold: into the store of the job, else into the system's temporary folder. */
export async function openSpill(
  options: RunOptions,
  stage: JobStage | undefined,
): Promise<SpillRun | undefined> {
  const memoryBytes = stage === undefined ? options.spillBytes : stage.spillBytes;
  if (memoryBytes === undefined) return undefined;
  const { createSpillRun, diskOf, removeLeftSpillFolders, temporarySpillFolder } = await import(
    './open-job.js'
  );
  const disk = diskOf(options);
  if (stage !== undefined) {
    return createSpillRun({ disk, memoryBytes, folderOf: (uid) => stage.store.workingFolder(uid) });
  }
  const folder = temporarySpillFolder();
  // Beside the work: nothing depends on it.
  void removeLeftSpillFolders();
  return createSpillRun({ disk, memoryBytes, folderOf: (uid) => `${folder}-${encodeURIComponent(uid)}` });
}

/** The head of the input: what it says of the stream, and which job it belongs to. */
export interface OpenedInput {
  readonly feed: Feed;
  readonly head: InputHead;
  readonly position: InputPosition | undefined;
  readonly stage: JobStage | undefined;
}

/**
 * Opens the input. The stage is the one that was begun here, or the one that the stream line says, if it tells of a job. Once
 * `stop` is aborted, reading ends.
 */
export async function openStage(
  parts: SplitPlan,
  options: RunOptions,
  begun: JobStage | undefined,
  stop: AbortSignal,
): Promise<OpenedInput> {
  const isJson = (parts.source.format ?? { name: 'json' }).name === 'json';
  const kept = begun?.restored?.facts['input'] as InputPosition | undefined;
  const position = options.position ?? kept;
  if (begun?.isFinished === true) {
    if (begun.branch === undefined) {
      options.say(
        `leat: the job ${begun.store.job} is complete: its input had ended at checkpoint ${begun.restoredEpoch}`,
      );
    }
    return { feed: emptyFeed(parts.source.id), head: noHead, position: undefined, stage: begun };
  }
  if (begun?.restored?.facts['ended'] === true && kept !== undefined) {
    return { feed: endedFeed(parts.source.id, kept.feed), head: noHead, position, stage: begun };
  }
  const feed = await openInput(parts, { ...options, signal: stop }, position?.feed);
  if (begun !== undefined && feed.risk !== undefined) options.say(`leat: ${feed.risk}`);
  // Followed files and topics are data: waiting for the head of one would hold up the rest of the start.
  const { source } = parts;
  const isData = source.kind === 'from' && (source.follow === true || source.uris.some(isTopicUri));
  const head = isJson && position === undefined && !isData ? await readHead(feed) : noHead;
  if (head.stream?.failed === true) failUnbegun();
  const line = head.stream?.job;
  if (line === undefined) return { feed, head, position, stage: begun };
  if (begun === undefined)
    return { feed, head, position, stage: await (await import('./open-job.js')).joinJob(line, options) };
  throw problem({
    code: 'usage',
    message: `the stream belongs to the job ${line.name} already, whose state is in ${line.state}`,
    hint: 'say --state at the head of the pipe only',
  });
}
