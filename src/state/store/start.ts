/**
 * What a new run goes on from, found and made ready: the newest checkpoint that is whole, or a savepoint that is
 * taken over into the store as the first checkpoint of a new line. The same command line typed again after a crash
 * names the same savepoint and goes on from the newest checkpoint since.
 */
import { isProblem, problem } from '../../diagnostics/index.js';
import type { Disk } from '../../disk/index.js';
import type { Generation } from '../checkpoint.js';
import { checkpointFolder } from '../paths.js';
import { copyCheckpoint } from './checkpoint-copy.js';
import { hexChecksumOf } from './checksum.js';
import { isDamage } from './damage.js';
import type { Ancestor, Origin } from './facts.js';
import { type ListedCheckpoint, listStore, type StoreListing } from './listing.js';
import { decideRestore, type Verdict } from './restore-decision.js';
import { openSavepoint, savepointPath } from './savepoint.js';
import { type OpenedCheckpoint, openCheckpoint, verifyPages } from './stored-checkpoint.js';

/** A checkpoint with all of its pages read once, or the sentence that says what is damaged. */
async function readWhole(
  disk: Disk,
  store: string,
  { id }: ListedCheckpoint,
): Promise<OpenedCheckpoint | string> {
  try {
    const opened = await openCheckpoint(disk, { folder: checkpointFolder(store, id), base: store }, id);
    await verifyPages(disk, opened);
    return opened;
  } catch (error) {
    if (!isDamage(error) || !isProblem(error)) throw error;
    const { message, place } = error.details;
    return place?.kind === 'file' ? `${place.path}: ${message}` : message;
  }
}

export interface Start {
  readonly opened: OpenedCheckpoint | undefined;
  readonly findings: readonly string[];
}

/** The newest checkpoint that is whole. Older ones are only read when it is not. */
export async function findNewest(disk: Disk, store: string, listing: StoreListing): Promise<Start> {
  const verdicts: Verdict[] = [];
  let opened: OpenedCheckpoint | undefined;
  for (const checkpoint of listing.past) {
    const read = await readWhole(disk, store, checkpoint);
    const isWhole = typeof read !== 'string';
    verdicts.push({ epoch: checkpoint.id.epoch, damage: isWhole ? undefined : read });
    if (isWhole) {
      opened = read;
      break;
    }
  }
  const last = listing.runs.findLast(({ facts }) => facts?.from !== undefined);
  const decision = decideRestore(verdicts, last?.facts?.from);
  if (decision.kind === 'refuse') {
    throw problem({
      code: 'state',
      message: decision.message,
      place: { kind: 'file', path: store },
      hint: 'bring the files back, start from a savepoint, or give another folder to begin anew',
    });
  }
  return { opened, findings: decision.kind === 'restore' ? decision.findings : [] };
}

/** Takes a savepoint over as a checkpoint of this run. */
async function takeOver(
  disk: Disk,
  store: string,
  run: { readonly generation: Generation; readonly job: string },
  savepoint: OpenedCheckpoint,
  origin: Origin,
): Promise<OpenedCheckpoint> {
  const id = { epoch: savepoint.manifest.epoch, generation: run.generation };
  const place = { folder: checkpointFolder(store, id), base: store };
  const from: Ancestor = id;
  const manifest = { job: run.job, from, origin, isOrigin: true };
  await copyCheckpoint(disk, savepoint, { place, id, manifest });
  return openCheckpoint(disk, place, id);
}

/** Finds what a run goes on from. With a savepoint that is the savepoint, unless the past began with it already. */
export async function findStart(
  disk: Disk,
  store: string,
  run: { readonly generation: Generation; readonly job: string },
  savepoint: string | undefined,
): Promise<Start> {
  const listing = await listStore(disk, store);
  if (savepoint === undefined) return findNewest(disk, store, listing);
  const path = savepointPath(store, savepoint);
  const opened = await openSavepoint(disk, path);
  const checksum = hexChecksumOf(opened.manifestBytes);
  const newest = listing.past.find(({ manifest }) => typeof manifest === 'object')?.manifest;
  if (typeof newest === 'object' && newest.origin?.checksum === checksum) {
    return findNewest(disk, store, listing);
  }
  const name = path.slice(path.lastIndexOf('/') + 1);
  return { opened: await takeOver(disk, store, run, opened, { savepoint: name, checksum }), findings: [] };
}
