/** Stores that are begun with a state that somebody has made: whole or not there, whatever happens meanwhile. */
import t from 'tap';
import { beginEditedStore, beginFirstStore, readStore } from '../../../../src/state/index.js';
import { createDiskDouble, type DiskDouble } from '../../../harness/disk/index.js';
import { messageOf } from '../../../harness/state/message.js';
import {
  checkpoint,
  createClock,
  holdersOf,
  openStore,
  storePath,
  textsOf,
} from '../../../harness/state/store.js';

const target = '/data/new/edited';
const kept = { rows: ['r', 's'] };
const options = { job: 'clicks', holders: holdersOf(2), clock: createClock() };

/** A store with a checkpoint 3 of two operators, and output that is not applied yet. */
async function withStore(seed = 1): Promise<DiskDouble> {
  const double = createDiskDouble({ seed });
  const store = await openStore(double.disk);
  await checkpoint(store, 2, { count: { keys: ['z'] } });
  await checkpoint(store, 3, { count: { keys: ['a'], more: ['x', 'y'] }, top: kept });
  double.put(`${await store.epochFolder('out')}/000000000003`, 'not applied yet');
  await store.release();
  return double;
}

async function editIt({ disk }: DiskDouble): Promise<void> {
  const { newest } = await readStore(disk, storePath, holdersOf(2));
  const operators = new Map([
    [
      'count',
      (into: { page(section: string, index: number, bytes: Uint8Array): void }) =>
        into.page('keys', 0, Buffer.from('b')),
    ],
  ]);
  await beginEditedStore(disk, target, newest!, { name: 'edited-3', operators }, options);
}

t.test('the operators that are edited have their new pages, the others their old ones', async (t) => {
  const double = await withStore();
  await editIt(double);
  const run = await openStore(double.disk, {}, target);
  t.equal(run.restored?.epoch, 3);
  t.equal(run.restored?.savepoint, 'edited-3');
  t.same(await textsOf(run.restored!), { count: { keys: ['b'] }, top: kept });
  t.same(run.restored?.parts[0]?.facts, { epoch: 3 });
  t.equal(double.text(`${await run.epochFolder('out')}/000000000003`), 'not applied yet');
  await checkpoint(run, 4, { count: { keys: ['c'] }, top: kept });
  await run.release();
  const next = await openStore(double.disk, {}, target);
  t.same(await textsOf(next.restored!), { count: { keys: ['c'] }, top: kept });
  t.equal(next.restored?.savepoint, undefined);
  const { newest } = await readStore(double.disk, storePath, holdersOf(2));
  t.same(
    await textsOf(newest!),
    { count: { keys: ['a'], more: ['x', 'y'] }, top: kept },
    'the old one is as it was',
  );
});

t.test('a job that never ran has a checkpoint 1', async (t) => {
  const { disk } = createDiskDouble();
  const write = (into: { page(section: string, index: number, bytes: Uint8Array): void }): void =>
    into.page('keys', 0, Buffer.from('b'));
  const part = { facts: { plan: {} }, operators: [{ uid: 'count', shape: 'shape of count', write }] };
  await beginFirstStore(disk, target, part, options);
  const run = await openStore(disk, {}, target);
  t.equal(run.restored?.epoch, 1);
  t.equal(run.restored?.finished, false);
  t.same(await textsOf(run.restored!), { count: { keys: ['b'] } });
});

t.test('what is there is never written over', async (t) => {
  const double = await withStore();
  await editIt(double);
  t.match(await messageOf(editIt(double)), /there is something already/);
  const part = { facts: {}, operators: [] };
  t.match(await messageOf(beginFirstStore(double.disk, target, part, options)), /there is something already/);
});

t.test('a crash anywhere leaves a whole store or none, and the next attempt makes one', async (t) => {
  let whole = 0;
  let none = 0;
  for (let operation = 1; ; operation++) {
    const double = await withStore(operation);
    double.crashAt(double.operations + operation);
    const finished = await editIt(double).then(
      () => !double.crashed,
      (error: unknown) => {
        if (!double.crashed) throw error;
        return false;
      },
    );
    if (finished) break;
    double.restart(operation % 2 === 0 ? 'power' : 'process');
    if ((await double.disk.entry(target)) === undefined) {
      none++;
      await editIt(double);
    } else whole++;
    const run = await openStore(double.disk, {}, target);
    const texts = await textsOf(run.restored!);
    if (JSON.stringify(texts) !== JSON.stringify({ count: { keys: ['b'] }, top: kept })) {
      t.same(texts, { count: { keys: ['b'] }, top: kept }, `crashed at operation ${operation}`);
      return;
    }
  }
  t.ok(none > 20, `${none} crashes left nothing`);
  t.ok(whole > 0, `${whole} crashes left a store`);
});

t.test('a disk that fails leaves nothing half-written', async (t) => {
  let failed = 0;
  for (let operation = 1; ; operation++) {
    const double = await withStore(operation);
    double.failAt(double.operations + operation, 'ENOSPC', 1);
    const message = await messageOf(editIt(double));
    const left = double.paths().filter((path) => path.startsWith('/data/new/'));
    if (message === 'no problem') break;
    failed++;
    const isWhole = left.some((path) => path.startsWith(`${target}/`));
    if (!isWhole && left.length > 0) t.same(left, [], `failed at operation ${operation}: ${message}`);
    if (isWhole && left.some((path) => path.startsWith(`${target}.new/`))) t.fail('both are there');
  }
  t.ok(failed > 20, `${failed} failures`);
});
