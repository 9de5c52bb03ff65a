/**
 * Which sink in epochs an output is: a file that is named, stdout that the shell redirected to one, or
 * something that takes bytes and gives nothing back. The last is said once, with what to do about it.
 */
import { adoptDescriptor, type Disk, type DiskFile, isRegularFile } from '../../disk/index.js';
import type { EpochSink } from '../epoch-sink.js';
import { createFolderSink, type FolderOptions } from '../folder/folder-sink.js';
import type { FolderSink } from '../folder/part-sink.js';
import { openFileSink, openStdout, sinkKindOf } from '../sink.js';
import { createExecEpochs } from './exec.js';
import { type Appearance, createFileEpochs } from './file-epochs.js';
import { createStreamAtOnce } from './stream-at-once.js';
import { descriptorTarget, pathTarget, type Target } from './target.js';

export type Guarantee = EpochSink['guarantee'];

/** What a sink in epochs is opened with. */
export interface EpochContext {
  readonly disk: Disk;
  /** The folder for epochs of the sink of this name; it is made when it is asked for. */
  epochFolder(name: string): Promise<string>;
  /** Name of the job, for the idempotency keys of commands. */
  readonly job: string;
  /** Writes one line for the user. */
  say(line: string): void;
  /** The file behind stdout, in place of descriptor 1; for tests. */
  readonly stdout?: DiskFile;
  /** Rejects when another run has taken the job over. */
  assertHeld?(): Promise<void>;
  /** A run that goes on makes the output again byte by byte. */
  readonly repeats?: boolean;
}

async function ofTarget(
  target: Target,
  name: string,
  appears: Appearance,
  { disk, say, assertHeld, epochFolder }: EpochContext,
): Promise<EpochSink> {
  return createFileEpochs(disk, await epochFolder(name), target, { appears, say, assertHeld });
}

/** When the main output appears. */
function appearanceOf(guarantee: Guarantee, { repeats }: EpochContext): Appearance {
  if (guarantee === 'at-least-once') return 'at-once';
  return repeats === true ? 'repeated' : 'checkpoint';
}

/** stdout in epochs. `name` is that of the sink in its job. */
export async function openStdoutInEpochs(
  name: string,
  guarantee: Guarantee,
  context: EpochContext,
): Promise<EpochSink> {
  if (context.stdout !== undefined || isRegularFile(1)) {
    const file = context.stdout ?? adoptDescriptor('stdout', 1);
    return await ofTarget(descriptorTarget('stdout', file), name, appearanceOf(guarantee, context), context);
  }
  const kind = sinkKindOf(1);
  if (guarantee === 'exactly-once' && kind !== 'file') {
    context.say(
      `leat: stdout is a ${kind}, so a crash repeats what was written since the last checkpoint; redirect with >> FILE or end with leat to`,
    );
  }
  return createStreamAtOnce(openStdout());
}

/** A folder of part files in epochs. */
export async function openFolderInEpochs(
  layout: Omit<FolderOptions, 'epochFolder'>,
  name: string,
  context: EpochContext,
): Promise<FolderSink> {
  return createFolderSink(context.disk, { ...layout, epochFolder: await context.epochFolder(name) });
}

/** A command that is run for each epoch. */
export async function openExecInEpochs(
  command: string,
  retries: number,
  name: string,
  context: EpochContext,
): Promise<EpochSink> {
  const folder = await context.epochFolder(name);
  return createExecEpochs(context.disk, folder, {
    command,
    retries,
    job: context.job,
    sink: name,
    resumes: true,
  });
}

/** A file of refused or late records in epochs: only its owner can read it, for it may hold anything. */
export async function openSideFileInEpochs(
  path: string,
  name: string,
  context: EpochContext,
): Promise<EpochSink> {
  return await ofTarget(pathTarget(context.disk, path, 0o600), name, 'checkpoint', context);
}

/** A file in epochs, named by path; a FIFO or a device is written at once. */
export async function openFileInEpochs(
  path: string,
  name: string,
  guarantee: Guarantee,
  context: EpochContext,
): Promise<EpochSink> {
  const entry = await context.disk.entry(path);
  if (entry?.kind === 'other') {
    context.say(
      `leat: ${path} is not a regular file, so a crash repeats what was written since the last checkpoint`,
    );
    return createStreamAtOnce(openFileSink(path));
  }
  return await ofTarget(pathTarget(context.disk, path), name, appearanceOf(guarantee, context), context);
}
