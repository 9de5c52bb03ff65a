/**
 * Begins the store of a job with a state that somebody has made: that of a checkpoint with other pages for some operators, or
 * one that no run has ever had. It is written beside its place and gets its name when all of it is durable, so after a crash
 * there is a whole store or none.
 */
import { problem } from '../../diagnostics/index.js';
import { type Disk, folderOf } from '../../disk/index.js';
import type { PartFacts, StoredCheckpoint, Uid } from '../checkpoint.js';
import { checkpointFolder } from '../paths.js';
import type { SnapshotWriter } from '../snapshot.js';
import { copyCheckpoint } from './checkpoint-copy.js';
import { hexChecksumOf } from './checksum.js';
import { onDisk } from './damage.js';
import { createDurableFolders } from './durable-folders.js';
import { rewriteGeneration } from './generation.js';
import { claimNew, type OpenOptions, openJobStore } from './open.js';
import { openCheckpoint } from './stored-checkpoint.js';

/** The pages of an operator. */
export type WritePages = (into: SnapshotWriter) => void;

/** A stage of a job that never ran. */
export interface FirstPart {
  readonly facts: PartFacts;
  readonly operators: readonly { readonly uid: Uid; readonly shape: string; readonly write: WritePages }[];
}

type NewStoreOptions = Pick<OpenOptions, 'job' | 'holders' | 'clock'>;

/** Makes a folder whole or not at all: `fill` is given one beside it. */
async function inOnePiece(disk: Disk, path: string, fill: (beside: string) => Promise<void>): Promise<void> {
  if ((await disk.entry(path)) !== undefined) {
    throw problem({
      code: 'state',
      message: 'a new store is to be written, and there is something already',
      place: { kind: 'file', path },
      hint: 'give a folder that is not there yet',
    });
  }
  const parent = folderOf(path);
  await createDurableFolders(disk, parent).ensure(parent);
  const beside = `${path}.new`;
  await disk.removeFolder(beside);
  try {
    await fill(beside);
    await disk.rename(beside, path);
  } catch (error) {
    await disk.removeFolder(beside).catch(() => undefined);
    throw error;
  }
  await disk.syncFolder(parent);
}

/**
 * Begins a store with a checkpoint of which some operators have other pages. A run that goes on from it starts from
 * `name` as from a savepoint. `path` is absolute. Throws a problem of the code state when something is there.
 */
export function beginEditedStore(
  disk: Disk,
  path: string,
  source: StoredCheckpoint,
  edited: { readonly name: string; readonly operators: ReadonlyMap<Uid, WritePages> },
  options: NewStoreOptions,
): Promise<void> {
  return onDisk(path, () =>
    inOnePiece(disk, path, async (beside) => {
      const from = await openCheckpoint(disk, source.place, source);
      const facts = await claimNew(disk, beside, options);
      const id = { epoch: source.epoch, generation: facts.generation };
      // Another than that of the manifest: what was edited is not what a run asks for that starts from the original.
      const checksum = hexChecksumOf(Buffer.concat([Buffer.from('edited '), from.manifestBytes]));
      const origin = { savepoint: edited.name, checksum };
      await copyCheckpoint(disk, from, {
        place: { folder: checkpointFolder(beside, id), base: beside },
        id,
        manifest: { job: options.job, from: id, origin, isOrigin: true },
        rewritten: edited.operators,
      });
      await rewriteGeneration(disk, beside, { ...facts, state: 'released', from: id });
    }),
  );
}

/** Begins a store with the state of a job of one stage that never ran, as its checkpoint 1. `path` is absolute. */
export function beginFirstStore(
  disk: Disk,
  path: string,
  { facts, operators }: FirstPart,
  options: NewStoreOptions,
): Promise<void> {
  return onDisk(path, () =>
    inOnePiece(disk, path, async (beside) => {
      const store = await openJobStore(disk, beside, { ...options, takeOver: false });
      const part = store.beginPart(1, 0);
      for (const { uid, shape, write } of operators) write(part.operator(uid, shape));
      await part.write({ ...facts, sinks: {} });
      await store.complete(1, { stages: [0], finished: false, timeoutMs: 0 });
      await store.release();
    }),
  );
}
