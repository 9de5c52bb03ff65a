/**
 * Opens the store of a job for a new run: claims it, finds the newest checkpoint that is whole in every byte, and
 * settles for all stages what the run goes on from. Whoever comes later finds that in the file of the run.
 */
import { problem } from '../../diagnostics/index.js';
import type { Disk } from '../../disk/index.js';
import type { JobStore } from '../checkpoint.js';
import { checkpointFolder, checkpointsFolder, generationsFolder, operatorsFolder } from '../paths.js';
import { isDamage, onDisk } from './damage.js';
import { createDurableFolders, type DurableFolders } from './durable-folders.js';
import { type Ancestor, type GenerationFacts, idOf } from './facts.js';
import { claimGeneration, rewriteGeneration } from './generation.js';
import type { Holders, StoreClock } from './holder.js';
import { ensureJobFile } from './job-file.js';
import { jobStoreOf } from './job-store.js';
import { type ListedCheckpoint, listStore, type StoreListing } from './listing.js';
import { decideRestore, type Verdict } from './restore-decision.js';
import { type OpenedCheckpoint, openCheckpoint, storedCheckpoint, verifyPages } from './stored-checkpoint.js';

export interface OpenOptions {
  readonly job: string;
  readonly holders: Holders;
  readonly clock: StoreClock;
  /** Goes on in the place of a run that may be alive. */
  readonly takeOver: boolean;
}

/** Reads a checkpoint with all of its pages. */
async function readWhole(
  disk: Disk,
  store: string,
  { id }: ListedCheckpoint,
): Promise<OpenedCheckpoint | { readonly damage: string }> {
  try {
    const opened = await openCheckpoint(disk, { folder: checkpointFolder(store, id), base: store }, id);
    await verifyPages(disk, opened);
    return opened;
  } catch (error) {
    if (!isDamage(error)) throw error;
    const { details } = error as unknown as { details: { message: string; place: { path: string } } };
    return { damage: `${details.place.path}: ${details.message}` };
  }
}

interface Found {
  readonly opened: OpenedCheckpoint | undefined;
  readonly findings: readonly string[];
}

/** The newest checkpoint that is whole. Older ones are only read when it is not. */
export async function findNewest(disk: Disk, store: string, listing: StoreListing): Promise<Found> {
  const verdicts: Verdict[] = [];
  let opened: OpenedCheckpoint | undefined;
  for (const checkpoint of listing.past) {
    const read = await readWhole(disk, store, checkpoint);
    if (!('damage' in read)) opened = read;
    verdicts.push({
      epoch: checkpoint.id.epoch,
      damage: 'damage' in read ? read.damage : undefined,
    });
    if (opened !== undefined) break;
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

async function makeFolders(folders: DurableFolders, store: string): Promise<void> {
  await folders.ensure(store);
  for (const folder of [generationsFolder, checkpointsFolder, operatorsFolder]) {
    await folders.ensure(folder(store));
  }
}

async function settle(
  disk: Disk,
  path: string,
  folders: DurableFolders,
  { job, clock }: OpenOptions,
  claim: Awaited<ReturnType<typeof claimGeneration>>,
): Promise<JobStore> {
  const { opened, findings } = await findNewest(disk, path, await listStore(disk, path));
  const from: Ancestor = opened === undefined ? 'nothing' : idOf(opened.manifest);
  const run: GenerationFacts & { readonly from: Ancestor } = { ...claim.facts, state: 'running', from };
  await rewriteGeneration(disk, path, run);
  return jobStoreOf({
    disk,
    path,
    job,
    clock,
    folders,
    run,
    token: claim.token,
    origin: opened?.manifest.origin ?? null,
    restored: opened === undefined ? undefined : storedCheckpoint(disk, opened),
    indexes: opened?.indexes ?? new Map(),
    findings: [...claim.findings, ...findings],
  });
}

/**
 * Opens the store for a new run of the job, and makes it when it is not there. `path` is absolute. Throws a problem
 * of the code state when another run holds it, when it is another job's, and when no checkpoint is whole although
 * there are some.
 */
export function openJobStore(disk: Disk, path: string, options: OpenOptions): Promise<JobStore> {
  return onDisk(path, async () => {
    const folders = createDurableFolders(disk, path);
    await makeFolders(folders, path);
    await ensureJobFile(disk, path, options.job);
    const claim = await claimGeneration(disk, path, options);
    try {
      return await settle(disk, path, folders, options, claim);
    } catch (error) {
      await rewriteGeneration(disk, path, { ...claim.facts, state: 'released' }).catch(() => undefined);
      throw error;
    }
  });
}
