/**
 * A job that does nothing but write: its epochs are lists of texts, its checkpoints are kept in memory. It is run on a disk
 * that crashes, started again from its last checkpoint until it has written everything, at every operation in turn.
 */

import type { Committable, CommittedEpoch, EpochSink } from '../../../src/connectors/index.js';
import type { Disk } from '../../../src/disk/index.js';
import { type Aftermath, type CrashDisk, createCrashDisk } from './crash-disk.js';

export interface EpochJob {
  /** What each epoch writes. The number of epoch i is 2 * i + 1: numbers may be skipped. */
  readonly epochs: readonly (readonly string[])[];
  /** Epochs whose checkpoint does not come to exist; the next one stands for them too. */
  readonly failing?: ReadonlySet<number>;
  open(disk: Disk): Promise<EpochSink>;
  /** Writes one text; by default to the sink. */
  write?(sink: EpochSink, text: string): void;
}

/** What outlives a crash besides the disk. */
interface Manifest {
  last: CommittedEpoch | undefined;
  epochsDone: number;
}

export function numberOf(index: number): number {
  return index * 2 + 1;
}

/** Each committable goes through JSON, as it does in a checkpoint. */
function kept(committable: Committable): Committable {
  return JSON.parse(JSON.stringify(committable)) as Committable;
}

async function runOnce(job: EpochJob, disk: CrashDisk, manifest: Manifest): Promise<void> {
  const sink = await job.open(disk);
  await sink.recover(manifest.last);
  if (manifest.last !== undefined) await sink.commit(manifest.last.epoch, manifest.last.committable);
  for (let index = manifest.epochsDone; index < job.epochs.length; index++) {
    for (const text of job.epochs[index]!) {
      if (job.write !== undefined) job.write(sink, text);
      else sink.write(Buffer.from(text), Buffer.byteLength(text));
    }
    const epoch = numberOf(index);
    const preparing = sink.prepare(epoch);
    const committable = kept(await preparing);
    disk.step();
    if (job.failing?.has(index) === true) continue;
    manifest.last = { epoch, committable };
    manifest.epochsDone = index + 1;
    await sink.commit(epoch, committable);
    if (index % 2 === 0) await sink.commit(epoch, committable);
  }
  await sink.close();
}

/** Runs the job with crashes at the given operations, one a run, and then to its end. */
export async function runJob(
  job: EpochJob,
  disk: CrashDisk,
  crashes: readonly { readonly at: number; readonly aftermath: Aftermath }[],
): Promise<CrashDisk> {
  const manifest: Manifest = { last: undefined, epochsDone: 0 };
  let now = disk;
  for (const { at, aftermath } of crashes) {
    now = now.restart('all', at);
    try {
      await runOnce(job, now, manifest);
    } catch (error) {
      if (!isCrash(error)) throw error;
    }
    now = now.restart(aftermath);
  }
  await runOnce(job, now, manifest);
  return now;
}

function isCrash(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) if ('isCrash' in at) return true;
  return false;
}

/** Runs the job undisturbed and gives the disk, for what it must look like at the end and how long it takes. */
export async function undisturbed(job: EpochJob, before = createCrashDisk()): Promise<CrashDisk> {
  return await runJob(job, before.restart('all'), []);
}

export const aftermaths: readonly Aftermath[] = ['all', 'nothing', 'torn'];
