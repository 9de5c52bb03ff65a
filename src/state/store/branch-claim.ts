/**
 * Who reads the branches of a run: a file for each, created exclusively by the process at the head of the branch, so that a
 * branch is read once. The head that holds the store finds there who has come, who lives, and whose input has ended. The
 * token of a branch is its own; as with the run, only its checksum is on the disk.
 */
import { randomBytes } from 'node:crypto';
import { problem } from '../../diagnostics/index.js';
import { type Disk, readWhole, replaceWhole } from '../../disk/index.js';
import type { Generation } from '../checkpoint.js';
import { branchesFolder, branchFile } from '../paths.js';
import { isDamage, isDiskFailure, onDisk } from './damage.js';
import type { DurableFolders } from './durable-folders.js';
import type { BranchFacts } from './facts.js';
import { named, tokenChecksumOf } from './generation.js';
import type { HolderFacts, Holders, StoreClock } from './holder.js';
import { seal, unseal } from './sealed.js';

/** What is known of a branch while a run goes on. `unknown`: on a host that cannot be asked from here. */
export interface BranchNow {
  readonly branch: string;
  readonly life: 'missing' | 'alive' | 'dead' | 'unknown';
  readonly hasEnded: boolean;
  readonly holder: HolderFacts | undefined;
}

export interface BranchClaim {
  readonly facts: BranchFacts;
  readonly token: string;
}

function takenBranch(store: string, branch: string, holder: HolderFacts | undefined): Error {
  return problem({
    code: 'state',
    message: `the branch ${branch} is read already${holder === undefined ? '' : ` by ${named(holder)}`}`,
    place: { kind: 'file', path: store },
    hint: 'give each pipe a branch of its own, as in --branches a,b at the head that holds the state',
  });
}

/** What the head of a branch says of itself; undefined while there is none, or it is just being written. */
export async function readBranch(
  disk: Disk,
  store: string,
  generation: Generation,
  branch: string,
): Promise<BranchFacts | undefined> {
  const path = branchFile(store, generation, branch);
  const bytes = await readWhole(disk, path);
  if (bytes === undefined) return undefined;
  try {
    return unseal<BranchFacts>('branch', bytes, path);
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
}

/** Becomes the head of a branch of a run. Throws when another process is that. */
export async function claimBranch(
  disk: Disk,
  store: string,
  folders: DurableFolders,
  claim: {
    readonly generation: Generation;
    readonly branch: string;
    readonly holders: Holders;
    readonly clock: StoreClock;
  },
): Promise<BranchClaim> {
  const { generation, branch, holders, clock } = claim;
  const token = randomBytes(18).toString('base64url');
  const facts: BranchFacts = {
    generation,
    branch,
    holder: holders.self,
    tokenChecksum: tokenChecksumOf(token),
    claimedAt: clock.now(),
    state: 'reading',
  };
  await folders.ensure(branchesFolder(store));
  try {
    const file = await disk.open(branchFile(store, generation, branch), 'new');
    try {
      await file.write(seal('branch', facts), 0);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!isDiskFailure(error) || error.code !== 'EEXIST') throw error;
    throw takenBranch(store, branch, (await readBranch(disk, store, generation, branch))?.holder);
  }
  return { facts, token };
}

/** Says that the input of a branch has ended. */
export function sayBranchEnded(disk: Disk, store: string, facts: BranchFacts): Promise<void> {
  const path = branchFile(store, facts.generation, facts.branch);
  return onDisk(store, () => replaceWhole(disk, path, seal('branch', { ...facts, state: 'ended' })));
}

/** What has become of the branches of a run. */
export function lookAtBranches(
  disk: Disk,
  store: string,
  { generation, branches }: { readonly generation: Generation; readonly branches: readonly string[] },
  holders: Holders,
): Promise<readonly BranchNow[]> {
  return onDisk(store, () =>
    Promise.all(
      branches.map(async (branch): Promise<BranchNow> => {
        const facts = await readBranch(disk, store, generation, branch);
        if (facts === undefined) return { branch, life: 'missing', hasEnded: false, holder: undefined };
        const { holder, state } = facts;
        return { branch, life: await holders.life(holder), hasEnded: state === 'ended', holder };
      }),
    ),
  );
}
