/**
 * Looks at a store without holding it: for commands that show what is there while a job may be running. Changes
 * nothing.
 */
import { problem } from '../../diagnostics/index.js';
import type { Disk } from '../../disk/index.js';
import type { Epoch, Generation, StoredCheckpoint } from '../checkpoint.js';
import { checkpointFolder } from '../paths.js';
import { isDamage, onDisk } from './damage.js';
import { sameId } from './facts.js';
import type { HolderFacts, HolderLife, Holders } from './holder.js';
import { readJobFile, requireStore } from './job-file.js';
import { type ListedCheckpoint, listStore, type StoreListing } from './listing.js';
import { openCheckpoint, storedCheckpoint } from './stored-checkpoint.js';

/** `abandoned`: complete, but no run goes on from it. */
export type CheckpointState = 'complete' | 'incomplete' | 'damaged' | 'abandoned';

export interface CheckpointEntry {
  readonly epoch: Epoch;
  readonly generation: Generation;
  readonly state: CheckpointState;
  /** What a manifest says; undefined without one that can be read. */
  readonly facts:
    | {
        readonly completedAt: number;
        readonly finished: boolean;
        readonly stages: number;
        /** Name of the savepoint that the line of checkpoints began with. */
        readonly savepoint: string | undefined;
      }
    | undefined;
}

export interface StoreStatus {
  readonly job: string;
  /** Of the last run; undefined before the first. */
  readonly generation: Generation | undefined;
  readonly holder: HolderFacts | undefined;
  /** Epoch ms at which the last run began. */
  readonly startedAt: number | undefined;
  /** Of the last run; `released` when it gave the store up by itself. */
  readonly life: HolderLife | 'released';
  /** The newest checkpoint whose structure is whole. */
  readonly newest: StoredCheckpoint | undefined;
  /** Newer checkpoints that are damaged, as sentences. */
  readonly findings: readonly string[];
}

/** The name of the job of a store. A folder that is none has no job, which is a problem when one is required. */
export function storedJob(disk: Disk, store: string, need: 'required'): Promise<string>;
export function storedJob(disk: Disk, store: string): Promise<string | undefined>;
export function storedJob(disk: Disk, store: string, need?: 'required'): Promise<string | undefined> {
  return onDisk(store, () => (need === undefined ? readJobFile(disk, store) : requireStore(disk, store)));
}

function entryOf({ id, manifest }: ListedCheckpoint, past: readonly ListedCheckpoint[]): CheckpointEntry {
  if (manifest === 'none') return { ...id, state: 'incomplete', facts: undefined };
  if (manifest === 'damaged') return { ...id, state: 'damaged', facts: undefined };
  const { completedAt, finished, parts, origin } = manifest;
  return {
    ...id,
    state: past.some((one) => sameId(one.id, id)) ? 'complete' : 'abandoned',
    facts: { completedAt, finished, stages: parts.length, savepoint: origin?.savepoint },
  };
}

/** All checkpoints that have a folder, by number. */
export function listCheckpoints(disk: Disk, store: string): Promise<readonly CheckpointEntry[]> {
  return onDisk(store, async () => {
    await requireStore(disk, store);
    const { checkpoints, past } = await listStore(disk, store);
    const entries = checkpoints.map((checkpoint) => entryOf(checkpoint, past));
    return entries.sort((a, b) => a.epoch - b.epoch || a.generation - b.generation);
  });
}

/** A checkpoint of the past of a job, by its number. */
export function readCheckpoint(disk: Disk, store: string, epoch: Epoch): Promise<StoredCheckpoint> {
  return onDisk(store, async () => {
    await requireStore(disk, store);
    const { past } = await listStore(disk, store);
    const found = past.find(({ id }) => id.epoch === epoch);
    if (found === undefined) {
      throw problem({
        code: 'state',
        message: `there is no checkpoint ${epoch} of the job any more`,
        place: { kind: 'file', path: store },
        hint: 'leat state checkpoints says which there are',
      });
    }
    const place = { folder: checkpointFolder(store, found.id), base: store };
    return storedCheckpoint(disk, await openCheckpoint(disk, place, found.id));
  });
}

type Newest = Pick<StoreStatus, 'newest' | 'findings'>;

/** The newest checkpoint that can be read; undefined when one was tidied away by a run while it was looked at. */
async function newestOf(disk: Disk, store: string, { past }: StoreListing): Promise<Newest | undefined> {
  const findings: string[] = [];
  for (const { id } of past) {
    try {
      const opened = await openCheckpoint(disk, { folder: checkpointFolder(store, id), base: store }, id);
      return { newest: storedCheckpoint(disk, opened), findings };
    } catch (error) {
      if (!isDamage(error)) throw error;
      const now = await listStore(disk, store);
      if (!now.past.some((one) => sameId(one.id, id))) return undefined;
      findings.push(`checkpoint ${id.epoch} cannot be read: ${error.message}`);
    }
  }
  return { newest: undefined, findings };
}

const mostAttempts = 20;

/** Who holds a store, whether that run lives, and the newest checkpoint. */
export function readStore(disk: Disk, store: string, holders: Holders): Promise<StoreStatus> {
  return onDisk(store, async () => {
    const job = await requireStore(disk, store);
    let foundDead = false;
    for (let attempt = 1; ; attempt++) {
      const listing = await listStore(disk, store);
      const newest = await newestOf(disk, store, listing);
      if (newest === undefined && attempt < mostAttempts) continue;
      const run = listing.runs.findLast(({ facts }) => facts !== undefined)?.facts;
      const isReleased = run === undefined || run.state === 'released';
      const life = isReleased ? 'released' : await holders.life(run.holder);
      if (life === 'dead' && !foundDead) {
        // It may have given the store up and ended since the store was listed.
        foundDead = true;
        continue;
      }
      return {
        job,
        generation: run?.generation,
        holder: run?.holder,
        startedAt: run?.claimedAt,
        life,
        ...(newest ?? {
          newest: undefined,
          findings: ['checkpoints are deleted faster than they can be read'],
        }),
      };
    }
  });
}
