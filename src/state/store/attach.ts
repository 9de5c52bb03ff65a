/**
 * Opens the store for a stage that is not the first: it holds what the first stage claimed, and goes on from the
 * checkpoint that was settled there. Creates nothing: a path from a stream line is not to be trusted before the token
 * fits.
 */
import { problem } from '../../diagnostics/index.js';
import type { Disk } from '../../disk/index.js';
import type { JobStore } from '../checkpoint.js';
import { checkpointFolder, storeFolders } from '../paths.js';
import { isBranchName } from '../stage-id.js';
import { readBranch } from './branch-claim.js';
import { onDisk } from './damage.js';
import { createDurableFolders, type DurableFolders } from './durable-folders.js';
import type { GenerationFacts } from './facts.js';
import { isTokenOf } from './generation.js';
import type { StoreClock } from './holder.js';
import { requireStore } from './job-file.js';
import { jobStoreOf } from './job-store.js';
import { listGenerations, readRun } from './listing.js';
import { type OpenedCheckpoint, openCheckpoint, storedCheckpoint } from './stored-checkpoint.js';

export interface AttachOptions {
  /** The token that the stage at the head of the pipe was given. */
  readonly token: string;
  /** The branch that the pipe is; absent for the pipe of the head that holds the store. */
  readonly branch?: string | undefined;
  readonly clock: StoreClock;
}

function wrongToken(path: string): Error {
  return problem({
    code: 'state',
    message: 'the state that the stream names is not held by the run that the stream comes from',
    place: { kind: 'file', path },
    hint: 'another run may have taken it over; start the whole pipe again',
  });
}

/** The folders of a store that a run has claimed, which were durable before that. */
export const foundFolders = (disk: Disk, path: string): DurableFolders =>
  createDurableFolders(disk, path, [path, ...storeFolders(path)]);

/** Whether the token was given to the head of this pipe by the run. */
async function isKnown(
  disk: Disk,
  path: string,
  run: GenerationFacts,
  { token, branch }: AttachOptions,
): Promise<boolean> {
  if (branch === undefined) return isTokenOf(token, run);
  if (!isBranchName(branch)) return false;
  const facts = await readBranch(disk, path, run.generation, branch);
  return facts !== undefined && isTokenOf(token, facts);
}

/** A run that a stage is known to belong to. */
export interface RunToJoin {
  readonly job: string;
  readonly run: GenerationFacts;
  readonly token: string;
  readonly clock: StoreClock;
}

/** Opens the store of a run. */
export async function attachToRun(
  disk: Disk,
  path: string,
  { job, run, token, clock }: RunToJoin,
): Promise<JobStore> {
  const { from } = run;
  if (from === undefined) throw wrongToken(path);
  let opened: OpenedCheckpoint | undefined;
  if (from !== 'nothing') {
    opened = await openCheckpoint(disk, { folder: checkpointFolder(path, from), base: path }, from);
  }
  return jobStoreOf({
    disk,
    path,
    job,
    clock,
    folders: foundFolders(disk, path),
    run: { ...run, from },
    token,
    origin: opened?.manifest.origin ?? null,
    restored: opened === undefined ? undefined : storedCheckpoint(disk, opened),
    indexes: opened?.indexes ?? new Map(),
    findings: [],
  });
}

/** Opens the store of the present run. `path` is absolute. */
export function attachJobStore(disk: Disk, path: string, options: AttachOptions): Promise<JobStore> {
  return onDisk(path, async () => {
    const job = await requireStore(disk, path);
    const last = (await listGenerations(disk, path)).at(-1);
    const run = last === undefined ? undefined : (await readRun(disk, path, last)).facts;
    if (run === undefined || !(await isKnown(disk, path, run, options))) throw wrongToken(path);
    return await attachToRun(disk, path, { job, run, token: options.token, clock: options.clock });
  });
}
