/** Savepoints: self-contained, kept, moved, started from; and looking at a store without holding it. */
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { realDisk } from '../../../../src/disk/index.js';
import {
  attachJobStore,
  deleteSavepoint,
  listCheckpoints,
  listSavepoints,
  readSavepoint,
  readStore,
  takeSavepoint,
} from '../../../../src/state/index.js';
import { createDiskDouble, createRandom, DiskCrash } from '../../../harness/disk/index.js';
import { temporaryFolder } from '../../../harness/shell.js';
import { messageOf } from '../../../harness/state/message.js';
import {
  checkpoint,
  createClock,
  holdersOf,
  openStore,
  storePath,
  textsOf,
} from '../../../harness/state/store.js';

const two = { count: { keys: ['a', 'B'] }, top: { rows: ['r'] } };

t.test('a savepoint needs nothing of its store and can be moved', async (t) => {
  const folder = temporaryFolder();
  const store = await openStore(realDisk, {}, `${folder}/state`);
  t.match(await messageOf(takeSavepoint(realDisk, store.path, 's1')), /no checkpoint yet/);
  await checkpoint(store, 1, { count: { keys: ['a', 'b'] }, top: { rows: ['r'] } });
  await checkpoint(store, 2, two);
  fs.writeFileSync(`${await store.epochFolder('out')}/000000000002`, 'not applied yet');
  const taken = await takeSavepoint(realDisk, store.path, 's1');
  t.equal(taken.manifest?.epoch, 2);
  t.match(await messageOf(takeSavepoint(realDisk, store.path, 's1')), /there is a savepoint s1 already/);
  t.match(await messageOf(takeSavepoint(realDisk, store.path, '.s')), /cannot be the name of a savepoint/);
  await takeSavepoint(realDisk, store.path, `${folder}/elsewhere/mine`);
  await checkpoint(store, 3, { count: { keys: [] } });
  await store.tidy(1);
  t.same(
    (await listSavepoints(realDisk, store.path)).map(({ name, manifest }) => [name, manifest?.epoch]),
    [['s1', 2]],
  );

  fs.renameSync(path.join(store.path, 'savepoints/s1'), path.join(folder, 'moved'));
  fs.rmSync(store.path, { recursive: true });
  for (const name of ['moved', 'elsewhere/mine']) {
    const { job, checkpoint: found } = await readSavepoint(realDisk, path.join(folder, name));
    t.equal(job, 'clicks');
    t.equal(found.epoch, 2);
    t.equal(found.savepoint, path.basename(name));
    t.same(await textsOf(found), two);
  }
  const savepoint = path.join(folder, 'moved');
  const again = await openStore(realDisk, { savepoint }, `${folder}/other`);
  t.equal(again.restored?.epoch, 2);
  t.equal(again.restored?.savepoint, 'moved');
  t.same(await textsOf(again.restored!), two);
  t.equal(fs.readFileSync(`${await again.epochFolder('out')}/000000000002`, 'utf8'), 'not applied yet');
  const attached = await attachJobStore(realDisk, again.path, { token: again.token, clock: createClock() });
  t.same(await textsOf(attached.restored!), two);
  fs.rmSync(savepoint, { recursive: true });
  const without = await openStore(realDisk, {}, `${folder}/other`);
  t.equal(without.restored?.savepoint, 'moved', 'the store has taken it over');
  t.same(await textsOf(without.restored!), two);
});

t.test('the same line again goes on from the newest checkpoint since the savepoint', async (t) => {
  const { disk } = createDiskDouble();
  const first = await openStore(disk);
  await checkpoint(first, 1, two);
  await takeSavepoint(disk, storePath, 's1');
  await checkpoint(first, 2, { count: { keys: ['bad'] } });
  await takeSavepoint(disk, storePath, 's2');
  const back = await openStore(disk, { savepoint: 's1' });
  t.equal(back.restored?.epoch, 1);
  await checkpoint(back, 2, { count: { keys: ['good'] } });
  await back.tidy(2);
  const again = await openStore(disk, { savepoint: 's1' });
  t.same(await textsOf(again.restored!), { count: { keys: ['good'] } });
  t.equal(again.restored?.savepoint, undefined, 'a checkpoint has followed');
  const other = await openStore(disk, { savepoint: 's2' });
  t.same(await textsOf(other.restored!), { count: { keys: ['bad'] } });
  t.match(await messageOf(openStore(disk, { savepoint: 'none' })), /there is no savepoint here/);
  const without = await openStore(disk);
  t.same(await textsOf(without.restored!), { count: { keys: ['bad'] } });
});

t.test('a savepoint is deleted when somebody says so', async (t) => {
  const double = createDiskDouble();
  const store = await openStore(double.disk);
  await checkpoint(store, 1, two);
  await takeSavepoint(double.disk, storePath, 's1');
  t.match(await messageOf(deleteSavepoint(double.disk, storePath, '../state')), /cannot be the name/);
  t.match(await messageOf(deleteSavepoint(double.disk, storePath, 's2')), /there is no savepoint here/);
  await deleteSavepoint(double.disk, storePath, 's1');
  t.same(await listSavepoints(double.disk, storePath), []);
  t.notOk(double.paths().some((file) => file.includes('savepoints')));
});

t.test('a savepoint is whole or not there, whichever operation crashes', async (t) => {
  let whole = 0;
  for (let number = 1; ; number++) {
    const double = createDiskDouble({ seed: number });
    const store = await openStore(double.disk);
    await checkpoint(store, 1, two);
    double.crashAt(double.operations + number);
    const failure = await takeSavepoint(double.disk, storePath, 's1').then(
      () => undefined,
      (error: unknown) => error,
    );
    if (failure === undefined) break;
    t.type(failure, DiskCrash);
    double.restart();
    const [left] = await listSavepoints(double.disk, storePath);
    if (left !== undefined) {
      whole++;
      t.same(await textsOf((await readSavepoint(double.disk, left.path)).checkpoint), two);
    }
    const again = await openStore(double.disk);
    t.same(await textsOf(again.restored!), two);
    if (left === undefined) await takeSavepoint(double.disk, storePath, 's1');
  }
  t.ok(whole > 0);
});

t.test('starting from a savepoint crashed at every operation', async (t) => {
  for (let number = 1; ; number++) {
    const double = createDiskDouble({ seed: number });
    const store = await openStore(double.disk);
    await checkpoint(store, 1, two);
    await takeSavepoint(double.disk, storePath, 's1');
    await checkpoint(store, 2, { count: { keys: ['bad'] } });
    double.settle();
    double.crashAt(double.operations + number);
    const failure = await openStore(double.disk, { savepoint: 's1' }).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (failure === undefined) break;
    double.restart();
    const again = await openStore(double.disk, { savepoint: 's1' });
    t.same(await textsOf(again.restored!), two, `crash at ${number}`);
  }
});

t.test('a job may tidy under the hands of who takes a savepoint', async (t) => {
  const double = createDiskDouble();
  const store = await openStore(double.disk);
  const random = createRandom(5);
  const states = new Map<number, string[]>();
  const next = async (epoch: number): Promise<void> => {
    const keys = Array.from({ length: 6 }, (_, number) => `${number}-${random.below(3)}`);
    states.set(epoch, keys);
    await checkpoint(store, epoch, { count: { keys } });
    await store.tidy(1);
  };
  await next(1);
  let taking = true;
  const job = (async () => {
    for (let epoch = 2; taking; epoch++) await next(epoch);
  })();
  for (let number = 1; number <= 10; number++) {
    const { path: folder, manifest } = await takeSavepoint(double.disk, storePath, `s${number}`);
    const { checkpoint: found } = await readSavepoint(double.disk, folder);
    t.equal(found.epoch, manifest?.epoch);
    t.same(await textsOf(found), { count: { keys: states.get(found.epoch) } });
  }
  taking = false;
  await job;
});

t.test('a store can be looked at while a job runs', async (t) => {
  const { disk } = createDiskDouble();
  const alive = holdersOf(99, 'alive');
  t.match(await messageOf(readStore(disk, storePath, alive)), /there is no state of a job here/);
  t.match(await messageOf(listCheckpoints(disk, storePath)), /there is no state of a job here/);
  const store = await openStore(disk, { pid: 7 });
  const before = await readStore(disk, storePath, alive);
  t.same([before.job, before.life, before.holder?.pid, before.newest], ['clicks', 'alive', 7, undefined]);
  await checkpoint(store, 1, two);
  await checkpoint(store, 2, two);
  const part = store.beginPart(3, 0);
  await part.write({});
  const running = await readStore(disk, storePath, alive);
  t.equal(running.newest?.epoch, 2);
  t.equal((await readStore(disk, storePath, holdersOf(99, 'dead'))).life, 'dead');
  t.same(
    (await listCheckpoints(disk, storePath)).map(({ epoch, state }) => [epoch, state]),
    [
      [1, 'complete'],
      [2, 'complete'],
      [3, 'incomplete'],
    ],
  );
  await store.release();
  const after = await readStore(disk, storePath, alive);
  t.same([after.life, after.generation], ['released', 1]);
});

t.test('a run that gives its store up and ends while one looks has not died', async (t) => {
  const { disk } = createDiskDouble();
  const store = await openStore(disk, { pid: 7 });
  const holders = {
    ...holdersOf(99),
    async life() {
      await store.release();
      return 'dead' as const;
    },
  };
  t.equal((await readStore(disk, storePath, holders)).life, 'released');
});
