/**
 * A disk in memory for the tests of sinks: it counts its operations, stops at the chosen one as a machine does whose power
 * goes, and after a restart holds what had been synced, all that was written, or something in between.
 */
import type { Disk, DiskFile } from '../../../src/disk/index.js';

interface Inode {
  bytes: Buffer;
  synced: Buffer;
}

/** What is left of the unsynced after a crash: all (a killed process), nothing, or half of the bytes and zeros. */
export type Aftermath = 'all' | 'nothing' | 'torn';

export interface CrashDisk extends Disk {
  /** Operations so far. */
  readonly count: number;
  /** Counts an operation that is no operation of the disk, such as the writing of a manifest. */
  step(): void;
  /** The disk of the next run, which crashes at operation `crashAt`. */
  restart(aftermath: Aftermath, crashAt?: number): CrashDisk;
  text(path: string): string | undefined;
  paths(): readonly string[];
}

export const crashed = Object.assign(new Error('crash'), { isCrash: true });

function failure(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/'))) || '.';
}

function resized(bytes: Buffer, length: number): Buffer {
  return Buffer.concat([bytes.subarray(0, length), Buffer.alloc(Math.max(0, length - bytes.length))]);
}

function leftOf({ bytes, synced }: Inode, aftermath: Aftermath): Buffer {
  if (aftermath === 'all') return bytes;
  if (aftermath === 'nothing') return synced;
  const half = Math.floor((synced.length + bytes.length) / 2);
  const zeros = Buffer.alloc(Math.max(0, bytes.length - half));
  return Buffer.concat([bytes.subarray(0, half), zeros]);
}

type Names = Map<string, Inode>;

export function createCrashDisk(
  names: Names = new Map(),
  syncedNames: Names = new Map(),
  crashAt = Number.POSITIVE_INFINITY,
  folders = new Set<string>(['.', 'epochs']),
): CrashDisk {
  let count = 0;
  let dead = false;
  const step = (): void => {
    if (dead) throw crashed;
    count++;
    if (count >= crashAt) {
      dead = true;
      throw crashed;
    }
  };
  const fileOf = (path: string, inode: Inode): DiskFile => ({
    path,
    read(into, position) {
      step();
      const part = inode.bytes.subarray(position, position + into.length);
      into.set(part);
      return Promise.resolve(part.length);
    },
    async write(bytes, position) {
      const before = inode.bytes;
      const put = (length: number): void => {
        const end = position + length;
        inode.bytes = resized(before, Math.max(before.length, end));
        inode.bytes.set(bytes.subarray(0, length), position);
      };
      try {
        await Promise.resolve();
        step();
      } catch (error) {
        // The last write before the end gets half way.
        if (count === crashAt) put(Math.floor(bytes.length / 2));
        throw error;
      }
      put(bytes.length);
    },
    lengthBytes() {
      step();
      return Promise.resolve(inode.bytes.length);
    },
    truncate(length) {
      step();
      inode.bytes = resized(inode.bytes, length);
      return Promise.resolve();
    },
    sync() {
      step();
      inode.synced = Buffer.from(inode.bytes);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  });
  const here = async <Result>(work: () => Result): Promise<Result> => {
    await Promise.resolve();
    step();
    return work();
  };
  return {
    get count() {
      return count;
    },
    step,
    open: (path, mode) =>
      here(() => {
        let inode = names.get(path);
        if (mode === 'read' && inode === undefined) throw failure('ENOENT', path);
        if (mode === 'new' && inode !== undefined) throw failure('EEXIST', path);
        if (!folders.has(parentOf(path))) throw failure('ENOENT', path);
        inode ??= { bytes: Buffer.alloc(0), synced: Buffer.alloc(0) };
        names.set(path, inode);
        return fileOf(path, inode);
      }),
    rename: (from, to) =>
      here(() => {
        const inode = names.get(from);
        if (inode === undefined) throw failure('ENOENT', from);
        names.delete(from);
        names.set(to, inode);
      }),
    remove: (path) => here(() => void names.delete(path)),
    makeFolder: (path) =>
      here(() => {
        for (let folder = path; folder !== '.'; folder = parentOf(folder)) folders.add(folder);
      }),
    removeFolder: (path) =>
      here(() => {
        for (const name of names.keys()) if (name.startsWith(`${path}/`)) names.delete(name);
      }),
    list: (path) =>
      here(() => {
        const below = [...names.keys(), ...folders].filter((name) => parentOf(name) === path && name !== '.');
        return below.map((name) => name.slice(name.lastIndexOf('/') + 1)).sort();
      }),
    entry: (path) =>
      here(() => {
        const inode = names.get(path);
        if (inode !== undefined) return { kind: 'file', lengthBytes: inode.bytes.length };
        return folders.has(path) ? { kind: 'folder', lengthBytes: 0 } : undefined;
      }),
    syncFolder: (path) =>
      here(() => {
        for (const name of syncedNames.keys()) if (parentOf(name) === path) syncedNames.delete(name);
        for (const [name, inode] of names) if (parentOf(name) === path) syncedNames.set(name, inode);
      }),
    restart(aftermath, nextCrash) {
      const copies = new Map<Inode, Inode>();
      const copy = (names: Names): Names =>
        new Map([...names].map(([name, inode]) => [name, copies.get(inode) ?? restored(inode)]));
      const restored = (inode: Inode): Inode => {
        const bytes = Buffer.from(leftOf(inode, aftermath));
        // A killed process leaves the unsynced as it was: the power may still go.
        const synced = Buffer.from(aftermath === 'all' ? inode.synced : bytes);
        copies.set(inode, { bytes, synced });
        return copies.get(inode)!;
      };
      const left = copy(aftermath === 'nothing' ? syncedNames : names);
      const leftSynced = aftermath === 'all' ? copy(syncedNames) : new Map(left);
      return createCrashDisk(left, leftSynced, nextCrash, new Set(folders));
    },
    text: (path) => names.get(path)?.bytes.toString(),
    paths: () => [...names.keys()].sort(),
  };
}
