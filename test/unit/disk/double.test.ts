/** What the disk double does that the real one does only on a bad day. */
import t from 'tap';
import { type Disk, replaceWhole } from '../../../src/disk/index.js';
import { createDiskDouble, DiskCrash, type DiskDouble } from '../../harness/disk/index.js';

const bytesOf = (text: string): Uint8Array => Buffer.from(text);

async function doubleWith(seed: number): Promise<DiskDouble> {
  const double = createDiskDouble({ seed });
  await double.disk.makeFolder('/d');
  double.settle();
  return double;
}

async function write(disk: Disk, path: string, text: string, sync: boolean): Promise<void> {
  const file = await disk.open(path, 'write');
  await file.write(bytesOf(text), 0);
  if (sync) await file.sync();
  await file.close();
}

/** What a run leaves after a power cut, over many seeds. */
async function leftovers(run: (disk: Disk) => Promise<void>): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  for (let seed = 1; seed <= 300; seed++) {
    const double = await doubleWith(seed);
    await run(double.disk);
    double.crash();
    double.restart();
    const left = double.paths().map((path) => `${path.slice(3)}=${double.text(path)}`);
    const text = left.join(' ');
    seen.set(text, (seen.get(text) ?? 0) + 1);
  }
  return seen;
}

t.test('what was synced, with its folder, is there after any crash', async (t) => {
  const seen = await leftovers(async (disk) => {
    await write(disk, '/d/a', 'abc', true);
    await disk.syncFolder('/d');
  });
  t.same([...seen.keys()], ['a=abc']);
});

t.test('a name whose folder was not synced may be lost, and bytes that were not synced torn', async (t) => {
  const names = await leftovers((disk) => write(disk, '/d/a', 'abc', true));
  t.same([...names.keys()].sort(), ['', 'a=abc']);
  const torn = await leftovers(async (disk) => {
    await write(disk, '/d/a', 'abc', false);
    await disk.syncFolder('/d');
  });
  for (const left of ['a=', 'a=a', 'a=ab', 'a=abc', 'a=\0b']) t.ok(torn.has(left), left);
});

t.test('later writes may survive earlier ones', async (t) => {
  const seen = await leftovers(async (disk) => {
    await write(disk, '/d/a', '..', true);
    await disk.syncFolder('/d');
    const file = await disk.open('/d/a', 'write');
    await file.write(bytesOf('1'), 0);
    await file.write(bytesOf('2'), 1);
  });
  t.same([...seen.keys()].sort(), ['a=..', 'a=.2', 'a=1.', 'a=12']);
});

t.test('a rename that was not synced happens as one or not at all; a removal may be undone', async (t) => {
  const renamed = await leftovers(async (disk) => {
    await write(disk, '/d/a', 'old', true);
    await write(disk, '/d/b', 'new', true);
    await disk.syncFolder('/d');
    await disk.rename('/d/b', '/d/a');
  });
  t.same([...renamed.keys()].sort(), ['a=new', 'a=old b=new']);
  const removed = await leftovers(async (disk) => {
    await write(disk, '/d/a', 'old', true);
    await disk.syncFolder('/d');
    await disk.remove('/d/a');
  });
  t.same([...removed.keys()].sort(), ['', 'a=old']);
});

t.test('a file replaced whole is the old or the new one, whichever operation crashes', async (t) => {
  const seen = new Set<string>();
  let crashes = 0;
  for (let seed = 1; seed <= 40; seed++) {
    for (let number = 1; ; number++) {
      const double = await doubleWith(seed);
      double.put('/d/a', 'old');
      double.crashAt(double.operations + number);
      const failure = await replaceWhole(double.disk, '/d/a', bytesOf('new')).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (failure === undefined) break;
      t.type(failure, DiskCrash);
      crashes++;
      double.restart();
      seen.add(double.text('/d/a') ?? 'lost');
    }
  }
  t.equal(crashes, 40 * 6);
  t.same([...seen].sort(), ['new', 'old']);
});

t.test('from the crash on everything fails, and what was open stays closed', async (t) => {
  const double = await doubleWith(1);
  const file = await double.disk.open('/d/a', 'new');
  await file.write(bytesOf('abc'), 0);
  double.crashAt(double.operations + 1);
  await t.rejects(file.write(bytesOf('def'), 3), DiskCrash);
  await t.rejects(double.disk.list('/d'), DiskCrash);
  t.equal(double.crashed, true);
  double.restart('process');
  t.equal(double.text('/d/a')?.slice(0, 3), 'abc', 'a process that dies loses nothing that it wrote');
  await t.rejects(file.lengthBytes(), DiskCrash);
  t.same(await double.disk.list('/d'), ['a']);
});

t.test('the same seed leaves the same', async (t) => {
  const run = async (seed: number): Promise<string | undefined> => {
    const double = await doubleWith(seed);
    await write(double.disk, '/d/a', 'x'.repeat(1000), false);
    await double.disk.syncFolder('/d');
    double.crash();
    double.restart();
    return double.text('/d/a');
  };
  const lengths = new Set<string | undefined>();
  for (let seed = 1; seed <= 20; seed++) {
    t.equal(await run(seed), await run(seed));
    lengths.add(await run(seed));
  }
  t.ok(lengths.size > 5);
});

t.test('it fails as often as it is told, and fills up', async (t) => {
  const double = await doubleWith(1);
  double.failAt(double.operations + 1, 'EIO', 2);
  await t.rejects(double.disk.list('/d'), { code: 'EIO' });
  await t.rejects(double.disk.list('/d'), { code: 'EIO' });
  t.same(await double.disk.list('/d'), []);

  double.setCapacity(5);
  const file = await double.disk.open('/d/a', 'new');
  await file.write(bytesOf('abc'), 0);
  await t.rejects(file.write(bytesOf('defgh'), 3), { code: 'ENOSPC' });
  t.equal(double.text('/d/a'), 'abcde', 'what fits is written');
  await file.write(bytesOf('ABCDE'), 0);
  t.equal(double.text('/d/a'), 'ABCDE', 'writing over takes no room');
  await double.disk.remove('/d/a');
  await write(double.disk, '/d/b', '12345', true);
  t.equal(double.text('/d/b'), '12345');
});
