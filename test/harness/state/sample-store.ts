/**
 * The job whose store is kept, as it was written, for each version of the format: two stages, two runs, pages that changed and
 * pages that did not, names that need encoding, a savepoint. `LEAT_WRITE_SAMPLE=1 node scripts/test.mjs compatibility` writes the
 * sample of the present version; one that has been released is never written again.
 */
import type { Disk } from '../../../src/disk/index.js';
import { attachJobStore, takeSavepoint } from '../../../src/state/index.js';
import { createClock, openStore, type StageTexts, writePart } from './store.js';

const large = Array.from({ length: 3 }, (_, number) => String(number).repeat(100));

export const firstStage = (epoch: number): StageTexts => ({
  'count/by user': { keys: [...large, `changed in ${epoch}`], sums: ['', String(epoch)] },
  empty: {},
});

export const secondStage = (epoch: number): StageTexts => ({ top: { 'rows/ä': [`row ${epoch}`] } });

/** The newest checkpoint of the sample, and the one that its savepoint holds. */
export const newestEpoch = 4;
export const savepointEpoch = 2;

async function oneRun(disk: Disk, path: string, epochs: readonly number[]): Promise<void> {
  const clock = createClock();
  const source = await openStore(disk, { clock }, path);
  const sink = await attachJobStore(disk, path, { token: source.token, clock });
  for (const epoch of epochs) {
    await writePart(source, epoch, firstStage(epoch), { stage: 0, facts: { position: epoch * 100 } });
    await writePart(sink, epoch, secondStage(epoch), { stage: 1, facts: { lengthBytes: epoch * 7 } });
    await sink.complete(epoch, { stages: [0, 1], finished: epoch === newestEpoch, timeoutMs: 1000 });
    if (epoch === savepointEpoch) await takeSavepoint(disk, path, 'before');
  }
  await sink.tidy(2);
  await source.release();
}

export async function writeSampleStore(disk: Disk, path: string): Promise<void> {
  await oneRun(disk, path, [1, 2]);
  await oneRun(disk, path, [3, 4]);
}
