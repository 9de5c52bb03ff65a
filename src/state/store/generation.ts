/**
 * Runs of a job, one after another. A run claims the next number by creating a file that must not be there yet; who
 * has the highest number holds the store. Nobody needs to agree with anybody: a run that is passed by finds a higher
 * number at its next check and stops. The file also says who holds it, so that a second run is refused while the
 * first one lives.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { problem } from '../../diagnostics/index.js';
import { type Disk, replaceWhole } from '../../disk/index.js';
import type { Generation } from '../checkpoint.js';
import { generationFile, generationsFolder } from '../paths.js';
import { isDiskFailure } from './damage.js';
import type { GenerationFacts } from './facts.js';
import type { HolderFacts, Holders, StoreClock } from './holder.js';
import { type ListedRun, listGenerations, readRun } from './listing.js';
import { seal } from './sealed.js';

export interface Claim {
  readonly facts: GenerationFacts;
  readonly token: string;
  /** Sentences about the run before. */
  readonly findings: readonly string[];
}

export const tokenChecksumOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Whether a token is the one of a run; takes as long for any wrong one. */
export function isTokenOf(token: string, facts: Pick<GenerationFacts, 'tokenChecksum'>): boolean {
  const given = Buffer.from(tokenChecksumOf(token), 'hex');
  const expected = Buffer.from(facts.tokenChecksum, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

export const named = ({ pid, host }: HolderFacts): string => `process ${pid} on ${host}`;

/** Refuses when the run before may be alive; otherwise says what became of it. */
async function judgeHolder(store: string, run: ListedRun, holders: Holders, takeOver: boolean) {
  const { facts } = run;
  if (facts === undefined || facts.state === 'released') return [];
  const life = await holders.life(facts.holder);
  if (life === 'dead') {
    return [`the run before (${named(facts.holder)}) ended without giving the state up`];
  }
  if (takeOver) return [`took the state over from ${named(facts.holder)}, which can write nothing more`];
  const isAlive = life === 'alive';
  throw problem({
    code: 'state',
    message: isAlive
      ? `another run of this job is going on: ${named(facts.holder)}`
      : `another run of this job may be going on: ${named(facts.holder)}, which cannot be asked from here`,
    place: { kind: 'file', path: store },
    hint: isAlive
      ? 'stop it, or use --take-over to go on in its place; another job needs a --state of its own, another pipe of this one --branch NAME'
      : `make sure that it has ended, then use --take-over`,
  });
}

async function createClaim(disk: Disk, store: string, facts: GenerationFacts): Promise<boolean> {
  try {
    const file = await disk.open(generationFile(store, facts.generation), 'new');
    try {
      await file.write(seal('generation', facts), 0);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isDiskFailure(error) && error.code === 'EEXIST') return false;
    throw error;
  }
  await disk.syncFolder(generationsFolder(store));
  return true;
}

/** Claims the next number. The folder of generations is there. */
export async function claimGeneration(
  disk: Disk,
  store: string,
  options: { readonly holders: Holders; readonly clock: StoreClock; readonly takeOver: boolean },
): Promise<Claim> {
  const { holders, clock, takeOver } = options;
  const token = randomBytes(18).toString('base64url');
  for (;;) {
    const last = (await listGenerations(disk, store)).at(-1);
    const findings =
      last === undefined ? [] : await judgeHolder(store, await readRun(disk, store, last), holders, takeOver);
    const facts: GenerationFacts = {
      generation: (last ?? 0) + 1,
      holder: holders.self,
      tokenChecksum: tokenChecksumOf(token),
      claimedAt: clock.now(),
      state: 'claimed',
    };
    // Whoever came first with this number is the run before at the next attempt, and is judged like any other.
    if (await createClaim(disk, store, facts)) return { facts, token, findings };
  }
}

export function rewriteGeneration(disk: Disk, store: string, facts: GenerationFacts): Promise<void> {
  return replaceWhole(disk, generationFile(store, facts.generation), seal('generation', facts));
}

/** Whether no other run has claimed a number since. */
export async function isHighest(disk: Disk, store: string, generation: Generation): Promise<boolean> {
  return (await listGenerations(disk, store)).at(-1) === generation;
}

/** Throws when another run has claimed a number since, or when the store is gone. */
export async function assertHighest(disk: Disk, store: string, generation: Generation): Promise<void> {
  const last = (await listGenerations(disk, store)).at(-1);
  if (last === generation) return;
  const successor = last === undefined ? undefined : (await readRun(disk, store, last)).facts;
  throw problem({
    code: 'state',
    message:
      last === undefined
        ? 'the state of this job has been removed while it ran'
        : `another run of this job has taken the state over${
            successor === undefined ? '' : `: ${named(successor.holder)}`
          }`,
    place: { kind: 'file', path: store },
    hint: 'nothing of this run that was not committed yet will be',
  });
}
