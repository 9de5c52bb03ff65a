/**
 * Stores on the disk double: holders that live or do not, a clock that stands still until somebody waits, pages of
 * texts.
 */
import type { Disk } from '../../../src/disk/index.js';
import {
  type HolderFacts,
  type HolderLife,
  type Holders,
  type JobStore,
  openJobStore,
  type PartFacts,
  type StageId,
  type StoreClock,
  type StoredCheckpoint,
} from '../../../src/state/index.js';

export const storePath = '/data/state';

/** Time passes only by waiting, and then at once. */
export function createClock(start = 1_700_000_000_000): StoreClock {
  let now = start;
  return {
    now: () => now,
    wait: async (ms) => {
      now += ms;
      await Promise.resolve();
    },
  };
}

/** A process of a pid that thinks of all others what it is told. */
export function holdersOf(pid: number, life: HolderLife = 'dead'): Holders {
  const self: HolderFacts = { pid, host: 'mill', boot: 'b1', start: String(pid * 10) };
  return { self, life: async () => life };
}

export interface OpenTestOptions {
  readonly job?: string;
  readonly pid?: number;
  readonly life?: HolderLife;
  readonly takeOver?: boolean;
  readonly clock?: StoreClock;
  readonly savepoint?: string;
  /** Other pipes of the job. */
  readonly branches?: readonly string[];
}

export function openStore(disk: Disk, options: OpenTestOptions = {}, path = storePath): Promise<JobStore> {
  const { job = 'clicks', pid = 1, life = 'dead', takeOver = false, clock = createClock() } = options;
  const holders = holdersOf(pid, life);
  const { savepoint, branches } = options;
  const meets = { branches: branches ?? [], timeoutMs: 1000, keep: 3, allowDropped: false };
  return openJobStore(disk, path, {
    job,
    holders,
    clock,
    takeOver,
    ...(savepoint === undefined ? {} : { savepoint }),
    ...(branches === undefined ? {} : { meets }),
  });
}

/** The state of one operator as texts: section, then pages. */
export type Texts = Readonly<Record<string, readonly string[]>>;

/** The states of the operators of one stage, by uid. */
export type StageTexts = Readonly<Record<string, Texts>>;

/** Writes the part of a stage. */
export function writePart(
  store: JobStore,
  epoch: number,
  states: StageTexts,
  options: { readonly stage?: StageId; readonly facts?: PartFacts } = {},
): Promise<void> {
  const part = store.beginPart(epoch, options.stage ?? 0);
  for (const [uid, sections] of Object.entries(states)) {
    const writer = part.operator(uid, `shape of ${uid}`);
    for (const [section, pages] of Object.entries(sections)) {
      pages.forEach((page, number) => {
        writer.page(section, number, Buffer.from(page));
      });
    }
  }
  return part.write(options.facts ?? { epoch });
}

/** One checkpoint of a job that is a single stage. */
export async function checkpoint(store: JobStore, epoch: number, states: StageTexts): Promise<void> {
  await writePart(store, epoch, states);
  await store.complete(epoch, { stages: [0], finished: false, timeoutMs: 1000 });
}

/** All states of a checkpoint, loaded. */
export async function textsOf(stored: StoredCheckpoint): Promise<StageTexts> {
  const states: Record<string, Record<string, string[]>> = {};
  for (const operator of stored.parts.flatMap((part) => part.operators)) {
    const reader = await operator.load();
    const sections: Record<string, string[]> = {};
    states[operator.uid] = sections;
    for (const section of reader.sections) {
      const pages: string[] = [];
      sections[section] = pages;
      for (let number = 0; number < reader.pageCount(section); number++) {
        pages.push(Buffer.from(reader.page(section, number)).toString());
      }
    }
  }
  return states;
}
