/**
 * The disk of the machine, on node:fs. Reads and writes are positional and go on until they are done, since the kernel may
 * do less than it was asked. What is created is the owner's alone (0600, folders 0700). Retries nothing, hides no
 * failure, and knows nothing of what the bytes mean.
 *
 * Bytes, syncs and removals go to the thread pool, beside the work. What only changes names and descriptors is done at
 * once: that takes some 10 us, a tenth of the way to the pool and back, and a checkpoint does dozens, one after the other. So
 * are the few bytes of a small file read: on a machine with much to do the way to the pool took 2 to 7 ms, three times at
 * the start of each stage of a pipe.
 */
import fs from 'node:fs';
import type { Disk, DiskEntry, DiskFile, OpenMode } from './disk.js';
import { together } from './together.js';

const ownersFile = 0o600;
const ownersFolder = 0o700;

const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL } = fs.constants;

const flagsOf: Readonly<Record<OpenMode, number>> = {
  read: O_RDONLY,
  write: O_RDWR | O_CREAT,
  new: O_RDWR | O_CREAT | O_EXCL,
};

type Done<Value> = (error: NodeJS.ErrnoException | null, value: Value) => void;

/** A call of node:fs as a promise. The calls of `fs.promises` would need a FileHandle, which no open descriptor has. */
function called<Value = void>(begin: (done: Done<Value>) => void): Promise<Value> {
  return new Promise((resolve, reject) => {
    begin((error, value) => (error === null ? resolve(value) : reject(error)));
  });
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** No more than this is read at once. */
const fewBytes = 1 << 12;

async function readAll(fd: number, into: Uint8Array, positionBytes: number): Promise<number> {
  let done = 0;
  while (done < into.length) {
    const leftBytes = into.length - done;
    const at = positionBytes + done;
    const count =
      leftBytes <= fewBytes
        ? fs.readSync(fd, into, done, leftBytes, at)
        : await called<number>((then) => fs.read(fd, into, done, leftBytes, at, then));
    if (count === 0) break;
    done += count;
  }
  return done;
}

async function writeAll(fd: number, bytes: Uint8Array, positionBytes: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    done += await called<number>((then) =>
      fs.write(fd, bytes, done, bytes.length - done, positionBytes + done, then),
    );
  }
}

function fileOf(path: string, fd: number, close: () => Promise<void>): DiskFile {
  return {
    path,
    read: (into, positionBytes) => readAll(fd, into, positionBytes),
    write: (bytes, positionBytes) => writeAll(fd, bytes, positionBytes),
    lengthBytes: async () => fs.fstatSync(fd).size,
    truncate: (lengthBytes) => called((then) => fs.ftruncate(fd, lengthBytes, then as fs.NoParamCallback)),
    sync: () => called((then) => fs.fsync(fd, then as fs.NoParamCallback)),
    close,
  };
}

async function open(path: string, mode: OpenMode, permissions = ownersFile): Promise<DiskFile> {
  const fd = fs.openSync(path, flagsOf[mode], permissions);
  return fileOf(path, fd, async () => fs.closeSync(fd));
}

function kindOf(stats: fs.Stats): DiskEntry['kind'] {
  if (stats.isFile()) return 'file';
  return stats.isDirectory() ? 'folder' : 'other';
}

async function entry(path: string): Promise<DiskEntry | undefined> {
  try {
    const stats = fs.statSync(path);
    return { kind: kindOf(stats), lengthBytes: stats.size };
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function list(path: string): Promise<readonly string[]> {
  try {
    return fs.readdirSync(path).sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Some file systems cannot sync a folder and say EINVAL: nothing more can be done there. */
async function syncFolder(path: string): Promise<void> {
  const fd = fs.openSync(path, O_RDONLY);
  try {
    await called((then) => fs.fsync(fd, then as fs.NoParamCallback));
  } catch (error) {
    if (codeOf(error) !== 'EINVAL') throw error;
  } finally {
    fs.closeSync(fd);
  }
}

/** What file systems say that have no second names, or none across two of them, or no more of them for this file. */
const noLinks = new Set(['EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

async function link(from: string, to: string): Promise<void> {
  try {
    fs.linkSync(from, to);
  } catch (error) {
    if (!noLinks.has(codeOf(error) ?? '')) throw error;
    await called((then) => fs.copyFile(from, to, fs.constants.COPYFILE_EXCL, then as fs.NoParamCallback));
    const copy = await open(to, 'read');
    await copy.sync().finally(() => copy.close());
  }
}

/** What file systems say that keep no permissions. */
const noPermissions = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

async function makePrivate(path: string): Promise<void> {
  try {
    fs.chmodSync(path, ownersFile);
  } catch (error) {
    if (!noPermissions.has(codeOf(error) ?? '')) throw error;
  }
}

async function remove(path: string): Promise<void> {
  try {
    await called((then) => fs.unlink(path, then as fs.NoParamCallback));
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** Several files at once: `fs.rm` asks about each of them first, and does one after the other. */
async function removeFolder(path: string): Promise<void> {
  try {
    const within = fs.readdirSync(path, { withFileTypes: true });
    await together(within.map((one) => (one.isDirectory() ? removeFolder : remove)(`${path}/${one.name}`)));
    fs.rmdirSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** The disk of the machine. */
export const realDisk: Disk = {
  open,
  rename: async (from, to) => fs.renameSync(from, to),
  link,
  makePrivate,
  remove,
  makeFolder: async (path, permissions = ownersFolder) => {
    fs.mkdirSync(path, { recursive: true, mode: permissions });
  },
  removeFolder,
  list,
  entry,
  syncFolder,
};
