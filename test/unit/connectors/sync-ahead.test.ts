/** Syncs in the middle of an epoch: one at a time, after so many bytes, and a failure comes out in the end. */
import t from 'tap';
import { createSyncAhead } from '../../../src/connectors/epochs/sync-ahead.js';
import type { DiskFile } from '../../../src/disk/index.js';

const megabyte = 1 << 20;

interface Sync {
  resolve(): void;
  reject(error: Error): void;
}

function watchedFile() {
  const syncs: Sync[] = [];
  const sync = (): Promise<void> => {
    return new Promise((resolve, reject) => syncs.push({ resolve, reject }));
  };
  return { file: { sync } as DiskFile, syncs };
}

t.test('begins when much is written, and not while one is under way', async (t) => {
  const { file, syncs } = watchedFile();
  const ahead = createSyncAhead();
  for (let count = 0; count < 7; count++) ahead.written(file, megabyte);
  t.equal(syncs.length, 0);
  for (let count = 0; count < 30; count++) ahead.written(file, megabyte);
  t.equal(syncs.length, 1);
  syncs[0]!.resolve();
  await ahead.done();
  ahead.written(file, megabyte);
  t.equal(syncs.length, 2);
  syncs[1]!.resolve();
  await ahead.done();
});

t.test('a failure is kept for who waits at the end', async (t) => {
  const { file, syncs } = watchedFile();
  const ahead = createSyncAhead();
  ahead.written(file, 8 * megabyte);
  syncs[0]!.reject(new Error('the disk is broken'));
  ahead.written(file, 8 * megabyte);
  await t.rejects(ahead.done(), /broken/);
  await t.rejects(ahead.done(), /broken/, 'as often as it is asked');
});
