/**
 * The heads of a job of several pipes, as each sees the others. The one that holds the store watches whether the heads of
 * the branches have come, live, and have ended; the head of a branch watches which barriers that one has cut. They talk
 * through the store alone, and look again and again. Whoever misses the other says so and ends its run.
 */
import { problem } from '../../../diagnostics/index.js';
import type { Announcement, AttachedBranch, BranchNow, StoreClock } from '../../../state/index.js';
import { longestWaitMs } from './job-options.js';

/** What is told to the run while it goes on. */
export interface HeadsListener {
  /** A barrier is to be cut. */
  news(): void;
  /** `assertHealthy` throws from now on. */
  failed(): void;
}

interface Watched {
  /** Begins to look. */
  watch(listener: HeadsListener): void;
  /** Throws when another head is missing or has died. */
  assertHealthy(): void;
  /** Looks no more. */
  close(): void;
}

/** The branches, as the head sees them that holds the store. */
export interface BranchesSeen extends Watched {
  readonly kind: 'owner';
  /** Whether the inputs of all branches have ended, by the last look. */
  readonly allEnded: boolean;
  /** Looks now. */
  look(): Promise<void>;
  /** Waits until all heads of branches have come. */
  untilAttached(): Promise<void>;
}

/** The head that holds the store, as that of a branch sees it. */
export interface OwnerSeen extends Watched {
  readonly kind: 'branch';
  /** The newest barrier that is known of. */
  readonly announced: Announcement | undefined;
  /** Tells that the input of the branch has ended. */
  sayEnded(): Promise<void>;
}

export type HeadsSeen = BranchesSeen | OwnerSeen;

export interface WatchOptions {
  readonly clock: StoreClock;
  readonly timeoutMs: number;
  say(line: string): void;
}

/** How long heads wait for each other. */
export const patienceFor = (timeoutMs: number): number => Math.min(timeoutMs, longestWaitMs);

/** After so long a head says what it waits for. */
const silentMs = 3000;
const ownerPauseMs = 100;
const branchPauseMs = 15;
/** Every so many looks for a barrier, the head that cuts them is looked for. */
const looksForLife = 10;

/** Looks until it is closed or fails. */
function createWatch(clock: StoreClock, pauseMs: number, look: (listener: HeadsListener) => Promise<void>) {
  let closed = false;
  let failure: { readonly error: unknown } | undefined;
  const run = async (listener: HeadsListener): Promise<void> => {
    while (!closed) {
      await look(listener);
      if (!closed) await clock.wait(pauseMs);
    }
  };
  return {
    watch(listener: HeadsListener) {
      run(listener).catch((error: unknown) => {
        if (closed) return;
        failure = { error };
        listener.failed();
      });
    },
    assertHealthy() {
      if (failure !== undefined) throw failure.error;
    },
    close() {
      closed = true;
    },
  };
}

function branchDied({ branch, holder }: BranchNow, store: string): Error {
  return problem({
    code: 'upstream',
    message: `the head of the branch ${branch} died: process ${holder?.pid} on ${holder?.host}`,
    place: { kind: 'file', path: store },
    hint: 'its own message says why; typed again, all pipes go on from the last checkpoint',
  });
}

function branchMissing(branches: string, waitedMs: number, store: string): Error {
  return problem({
    code: 'state',
    message: `no pipe has come for the branch ${branches} within ${waitedMs} ms`,
    place: { kind: 'file', path: store },
    hint: `the head of another pipe says --state with this folder, and --branch ${branches}`,
  });
}

/** Watches the branches of a run. `lookAt` says what has become of them. */
export function watchBranches(
  lookAt: () => Promise<readonly BranchNow[]>,
  store: string,
  { clock, timeoutMs, say }: WatchOptions,
): BranchesSeen {
  const patienceMs = patienceFor(timeoutMs);
  let startedMs: number | undefined;
  let hasSaid = false;
  let allEnded = false;
  const missingIn = (now: readonly BranchNow[]): string =>
    now
      .filter(({ life }) => life === 'missing')
      .map(({ branch }) => branch)
      .join(', ');
  const wait = (missing: string): void => {
    startedMs ??= clock.now();
    const waitedMs = clock.now() - startedMs;
    if (waitedMs >= patienceMs) throw branchMissing(missing, patienceMs, store);
    if (waitedMs < silentMs || hasSaid) return;
    hasSaid = true;
    say(`leat: waiting for the branch ${missing}: the head of another pipe with --branch ${missing}`);
  };
  const look = async (): Promise<void> => {
    const now = await lookAt();
    const dead = now.find(({ life }) => life === 'dead');
    if (dead !== undefined) throw branchDied(dead, store);
    const missing = missingIn(now);
    if (missing !== '') wait(missing);
    allEnded = now.every(({ hasEnded }) => hasEnded);
  };
  return {
    kind: 'owner',
    ...createWatch(clock, ownerPauseMs, look),
    get allEnded() {
      return allEnded;
    },
    look,
    async untilAttached() {
      for (let missing = missingIn(await lookAt()); missing !== ''; missing = missingIn(await lookAt())) {
        wait(missing);
        await clock.wait(branchPauseMs);
      }
    },
  };
}

/** Watches the run that a branch is attached to, for barriers behind the one that it goes on from. */
export function watchOwner(attached: AttachedBranch, restoredEpoch: number, clock: StoreClock): OwnerSeen {
  let announced: Announcement | undefined;
  let looks = 0;
  const watch = createWatch(clock, branchPauseMs, async ({ news }) => {
    const newer = await attached.announced(announced?.epoch ?? restoredEpoch);
    if (newer !== undefined) {
      announced = newer;
      if (newer.last !== undefined) watch.close();
      news();
    } else if (++looks % looksForLife === 0) await attached.assertRunning();
  });
  return {
    kind: 'branch',
    ...watch,
    get announced() {
      return announced;
    },
    sayEnded: () => attached.sayEnded(),
  };
}
