/**
 * A random life of a job, from a seed: runs that open the store, change some pages, take checkpoints, tidy, and end
 * or die. What each checkpoint had is written down beside it, so that whatever a disk does in between, what comes
 * back can be compared.
 */
import { isProblem } from '../../../src/diagnostics/index.js';
import type { Disk } from '../../../src/disk/index.js';
import { attachJobStore, type JobStore } from '../../../src/state/index.js';
import { createRandom, type Random } from '../disk/index.js';
import { createClock, openStore, type StageTexts, storePath, textsOf, writePart } from './store.js';

/** What is known of a job from outside. */
export interface Journal {
  /** The newest checkpoint whose completion was reported; 0 for none. */
  completed: number;
  /** The newest that was tried. */
  attempted: number;
  /** What each had, all stages together. */
  readonly states: Map<number, StageTexts>;
  /** Problems that calls ended with, where they are let pass. */
  problems: number;
}

export const createJournal = (): Journal => ({ completed: 0, attempted: 0, states: new Map(), problems: 0 });

const words = ['', 'a', 'stream', 'b'.repeat(40), 'watermark '.repeat(9), 'x'.repeat(150)];

type Pages = Record<string, Record<string, string[]>>;

/** Changes some pages; sections come, grow, shrink and go. */
function change(random: Random, pages: Pages, uids: readonly string[]): void {
  for (const uid of uids) {
    const sections = pages[uid] ?? {};
    pages[uid] = sections;
    for (const section of ['keys', 'sums', 'w/0']) {
      const fate = random.below(10);
      if (fate === 0) delete sections[section];
      if (fate <= 4) continue;
      const before = sections[section] ?? [];
      const length = fate === 5 ? random.below(8) : before.length + (fate === 6 ? 1 : 0);
      sections[section] = Array.from({ length }, (_, number) => {
        const old = before[number];
        return old === undefined || random.below(4) === 0 ? words[random.below(words.length)]! : old;
      }).filter((_, number) => number < length);
    }
  }
}

/** Sections without pages leave nothing behind. */
function written(pages: Pages, uids: readonly string[]): StageTexts {
  return Object.fromEntries(
    uids.map((uid) => [
      uid,
      Object.fromEntries(
        Object.entries(pages[uid] ?? {})
          .filter(([, texts]) => texts.length > 0)
          .map(([section, texts]) => [section, [...texts]]),
      ),
    ]),
  );
}

/** Runs a call; a problem of the code state is noted and passed over where that is asked for. */
async function tried(journal: Journal, lenient: boolean, does: () => Promise<void>): Promise<boolean> {
  try {
    await does();
    return true;
  } catch (error) {
    if (!lenient || !isProblem(error) || error.details.code !== 'state') throw error;
    journal.problems++;
    return false;
  }
}

/** Opens the store and says what is wrong with what it restored; undefined for nothing. */
export async function openAndCompare(
  disk: Disk,
  journal: Journal,
): Promise<{ readonly store: JobStore; readonly wrong: string | undefined }> {
  const store = await openStore(disk);
  const epoch = store.restored?.epoch ?? 0;
  const { completed, attempted, states } = journal;
  if (epoch < completed || epoch > attempted) {
    return { store, wrong: `restored ${epoch}, completed was ${completed}, attempted ${attempted}` };
  }
  if (store.restored === undefined) return { store, wrong: undefined };
  const found = JSON.stringify(sorted(await textsOf(store.restored)));
  const expected = JSON.stringify(sorted(states.get(epoch)!));
  journal.completed = epoch;
  return { store, wrong: found === expected ? undefined : `${epoch} has ${found}, not ${expected}` };
}

/** With members in order, so that two can be compared as text. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}

interface Life {
  readonly disk: Disk;
  readonly journal: Journal;
  readonly random: Random;
  readonly lenient: boolean;
}

async function oneCheckpoint(
  { journal, random, lenient }: Life,
  stages: readonly JobStore[],
  pages: Pages,
  epoch: number,
): Promise<void> {
  const uidsOf = (stage: number): string[] => (stage === 0 ? ['count', 'top/1'] : ['dedup']);
  const all = stages.flatMap((_, stage) => uidsOf(stage));
  change(random, pages, all);
  journal.attempted = epoch;
  journal.states.set(epoch, written(pages, all));
  const parts = stages.map(
    (store, stage) => () => writePart(store, epoch, written(pages, uidsOf(stage)), { stage }),
  );
  const completing = stages.at(-1)!;
  await tried(journal, lenient, async () => {
    await Promise.all(parts.map((write) => write()));
    await completing.complete(epoch, {
      stages: stages.map((_, stage) => stage),
      finished: false,
      timeoutMs: 1000,
    });
    journal.completed = epoch;
  });
  if (random.below(2) === 0) await tried(journal, lenient, () => completing.tidy(1 + random.below(3)));
}

async function oneRun(life: Life): Promise<void> {
  const { disk, journal, random } = life;
  const { store, wrong } = await openAndCompare(disk, journal);
  if (wrong !== undefined) throw new Error(wrong);
  const stages = [store];
  if (random.below(2) === 0) {
    stages.push(await attachJobStore(disk, storePath, { token: store.token, clock: createClock() }));
  }
  const epoch = store.restored?.epoch ?? 0;
  const pages = structuredClone(journal.states.get(epoch) ?? {}) as Pages;
  let next = epoch;
  for (let count = 1 + random.below(5); count > 0; count--) {
    next += 1 + random.below(2);
    await oneCheckpoint(life, stages, pages, next);
  }
  if (random.below(2) === 0) await tried(journal, life.lenient, () => store.release());
}

/** Lives the life of this seed. Lenient: problems with the disk are passed over, as a job that goes on does. */
export async function liveJob(disk: Disk, seed: number, journal: Journal, lenient = false): Promise<void> {
  const life: Life = { disk, journal, random: createRandom(seed), lenient };
  const runs = 1 + life.random.below(3);
  for (let run = 0; run < runs; run++) await tried(journal, lenient, () => oneRun(life));
}
