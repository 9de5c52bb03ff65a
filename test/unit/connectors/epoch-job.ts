/**
 * A job that does nothing but write: its epochs are lists of texts, its checkpoint is a file with the last committable. It
 * is run on a disk that crashes, and started again from its last checkpoint until it has written everything.
 */

import type { Committable, CommittedEpoch, EpochSink } from '../../../src/connectors/index.js';
import { type Disk, readWhole, replaceWhole } from '../../../src/disk/index.js';
import { createDiskDouble, DiskCrash, type DiskDouble } from '../../harness/disk/index.js';

export interface EpochJob<Sink extends EpochSink = EpochSink> {
  /** What each epoch writes. The number of epoch i is 2 * i + 1: numbers may be skipped. */
  readonly epochs: readonly (readonly string[])[];
  /** Epochs whose checkpoint does not come to exist; the next one stands for them too. */
  readonly failing?: ReadonlySet<number>;
  /** What lies on the disk beforehand. */
  readonly before?: Readonly<Record<string, string>>;
  open(disk: Disk): Promise<Sink>;
  /** Writes one text; by default to the sink. */
  write?(sink: Sink, text: string): void;
}

/** What an aftermath leaves: all of it (a killed process), only what was synced, or what chance leaves of the rest. */
export type Aftermath = 'killed' | 'synced' | 'torn';
export const aftermaths: readonly Aftermath[] = ['killed', 'synced', 'torn'];

export interface Crash {
  readonly at: number;
  readonly aftermath: Aftermath;
}

interface Manifest {
  readonly last: CommittedEpoch;
  readonly epochsDone: number;
}

const manifestPath = '/job/manifest';
export const epochsPath = '/job/epochs';
/** The file that most jobs write to. */
export const outputPath = '/out/out';

export function numberOf(index: number): number {
  return index * 2 + 1;
}

/** A disk with the folders of a job, and the files that are said. */
export async function diskWith(files: Readonly<Record<string, string>> = {}, seed = 1): Promise<DiskDouble> {
  const double = createDiskDouble({ seed });
  await double.disk.makeFolder(epochsPath);
  await double.disk.makeFolder('/out');
  for (const [path, text] of Object.entries(files)) double.put(path, text);
  double.settle();
  return double;
}

async function readManifest(disk: Disk): Promise<Manifest | undefined> {
  const bytes = await readWhole(disk, manifestPath);
  return bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString()) as Manifest);
}

async function runOnce<Sink extends EpochSink>(job: EpochJob<Sink>, disk: Disk): Promise<void> {
  const manifest = await readManifest(disk);
  const last = manifest?.last;
  const sink = await job.open(disk);
  await sink.recover(last);
  if (last !== undefined) await sink.commit(last.epoch, last.committable);
  for (let index = manifest?.epochsDone ?? 0; index < job.epochs.length; index++) {
    for (const text of job.epochs[index]!) {
      if (job.write !== undefined) job.write(sink, text);
      else sink.write(Buffer.from(text), Buffer.byteLength(text));
    }
    const epoch = numberOf(index);
    const committable: Committable = await sink.prepare(epoch);
    if (job.failing?.has(index) === true) continue;
    const written: Manifest = { last: { epoch, committable }, epochsDone: index + 1 };
    await replaceWhole(disk, manifestPath, Buffer.from(JSON.stringify(written)));
    await sink.commit(epoch, committable);
    if (index % 2 === 0) await sink.commit(epoch, committable);
  }
  await sink.close();
}

function isCrash(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) if (at instanceof DiskCrash) return true;
  return false;
}

/** Runs the job with a crash at the given operation of each run, and then to its end. `seen`: the output after each crash. */
export async function runJob<Sink extends EpochSink>(
  job: EpochJob<Sink>,
  crashes: readonly Crash[],
  seen: (output: string | undefined) => void = () => {},
): Promise<DiskDouble> {
  const double = await diskWith(job.before, crashes[0]?.at ?? 1);
  for (const { at, aftermath } of crashes) {
    double.crashAt(double.operations + at);
    try {
      await runOnce(job, double.disk);
    } catch (error) {
      if (!isCrash(error)) throw error;
    }
    seen(double.text(outputPath));
    if (aftermath === 'killed') double.restart('process');
    else double.restart('power', aftermath === 'torn' ? 'some' : 'nothing');
  }
  await runOnce(job, double.disk);
  return double;
}

/** How many operations the job takes when nothing happens to it. */
export async function operationsOf<Sink extends EpochSink>(job: EpochJob<Sink>): Promise<number> {
  const { operations } = await diskWith(job.before);
  return (await runJob(job, [])).operations - operations;
}

/** The output files of a disk with their texts. */
export function outputsOf(double: DiskDouble): Readonly<Record<string, string>> {
  const paths = double.paths().filter((path) => path.startsWith('/out/'));
  return Object.fromEntries(paths.map((path) => [path, double.text(path)!]));
}

/** Files of epochs that nobody needs any more. */
export function leftOver(double: DiskDouble): readonly string[] {
  return double.paths().filter((path) => path.startsWith(`${epochsPath}/`));
}
