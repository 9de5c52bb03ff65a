/**
 * The store of a job of several pipes: heads of branches that come, wait, are refused and follow; checkpoints that were
 * skipped; and what is written so that an older leat does not take it for its own.
 */
import t from 'tap';
import { attachBranch, attachJobStore, type BranchNow, lookAtBranches } from '../../../../src/state/index.js';
import { createDiskDouble } from '../../../harness/disk/index.js';
import { messageOf } from '../../../harness/state/message.js';
import {
  createClock,
  holdersOf,
  openStore,
  storePath,
  textsOf,
  writePart,
} from '../../../harness/state/store.js';

type Double = ReturnType<typeof createDiskDouble>;

const attach = ({ disk }: Double, branch: string, life: 'alive' | 'dead' = 'alive', patienceMs = 1e6) =>
  attachBranch(disk, storePath, { branch, holders: holdersOf(2, life), clock: createClock(), patienceMs });

const open = ({ disk }: Double, branches: readonly string[] = ['b']) => openStore(disk, { branches });

const stages = [0, 1, 'b.0'] as const;

t.test('a branch waits for the run, and stages prove themselves with the token of their head', async (t) => {
  const double = createDiskDouble();
  const coming = attach(double, 'b');
  const main = await open(double);
  const { store, meets } = await coming;
  t.same(store.branches, ['b']);
  t.equal(store.generation, main.generation);
  t.equal(meets.keep, 3);
  t.not(store.token, main.token);
  const join = (token: string, branch?: string) =>
    messageOf(attachJobStore(double.disk, storePath, { token, branch, clock: createClock() }));
  t.equal(await join(main.token), 'no problem');
  t.equal(await join(store.token, 'b'), 'no problem');
  t.match(await join(store.token), /is not held by the run/, 'a branch is not the main pipe');
  t.match(await join(main.token, 'b'), /is not held by the run/);
  t.match(await join(store.token, '../b'), /is not held by the run/);
  const all = double.paths().map((path) => Buffer.from(double.contents(path) ?? []).toString('latin1'));
  t.notOk(
    all.some((text) => text.includes(main.token) || text.includes(store.token)),
    'no token is on disk',
  );
});

t.test('a branch that nobody expects, that comes twice, and that waits in vain', async (t) => {
  const double = createDiskDouble();
  t.match(
    await messageOf(attach(double, 'b', 'alive', 500)),
    /the branch b waited 500 ms for a run of its job/,
  );
  await open(double);
  t.match(await messageOf(attach(double, 'c')), /expects no branch c, but b; say --branches b,c at the head/);
  await attach(double, 'b');
  t.match(await messageOf(attach(double, 'b')), /the branch b is read already by process 2 on mill/);
  t.match(await messageOf(attach(double, 'b', 'dead', 500)), /none holds this state/, 'a dead run is none');
  const plain = createDiskDouble();
  await openStore(plain.disk);
  t.match(await messageOf(attach(plain, 'b')), /expects no branch b; say --branches b at the head/);
});

t.test('the head that holds the store sees who has come, lives and has ended', async (t) => {
  const double = createDiskDouble();
  const store = await open(double, ['b', 'c']);
  const look = async (life: 'alive' | 'dead') =>
    (await lookAtBranches(double.disk, storePath, store, holdersOf(1, life))).map(
      ({ branch, life: of, hasEnded }: BranchNow) => `${branch} ${of}${hasEnded ? ' ended' : ''}`,
    );
  t.same(await look('alive'), ['b missing', 'c missing']);
  const branch = await attach(double, 'c');
  t.same(await look('alive'), ['b missing', 'c alive']);
  await branch.sayEnded();
  t.same(await look('alive'), ['b missing', 'c alive ended']);
  t.same(await look('dead'), ['b missing', 'c dead ended']);
  await open(double, ['b', 'c']);
  t.notOk(
    double.paths().some((path) => path.includes('/branches/')),
    'the next run begins with nobody',
  );
});

t.test('a branch follows the barriers that the first stage has written its part for', async (t) => {
  const double = createDiskDouble();
  const main = await open(double);
  const branch = await attach(double, 'b');
  t.equal(await branch.announced(0), undefined);
  await writePart(branch.store, 1, {}, { stage: 'b.0' });
  t.equal(await branch.announced(0), undefined, 'its own part announces nothing');
  await writePart(main, 1, {});
  t.same(await branch.announced(0), { epoch: 1, last: undefined });
  t.equal(await branch.announced(1), undefined);
  await writePart(main, 3, {}, { facts: { last: 'end' } });
  t.same(await branch.announced(0), { epoch: 3, last: 'end' }, 'the newest is the one that counts');
  await branch.store.release();
  await branch.assertRunning();
  await main.release();
  t.match(await messageOf(branch.assertRunning()), /the head of the pipe that it flows into has ended/);
  await open(double);
  t.match(await messageOf(branch.assertRunning()), /another run has taken the state over/);
});

t.test('what a skipped checkpoint wrote and a later one points to stays', async (t) => {
  const double = createDiskDouble();
  const main = await open(double);
  const { store: branch } = await attach(double, 'b');
  const states = (text: string) => ({ keys: ['same'.repeat(100), text] });
  const write = async (epoch: number) => {
    await writePart(main, epoch, { count: states(`${epoch}`) });
    await writePart(branch, epoch, { 'b.0.count': states(`b${epoch}`) }, { stage: 'b.0' });
  };
  await write(1);
  // The last stage never takes its part: the barrier was subsumed where the pipes meet.
  await write(2);
  await writePart(main, 2, {}, { stage: 1 });
  await main.complete(2, { stages, finished: false, timeoutMs: 1000 });
  await main.tidy(1);
  const names = double.paths().filter((path) => path.includes('000001-1'));
  t.same(
    names.map((path) => path.slice(storePath.length)).sort(),
    ['/operators/b.0.count/000001-1.segment', '/operators/count/000001-1.segment'],
    'the skipped checkpoint is gone, and what is pointed to is not',
  );
  const again = await open(double);
  t.same(await textsOf(again.restored!), { count: states('2'), 'b.0.count': states('b2') });
  t.same(
    again.restored!.parts.map(({ stage }) => stage),
    [0, 1, 'b.0'],
  );
});

t.test('only a checkpoint with branches is written in a version that an older leat refuses', async (t) => {
  for (const [branches, version] of [[['b'], 2] as const, [[], 1] as const]) {
    const double = createDiskDouble();
    const store = await openStore(double.disk, { branches });
    await writePart(store, 1, {});
    if (branches.length > 0) await writePart(store, 1, {}, { stage: 'b.0' });
    await store.complete(1, {
      stages: branches.length > 0 ? [0, 'b.0'] : [0],
      finished: false,
      timeoutMs: 1000,
    });
    const manifest = double.paths().find((path) => path.endsWith('manifest.json'))!;
    const text = Buffer.from(double.contents(manifest)!).toString();
    t.match(text, `{"leat":"manifest","version":${version},`);
  }
});
