/** The store of a job from opening to reopening, on the disk double and on the real disk. */
import t from 'tap';
import { type Disk, realDisk } from '../../../../src/disk/index.js';
import { attachJobStore } from '../../../../src/state/index.js';
import { createDiskDouble } from '../../../harness/disk/index.js';
import { temporaryFolder } from '../../../harness/shell.js';
import { messageOf } from '../../../harness/state/message.js';
import {
  checkpoint,
  createClock,
  openStore,
  storePath,
  textsOf,
  writePart,
} from '../../../harness/state/store.js';

const complete = { stages: [0], finished: false, timeoutMs: 1000 };

const places: Readonly<Record<string, () => readonly [Disk, string]>> = {
  'the double': () => [createDiskDouble().disk, storePath],
  'the real disk': () => [realDisk, `${temporaryFolder()}/a/state`],
};

for (const [name, place] of Object.entries(places)) {
  t.test(`what a checkpoint had is there again on ${name}`, async (t) => {
    const [disk, path] = place();
    const first = await openStore(disk, {}, path);
    t.equal(first.restored, undefined);
    t.same(first.findings, []);
    t.equal(first.generation, 1);
    await checkpoint(first, 1, { count: { keys: ['a', 'b'], sums: [''] }, 'w/1': {} });
    await checkpoint(first, 2, {
      count: { keys: ['a', 'B', 'c'], sums: [''] },
      'w/1': { x: ['y'.repeat(99)] },
    });
    await writePart(first, 3, { count: { keys: ['never complete'] } });
    await first.release();

    const second = await openStore(disk, {}, path);
    t.same(second.findings, []);
    t.equal(second.generation, 2);
    const { restored } = second;
    t.equal(restored?.epoch, 2);
    t.equal(restored?.generation, 1);
    t.equal(restored?.finished, false);
    t.same(restored?.parts[0]?.facts, { epoch: 2 });
    t.equal(restored?.parts[0]?.operators[0]?.shape, 'shape of count');
    t.equal(restored?.parts[0]?.operators[0]?.lengthBytes, 3);
    t.same(await textsOf(restored!), {
      count: { keys: ['a', 'B', 'c'], sums: [''] },
      'w/1': { x: ['y'.repeat(99)] },
    });
    t.equal(await second.isComplete(2), true);
    t.equal(await second.isComplete(3), false);
    await checkpoint(second, 3, { count: { keys: ['a'] } });
    t.equal(await second.isComplete(3), true);
    const third = await openStore(disk, { life: 'dead' }, path);
    t.match(third.findings[0], /^the run before \(process 1 on mill\) ended without giving the state up/);
    t.same(await textsOf(third.restored!), { count: { keys: ['a'] } });
  });
}

t.test('pages that did not change are not written again', async (t) => {
  const double = createDiskDouble();
  const store = await openStore(double.disk);
  const pages = Array.from({ length: 20 }, (_, number) => String(number).repeat(1000));
  await checkpoint(store, 1, { count: { keys: pages } });
  pages[7] = 'changed';
  await checkpoint(store, 2, { count: { keys: pages } });
  await checkpoint(store, 3, { count: { keys: pages } });
  const again = await openStore(double.disk);
  pages[8] = 'changed too';
  await checkpoint(again, 4, { count: { keys: pages } });
  const lengths = double
    .paths()
    .filter((path) => path.endsWith('.segment'))
    .map((path) => [path.split('/').at(-1), double.contents(path)!.length] as const);
  t.same(
    lengths.map(([name]) => name),
    ['000001-1.segment', '000002-1.segment', '000004-2.segment'],
    'a checkpoint in which nothing changed writes no segment',
  );
  t.ok(lengths[0]![1] > 30_000);
  for (const [, length] of lengths.slice(1)) t.ok(length < 1000, String(length));
  t.same(await textsOf((await openStore(double.disk)).restored!), { count: { keys: pages } });
});

t.test(
  'a page belongs to the store once it was given, also one in a buffer that its writer uses again',
  async (t) => {
    const { disk } = createDiskDouble();
    const store = await openStore(disk);
    const buffer = Buffer.from('first');
    const part = store.beginPart(1, 0);
    part.operator('count', 'test').page('keys', 0, buffer);
    buffer.write('other');
    await part.write({});
    await store.complete(1, complete);
    t.same(await textsOf((await openStore(disk)).restored!), { count: { keys: ['first'] } });
  },
);

t.test('the last stage waits for the parts of all', async (t) => {
  const { disk } = createDiskDouble();
  const source = await openStore(disk);
  const { token } = source;
  const sink = await attachJobStore(disk, storePath, { token, clock: createClock() });
  t.equal(sink.job, 'clicks');
  t.equal(sink.generation, 1);
  await writePart(sink, 1, { top: { rows: ['r'] } }, { stage: 1, facts: { lengths: [3] } });
  t.match(
    await messageOf(sink.complete(1, { ...complete, stages: [0, 1] })),
    /checkpoint 1 is not complete after 1000 ms: nothing came from stage 0; /,
  );
  t.equal(await source.isComplete(1), false);
  const completing = sink.complete(1, { stages: [0, 1], finished: true, timeoutMs: 60_000 });
  await writePart(source, 1, { count: { keys: ['k'] } });
  await completing;
  t.equal(await source.isComplete(1), true);
  await source.release();

  const again = await openStore(disk);
  t.equal(again.restored?.finished, true);
  t.same(
    again.restored?.parts.map(({ stage, facts }) => [stage, facts]),
    [
      [0, { epoch: 1 }],
      [1, { lengths: [3] }],
    ],
  );
  const attached = await attachJobStore(disk, storePath, { token: again.token, clock: createClock() });
  t.same(await textsOf(attached.restored!), { count: { keys: ['k'] }, top: { rows: ['r'] } });
  t.match(
    await messageOf(attachJobStore(disk, storePath, { token, clock: createClock() })),
    /is not held by the run that the stream comes from/,
    'the token of an earlier run is worth nothing',
  );
});

t.test('attaching creates nothing', async (t) => {
  const double = createDiskDouble();
  await double.disk.makeFolder('/data');
  const attach = (path: string) => attachJobStore(double.disk, path, { token: 'x', clock: createClock() });
  t.match(await messageOf(attach('/data/none')), /there is no state of a job here/);
  t.match(await messageOf(attach('/data')), /there is no state of a job here/);
  double.put('/file', 'x');
  t.match(await messageOf(attach('/file')), /there is no state of a job here/);
  t.match(await messageOf(openStore(double.disk, {}, '/file')), /needs a folder where a file is/);
  t.same(double.paths(), ['/file']);
  await openStore(double.disk);
  const before = double.paths();
  t.match(await messageOf(attach(storePath)), /is not held by the run/);
  t.same(double.paths(), before);
});

t.test('a second run is refused while the first one lives, and may take over', async (t) => {
  const { disk } = createDiskDouble();
  const first = await openStore(disk, { pid: 11 });
  await checkpoint(first, 1, { count: { keys: ['1'] } });
  const refused = await messageOf(openStore(disk, { pid: 12, life: 'alive' }));
  t.match(refused, /another run of this job is going on: process 11 on mill; .*--take-over/);
  const unknown = await messageOf(openStore(disk, { pid: 12, life: 'unknown' }));
  t.match(unknown, /may be going on: process 11 on mill, which cannot be asked from here; .*--take-over/);
  await first.assertHeld();
  await writePart(first, 2, { count: { keys: ['2'] } });

  const second = await openStore(disk, { pid: 12, life: 'alive', takeOver: true });
  t.match(second.findings[0], /took the state over from process 11 on mill/);
  t.equal(second.restored?.epoch, 1);
  t.match(await messageOf(first.assertHeld()), /has taken the state over: process 12 on mill/);
  t.match(await messageOf(first.complete(2, complete)), /has taken the state over/);
  t.match(await messageOf(first.tidy(1)), /has taken the state over/);
  await first.release();
  await second.assertHeld();
  await checkpoint(second, 2, { count: { keys: ['two'] } });
  const third = await openStore(disk, { pid: 13 });
  t.same(await textsOf(third.restored!), { count: { keys: ['two'] } });
});

t.test('a run that gave the store up is not in the way, whoever lives', async (t) => {
  const { disk } = createDiskDouble();
  const first = await openStore(disk);
  await first.release();
  const second = await openStore(disk, { life: 'alive' });
  t.equal(second.generation, 2);
  t.same(second.findings, []);
});

t.test("a checkpoint that a fenced run completed at the last moment is nobody's past", async (t) => {
  const double = createDiskDouble();
  const { disk } = double;
  const first = await openStore(disk);
  await checkpoint(first, 1, { count: { keys: ['1'] } });
  await checkpoint(first, 2, { count: { keys: ['late'] } });
  const saved = new Map(double.paths().map((path) => [path, double.contents(path)!]));
  await disk.removeFolder(`${storePath}/checkpoints/000002-1`);
  const second = await openStore(disk);
  t.equal(second.restored?.epoch, 1);
  for (const [path, bytes] of saved) if (path.includes('000002-1')) double.put(path, bytes);
  await second.release();
  const third = await openStore(disk);
  t.equal(third.restored?.epoch, 1);
  await third.tidy(3);
  t.notOk(
    double.paths().some((path) => path.includes('000002-1')),
    'and is cleaned up',
  );
  await checkpoint(third, 2, { count: { keys: ['right'] } });
  t.same(await textsOf((await openStore(disk)).restored!), { count: { keys: ['right'] } });
});

t.test('the store of another job, or of a newer leat, is left alone', async (t) => {
  const double = createDiskDouble();
  const store = await openStore(double.disk);
  await store.release();
  t.match(
    await messageOf(openStore(double.disk, { job: 'orders' })),
    /state of the job clicks, not of orders/,
  );
  const { seal } = await import('../../../../src/state/store/sealed.js');
  const newer = seal('job', { version: 2, job: 'clicks' });
  double.put(`${storePath}/job.json`, newer);
  t.match(await messageOf(openStore(double.disk)), /a newer leat wrote this \(version 2 of a job/);
  await double.disk.remove(`${storePath}/job.json`);
  t.match(await messageOf(openStore(double.disk)), /the file that names the job is not there/);
});

t.test('names cannot leave the store', async (t) => {
  const double = createDiskDouble();
  const store = await openStore(double.disk);
  const names = ['../../out', '..', '.', 'a/b', 'ü', ' ', 'a%2fb'];
  for (const name of names) {
    const folder = await store.epochFolder(name);
    t.match(folder, /^\/data\/state\/epochs\/[^/]+$/);
    t.notMatch(folder, /\/\.+$/);
  }
  t.equal(new Set(await Promise.all(names.map((name) => store.epochFolder(name)))).size, names.length);
  await checkpoint(store, 1, Object.fromEntries(names.map((name) => [name, { a: [name] }])));
  const again = await openStore(double.disk);
  t.same(await textsOf(again.restored!), Object.fromEntries(names.map((name) => [name, { a: [name] }])));
  t.ok(double.paths().every((path) => path.startsWith(`${storePath}/`)));
  t.match(await messageOf(store.epochFolder('')), /is empty/);
  t.match(await messageOf(store.epochFolder('x'.repeat(300))), /is too long/);
});

t.test('a disk that was full costs a checkpoint and nothing else', async (t) => {
  const double = createDiskDouble();
  const store = await openStore(double.disk);
  const page = 'x'.repeat(5000);
  await checkpoint(store, 1, { count: { keys: ['a', page] } });
  double.setCapacity(8000);
  const failed = await messageOf(writePart(store, 2, { count: { keys: ['b', `${page}y`] } }));
  t.match(failed, /no room is left on the disk of the state; make room and run the same command again/);
  t.match(await messageOf(store.complete(2, complete)), /checkpoint 2 is not complete/);
  double.setCapacity(undefined);
  await checkpoint(store, 3, { count: { keys: ['b', `${page}y`] } });
  t.same(await textsOf((await openStore(double.disk)).restored!), { count: { keys: ['b', `${page}y`] } });
});

t.test('tidying keeps what it is told and nothing that nobody needs', async (t) => {
  const double = createDiskDouble();
  double.put(`${storePath}/rejected.ndjson`, '{}\n');
  double.put(`${storePath}/savepoints/before/manifest.json`, 'x');
  const store = await openStore(double.disk);
  const folder = await store.epochFolder('out');
  for (let epoch = 1; epoch <= 6; epoch++) {
    double.put(`${folder}/${String(epoch).padStart(12, '0')}`, String(epoch));
    await checkpoint(store, epoch, { count: { keys: [`a${epoch}`, 'never changes'] } });
    await store.tidy(2);
  }
  await writePart(store, 7, { count: { keys: ['a7', 'never changes'] } });
  await store.tidy(2);
  const left = double.paths().map((path) => path.slice(storePath.length + 1));
  t.same(
    left.filter((path) => path.startsWith('checkpoints')),
    [
      'checkpoints/000005-1/manifest.json',
      'checkpoints/000005-1/part-0.json',
      'checkpoints/000006-1/manifest.json',
      'checkpoints/000006-1/part-0.json',
      'checkpoints/000007-1/part-0.json',
    ],
  );
  t.same(
    left.filter((path) => path.startsWith('epochs')).map((path) => path.slice(-1)),
    ['5', '6'],
  );
  t.ok(left.includes('rejected.ndjson'));
  t.ok(left.includes('savepoints/before/manifest.json'));
  await store.complete(7, complete);
  t.same(await textsOf((await openStore(double.disk)).restored!), {
    count: { keys: ['a7', 'never changes'] },
  });
});
