/**
 * Opens the store of a job for a new run: claims it, finds the newest checkpoint that is whole in every byte, and
 * settles for all stages what the run goes on from. Whoever comes later finds that in the file of the run.
 */
import type { Disk } from '../../disk/index.js';
import type { JobStore } from '../checkpoint.js';
import { branchesFolder, checkpointFolder, storeFolders, workingFolders } from '../paths.js';
import { onDisk } from './damage.js';
import { createDurableFolders, type DurableFolders } from './durable-folders.js';
import { type Ancestor, type GenerationFacts, idOf, type Meets } from './facts.js';
import { claimGeneration, rewriteGeneration } from './generation.js';
import type { Holders, StoreClock } from './holder.js';
import { ensureJobFile } from './job-file.js';
import { jobStoreOf } from './job-store.js';
import { findStart } from './start.js';
import { storedCheckpoint } from './stored-checkpoint.js';

export interface OpenOptions {
  readonly job: string;
  readonly holders: Holders;
  readonly clock: StoreClock;
  /** Goes on in the place of a run that may be alive. */
  readonly takeOver: boolean;
  /** Name of a savepoint in the store, or absolute path of one, to start from. */
  readonly savepoint?: string;
  /** What is said to the other pipes of the job, when there are some. */
  readonly meets?: Meets;
}

const makeFolders = (folders: DurableFolders, store: string): Promise<void> =>
  folders.ensureIn(store, storeFolders(store));

/** Claims a store that is begun here, for who fills it otherwise than by a run. The folder may be there and empty. */
export async function claimNew(
  disk: Disk,
  path: string,
  options: Pick<OpenOptions, 'job' | 'holders' | 'clock'>,
): Promise<GenerationFacts> {
  await makeFolders(createDurableFolders(disk, path), path);
  await ensureJobFile(disk, path, options.job);
  return (await claimGeneration(disk, path, { ...options, takeOver: false })).facts;
}

async function settle(
  disk: Disk,
  path: string,
  folders: DurableFolders,
  { job, clock, savepoint, meets }: OpenOptions,
  claim: Awaited<ReturnType<typeof claimGeneration>>,
): Promise<JobStore> {
  const { generation } = claim.facts;
  await disk.removeFolder(workingFolders(path));
  await disk.removeFolder(branchesFolder(path));
  const { opened, findings } = await findStart(disk, path, { generation, job }, savepoint);
  const from: Ancestor = opened === undefined ? 'nothing' : idOf(opened.manifest);
  // The run that completed it may have died before the name of its manifest was certain, which nothing else would repair.
  if (from !== 'nothing') await disk.syncFolder(checkpointFolder(path, from));
  const run: GenerationFacts & { readonly from: Ancestor } = {
    ...claim.facts,
    state: 'running',
    from,
    ...(meets === undefined ? {} : { meets }),
  };
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
