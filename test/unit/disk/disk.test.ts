/** One suite against the real disk and against its double: what holds when nothing fails. */
import fs from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { adoptDescriptor, type Disk, readWhole, realDisk, replaceWhole } from '../../../src/disk/index.js';
import { createDiskDouble } from '../../harness/disk/index.js';
import { temporaryFolder } from '../../harness/shell.js';

const bytesOf = (text: string): Uint8Array => Buffer.from(text);

async function textOf(disk: Disk, file: string): Promise<string | undefined> {
  const bytes = await readWhole(disk, file);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString();
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'none';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

async function put(disk: Disk, file: string, text: string): Promise<void> {
  const opened = await disk.open(file, 'write');
  await opened.write(bytesOf(text), 0);
  await opened.close();
}

type Check = (t: Test, disk: Disk, folder: string) => Promise<void>;

const suite: Readonly<Record<string, Check>> = {
  'reads and writes at positions': async (t, disk, folder) => {
    const file = await disk.open(`${folder}/a`, 'new');
    await file.write(bytesOf('hello'), 0);
    await file.write(bytesOf('J'), 0);
    await file.write(bytesOf('!'), 8);
    t.equal(await file.lengthBytes(), 9);
    const into = new Uint8Array(20).fill(7);
    t.equal(await file.read(into, 1), 8);
    t.same([...into.subarray(0, 9)], [...bytesOf('ello\0\0\0!'), 7]);
    t.equal(await file.read(into, 9), 0);
    t.equal(await file.read(into, 100), 0);
    await file.truncate(2);
    await file.truncate(4);
    await file.sync();
    await file.close();
    t.equal(await textOf(disk, `${folder}/a`), 'Je\0\0');
    t.equal(await codeOf(file.lengthBytes()), 'EBADF');
  },
  'opens as asked': async (t, disk, folder) => {
    t.equal(await codeOf(disk.open(`${folder}/a`, 'read')), 'ENOENT');
    t.equal(await codeOf(disk.open(`${folder}/no/a`, 'write')), 'ENOENT');
    await put(disk, `${folder}/a`, 'a');
    t.equal(await codeOf(disk.open(`${folder}/a`, 'new')), 'EEXIST');
    t.equal(await codeOf(disk.open(`${folder}/a/b`, 'new')), 'ENOTDIR');
    t.equal(await codeOf(disk.open(folder, 'write')), 'EISDIR');
    const again = await disk.open(`${folder}/a`, 'write');
    t.equal(await again.lengthBytes(), 1, 'what is there is kept');
    await again.close();
    const reader = await disk.open(`${folder}/a`, 'read');
    t.equal(await codeOf(reader.write(bytesOf('x'), 0)), 'EBADF');
    await reader.close();
  },
  'renames over what is there, and open files stay': async (t, disk, folder) => {
    await put(disk, `${folder}/a`, 'new');
    await put(disk, `${folder}/b`, 'old');
    const old = await disk.open(`${folder}/b`, 'read');
    const renamed = await disk.open(`${folder}/a`, 'write');
    await disk.rename(`${folder}/a`, `${folder}/b`);
    const into = new Uint8Array(3);
    t.equal(await old.read(into, 0), 3);
    t.equal(Buffer.from(into).toString(), 'old');
    await renamed.write(bytesOf('N'), 0);
    t.equal(await textOf(disk, `${folder}/b`), 'New');
    t.equal(await textOf(disk, `${folder}/a`), undefined);
    await disk.remove(`${folder}/b`);
    await renamed.write(bytesOf('!'), 3);
    t.equal(await renamed.lengthBytes(), 4);
    t.equal(await textOf(disk, `${folder}/b`), undefined);
    await old.close();
    await renamed.close();
    t.equal(await codeOf(disk.rename(`${folder}/a`, `${folder}/c`)), 'ENOENT');
  },
  'gives second names': async (t, disk, folder) => {
    await put(disk, `${folder}/a`, 'text');
    await disk.makeFolder(`${folder}/x`);
    await disk.link(`${folder}/a`, `${folder}/x/b`);
    t.equal(await codeOf(disk.link(`${folder}/a`, `${folder}/x/b`)), 'EEXIST');
    t.equal(await codeOf(disk.link(`${folder}/none`, `${folder}/x/c`)), 'ENOENT');
    await disk.remove(`${folder}/a`);
    t.equal(await textOf(disk, `${folder}/a`), undefined);
    t.equal(await textOf(disk, `${folder}/x/b`), 'text');
  },
  'makes files private': async (t, disk, folder) => {
    await put(disk, `${folder}/a`, 'text');
    await disk.makePrivate(`${folder}/a`);
    t.equal(await textOf(disk, `${folder}/a`), 'text');
    t.equal(await codeOf(disk.makePrivate(`${folder}/none`)), 'ENOENT');
  },
  removes: async (t, disk, folder) => {
    await disk.remove(`${folder}/nothing`);
    await disk.makeFolder(`${folder}/x/y`);
    await put(disk, `${folder}/x/y/a`, 'a');
    await put(disk, `${folder}/x/b`, 'b');
    t.not(await codeOf(disk.remove(`${folder}/x`)), 'none', 'a folder is no file');
    await disk.removeFolder(`${folder}/x`);
    await disk.removeFolder(`${folder}/x`);
    t.equal(await disk.entry(`${folder}/x`), undefined);
  },
  'makes and lists folders': async (t, disk, folder) => {
    t.same(await disk.list(`${folder}/x`), []);
    await disk.makeFolder(`${folder}/x/z`);
    await disk.makeFolder(`${folder}/x/z`);
    await put(disk, `${folder}/x/b`, 'bb');
    await put(disk, `${folder}/x/a`, '');
    t.same(await disk.list(`${folder}/x`), ['a', 'b', 'z']);
    t.equal((await disk.entry(`${folder}/x`))?.kind, 'folder');
    t.same(await disk.entry(`${folder}/x/b`), { kind: 'file', lengthBytes: 2 });
    t.equal(await disk.entry(`${folder}/x/b/c`), undefined);
    t.equal(await codeOf(disk.list(`${folder}/x/b`)), 'ENOTDIR');
    t.equal(await codeOf(disk.makeFolder(`${folder}/x/b`)), 'EEXIST');
    await disk.rename(`${folder}/x`, `${folder}/w`);
    t.same(await disk.list(`${folder}/w`), ['a', 'b', 'z']);
    await disk.syncFolder(`${folder}/w`);
    t.equal(await codeOf(disk.syncFolder(`${folder}/x`)), 'ENOENT');
  },
  'replaces whole files': async (t, disk, folder) => {
    await replaceWhole(disk, `${folder}/a`, bytesOf('one'));
    await put(disk, `${folder}/a.new`, 'left behind by a crash');
    await replaceWhole(disk, `${folder}/a`, bytesOf('two'));
    t.equal(await textOf(disk, `${folder}/a`), 'two');
    t.same(await disk.list(folder), ['a']);
  },
};

for (const [name, check] of Object.entries(suite)) {
  t.test(`the real disk ${name}`, (t) => check(t, realDisk, temporaryFolder()));
  t.test(`the double ${name}`, async (t) => {
    const { disk } = createDiskDouble();
    await disk.makeFolder('/folder');
    await check(t, disk, '/folder');
  });
}

t.test('files and folders are for their owner alone', async (t) => {
  const folder = temporaryFolder();
  await realDisk.makeFolder(`${folder}/a/b`);
  await put(realDisk, `${folder}/a/c`, '');
  for (const name of ['a', 'a/b']) t.equal(fs.statSync(path.join(folder, name)).mode & 0o777, 0o700);
  t.equal(fs.statSync(path.join(folder, 'a/c')).mode & 0o777, 0o600);
  const shared = await realDisk.open(`${folder}/d`, 'new', 0o644);
  await shared.close();
  t.equal(fs.statSync(path.join(folder, 'd')).mode & 0o777, 0o644 & ~process.umask());
});

t.test('an adopted descriptor writes where it is told and stays open', async (t) => {
  const name = path.join(temporaryFolder(), 'out');
  const fd = fs.openSync(name, 'w+');
  const file = adoptDescriptor('stdout', fd);
  await file.write(bytesOf('hello'), 0);
  await file.truncate(4);
  await file.sync();
  await file.close();
  t.equal(await file.lengthBytes(), 4);
  fs.writeSync(fd, 'o', 4);
  fs.closeSync(fd);
  t.equal(fs.readFileSync(name, 'utf8'), 'hello');
});

t.test('a large file is read and written whole', async (t) => {
  const name = path.join(temporaryFolder(), 'large');
  const bytes = new Uint8Array(9_000_001);
  for (let at = 0; at < bytes.length; at++) bytes[at] = (at * 2654435761) >>> 24;
  const file = await realDisk.open(name, 'new');
  await file.write(bytes, 5);
  await file.close();
  const back = await readWhole(realDisk, name);
  t.ok(Buffer.from(back!.subarray(5)).equals(bytes));
});
