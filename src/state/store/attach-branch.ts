/**
 * Opens the store for the head of a branch: waits until a run holds it that expects the branch, claims the branch, and from
 * then on follows what that run announces. A barrier is announced by the part that the first stage writes for it: nothing
 * else is kept for that, and nothing is announced that is not durable.
 */
import { problem } from '../../diagnostics/index.js';
import { type Disk, readWhole } from '../../disk/index.js';
import type { Epoch, JobStore } from '../checkpoint.js';
import { checkpointFolder, checkpointsFolder, parseId, partFile } from '../paths.js';
import { attachToRun, foundFolders } from './attach.js';
import { type BranchClaim, claimBranch, sayBranchEnded } from './branch-claim.js';
import { onDisk } from './damage.js';
import type { GenerationFacts, Meets, PartFileFacts } from './facts.js';
import { named } from './generation.js';
import type { Holders, StoreClock } from './holder.js';
import { requireStore } from './job-file.js';
import { listGenerations, readRun } from './listing.js';
import { unseal } from './sealed.js';

export interface BranchOptions {
  readonly branch: string;
  readonly holders: Holders;
  readonly clock: StoreClock;
  /** How long the run that expects the branch is waited for. */
  readonly patienceMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** A barrier that the run has cut. `last`: no barrier follows it, because the run was stopped or all inputs have ended. */
export interface Announcement {
  readonly epoch: Epoch;
  readonly last: 'stop' | 'end' | undefined;
}

/** The member of the first stage's part that says that no barrier follows. */
export const lastMember = 'last';

/** The store of the present run as the head of a branch has it. */
export interface AttachedBranch {
  readonly store: JobStore;
  readonly meets: Meets;
  /** The newest barrier behind one; undefined when there is none. */
  announced(behind: Epoch): Promise<Announcement | undefined>;
  /** Throws when the run that holds the store is over. */
  assertRunning(): Promise<void>;
  /** Says to the run that the input of the branch has ended. */
  sayEnded(): Promise<void>;
}

/** Between two looks. */
const pauseMs = 20;

type ExpectingRun = GenerationFacts & { readonly meets: Meets };

function notExpected(store: string, branch: string, { holder, meets }: GenerationFacts): Error {
  const others = meets?.branches ?? [];
  const names = [...others, branch].join(',');
  return problem({
    code: 'state',
    message: `the run of this job (${named(holder)}) expects no branch ${branch}${others.length === 0 ? '' : `, but ${others.join(', ')}`}`,
    place: { kind: 'file', path: store },
    hint: `say --branches ${names} at the head that holds the state`,
  });
}

function nobodyCame(store: string, { branch, patienceMs }: BranchOptions): Error {
  return problem({
    code: 'state',
    message: `the branch ${branch} waited ${patienceMs} ms for a run of its job, and none holds this state`,
    place: { kind: 'file', path: store },
    hint: `the head of the pipe that it flows into says the same --state, and --branches ${branch}`,
  });
}

function stoppedWaiting(store: string, branch: string): Error {
  return problem({
    code: 'state',
    message: `the branch ${branch} was stopped before a run of its job held this state`,
    place: { kind: 'file', path: store },
  });
}

/** The living run of a store, once it is settled; undefined while there is none. */
async function findRun(disk: Disk, store: string, holders: Holders): Promise<GenerationFacts | undefined> {
  const last = (await listGenerations(disk, store)).at(-1);
  const run = last === undefined ? undefined : (await readRun(disk, store, last)).facts;
  if (run?.state !== 'running') return undefined;
  return (await holders.life(run.holder)) === 'dead' ? undefined : run;
}

async function awaitRun(disk: Disk, store: string, options: BranchOptions): Promise<ExpectingRun> {
  const { branch, holders, clock, patienceMs, signal } = options;
  const deadline = clock.now() + patienceMs;
  for (;;) {
    const run = await findRun(disk, store, holders);
    if (run !== undefined) {
      const { meets } = run;
      if (meets?.branches.includes(branch) !== true) throw notExpected(store, branch, run);
      return { ...run, meets };
    }
    if (signal?.aborted === true) throw stoppedWaiting(store, branch);
    if (clock.now() >= deadline) throw nobodyCame(store, options);
    await clock.wait(pauseMs);
  }
}

async function newestAnnounced(
  disk: Disk,
  store: string,
  generation: number,
  behind: Epoch,
): Promise<Announcement | undefined> {
  const ids = (await disk.list(checkpointsFolder(store))).flatMap((name) => parseId(name) ?? []);
  const later = ids.filter((id) => id.generation === generation && id.epoch > behind);
  for (const id of later.sort((a, b) => b.epoch - a.epoch)) {
    const path = partFile(checkpointFolder(store, id), 0);
    const bytes = await readWhole(disk, path);
    if (bytes === undefined) continue;
    const last = unseal<PartFileFacts>('part', bytes, path).facts[lastMember];
    return { epoch: id.epoch, last: last === 'stop' || last === 'end' ? last : undefined };
  }
  return undefined;
}

async function assertGoesOn(disk: Disk, store: string, claim: BranchClaim, holders: Holders): Promise<void> {
  const { generation } = claim.facts;
  const last = (await listGenerations(disk, store)).at(-1);
  const run = last === undefined ? undefined : (await readRun(disk, store, last)).facts;
  if (last === generation && run?.state === 'running' && (await holders.life(run.holder)) !== 'dead') return;
  const how =
    last !== generation
      ? 'another run has taken the state over'
      : run?.state === 'running'
        ? `the head of the pipe that it flows into died: ${named(run.holder)}`
        : 'the head of the pipe that it flows into has ended';
  throw problem({
    code: 'upstream',
    message: `the branch ${claim.facts.branch} cannot go on: ${how}`,
    place: { kind: 'file', path: store },
    hint: 'its own message says why; typed again, all pipes go on from the last checkpoint',
  });
}

/** Opens the store for the head of a branch. `path` is absolute. */
export function attachBranch(disk: Disk, path: string, options: BranchOptions): Promise<AttachedBranch> {
  const { branch, holders, clock } = options;
  return onDisk(path, async () => {
    const run = await awaitRun(disk, path, options);
    const { generation, meets } = run;
    const folders = foundFolders(disk, path);
    const claim = await claimBranch(disk, path, folders, { generation, branch, holders, clock });
    const job = await requireStore(disk, path);
    const store = await attachToRun(disk, path, { job, run, token: claim.token, clock });
    return {
      // The run is not the branch's to give up.
      store: { ...store, release: () => Promise.resolve() },
      meets,
      announced: (behind) => onDisk(path, () => newestAnnounced(disk, path, generation, behind)),
      assertRunning: () => onDisk(path, () => assertGoesOn(disk, path, claim, holders)),
      sayEnded: () => sayBranchEnded(disk, path, claim.facts),
    };
  });
}
