/**
 * A disk in memory that does to its users what a disk can do: it crashes at an operation of choice and forgets, tears or
 * reorders what was not synced; it fails with EIO; it fills up. When it does nothing of that it behaves as the real one,
 * which a suite run against both says. The same seed gives the same losses. Every call counts as one operation, numbered
 * from 1, so that a test can crash at each.
 */
import type { Disk, DiskFile, OpenMode } from '../../../src/disk/index.js';
import {
  applyNames,
  changeFile,
  crashTree,
  createFile,
  createFolder,
  type FileNode,
  type FolderNode,
  type Luck,
  type NameEffect,
  type Node,
  syncFile,
} from './image.js';
import { createRandom } from './random.js';
import { errnoError, findNode, parentOf, partsOf, walkFiles } from './tree.js';

/** What every operation throws from the crash on until the restart. Has no code, so that nobody takes it for a failure. */
export class DiskCrash extends Error {
  override readonly name = 'DiskCrash';
}

export interface DiskDouble {
  readonly disk: Disk;
  /** Operations so far. */
  readonly operations: number;
  readonly crashed: boolean;
  /** Crashes at this operation, which may have happened in part. Undefined: never. */
  crashAt(operation: number | undefined): void;
  /** Crashes now. */
  crash(): void;
  /** From this operation on, so many operations fail with the code and have no effect. */
  failAt(operation: number, code: string, times?: number): void;
  /** How many bytes all files may have in all; undefined: any. */
  setCapacity(bytes: number | undefined): void;
  /**
   * The machine is up again. `power`: what was not synced is kept, torn or lost by chance (or all of one fate);
   * `process`: only the process died, and everything is there. Files that were open are not any more.
   */
  restart(after?: 'power' | 'process', luck?: Luck): void;
  /** Makes everything durable that there is. */
  settle(): void;
  /** What a reader would see now; undefined when there is no such file. */
  contents(path: string): Uint8Array | undefined;
  text(path: string): string | undefined;
  /** All files, sorted. */
  paths(): readonly string[];
  /** Puts a file there, durable; counts no operation. For damage and for beginnings. */
  put(path: string, bytes: Uint8Array | string): void;
}

interface State {
  readonly root: FolderNode;
  names: (readonly NameEffect[])[];
  operations: number;
  crashed: boolean;
  life: number;
  crashAt: number | undefined;
  failFrom: number;
  failTo: number;
  failCode: string;
  capacity: number | undefined;
}

function changeNames(state: State, effects: readonly NameEffect[]): void {
  applyNames('current', effects);
  state.names.push(effects);
}

/** Begins an operation. Returns whether the disk crashes in it: it may happen, and throws in any case. */
function begin(state: State, life: number, path: string): 'do' | 'crash' {
  if (state.crashed || life !== state.life) throw new DiskCrash('the disk has crashed');
  const number = ++state.operations;
  if (number === state.crashAt) {
    state.crashed = true;
    return 'crash';
  }
  if (number >= state.failFrom && number < state.failTo) throw errnoError(state.failCode, path);
  return 'do';
}

async function operation<Value>(state: State, life: number, path: string, does: () => Value): Promise<Value> {
  const fate = begin(state, life, path);
  let value: Value;
  try {
    value = does();
  } catch (error) {
    if (fate === 'crash') throw new DiskCrash('the disk crashes');
    throw error;
  }
  if (fate === 'crash') throw new DiskCrash('the disk crashes');
  await Promise.resolve();
  if (state.crashed) throw new DiskCrash('the disk has crashed');
  return value;
}

function writeFile(state: State, file: FileNode, path: string, bytes: Uint8Array, position: number): void {
  let room = Number.POSITIVE_INFINITY;
  if (state.capacity !== undefined) {
    let used = 0;
    for (const [, other] of walkFiles(state.root)) used += other.current.length;
    room = Math.max(0, state.capacity - used) + Math.max(0, file.current.length - position);
  }
  const fits = Math.min(room, bytes.length);
  changeFile(file, { kind: 'write', position, bytes: Uint8Array.prototype.slice.call(bytes, 0, fits) });
  if (fits < bytes.length) throw errnoError('ENOSPC', path);
}

function openedFile(state: State, path: string, file: FileNode, mode: OpenMode): DiskFile {
  const { life } = state;
  let isOpen = true;
  const run = <Value>(does: () => Value): Promise<Value> =>
    operation(state, life, path, () => {
      if (!isOpen) throw errnoError('EBADF', path);
      return does();
    });
  const change = (does: () => void): Promise<void> =>
    run(() => {
      if (mode === 'read') throw errnoError('EBADF', path);
      does();
    });
  return {
    path,
    read: (into, position) =>
      run(() => {
        const bytes = file.current.subarray(position, position + into.length);
        into.set(bytes);
        return bytes.length;
      }),
    write: (bytes, position) => change(() => writeFile(state, file, path, bytes, position)),
    lengthBytes: () => run(() => file.current.length),
    truncate: (length) => change(() => changeFile(file, { kind: 'length', length })),
    sync: () => run(() => syncFile(file)),
    close: () =>
      run(() => {
        isOpen = false;
      }),
  };
}

function openNode(state: State, path: string, mode: OpenMode): FileNode {
  const { folder, name } = parentOf(state.root, path);
  const there = folder.current.get(name);
  if (there?.kind === 'folder') throw errnoError(mode === 'new' ? 'EEXIST' : 'EISDIR', path);
  if (there !== undefined) {
    if (mode === 'new') throw errnoError('EEXIST', path);
    return there;
  }
  if (mode === 'read') throw errnoError('ENOENT', path);
  const file = createFile();
  changeNames(state, [{ folder, name, node: file }]);
  return file;
}

function rename(state: State, from: string, to: string): void {
  const source = parentOf(state.root, from);
  const target = parentOf(state.root, to);
  const node = source.folder.current.get(source.name);
  if (node === undefined) throw errnoError('ENOENT', from);
  const there = target.folder.current.get(target.name);
  if (there === node) return;
  if (there !== undefined && there.kind !== node.kind) {
    throw errnoError(there.kind === 'folder' ? 'EISDIR' : 'ENOTDIR', to);
  }
  if (there?.kind === 'folder' && there.current.size > 0) throw errnoError('ENOTEMPTY', to);
  changeNames(state, [
    { ...source, node: undefined },
    { ...target, node },
  ]);
}

function link(state: State, from: string, to: string): void {
  const node = findNode(state.root, from);
  if (node === undefined) throw errnoError('ENOENT', from);
  if (node.kind === 'folder') throw errnoError('EPERM', from);
  const target = parentOf(state.root, to);
  if (target.folder.current.has(target.name)) throw errnoError('EEXIST', to);
  changeNames(state, [{ ...target, node }]);
}

function remove(state: State, path: string, kind: Node['kind']): void {
  const node = findNode(state.root, path);
  if (node === undefined) return;
  if (kind === 'file' && node.kind === 'folder') throw errnoError('ERR_FS_EISDIR', path);
  if (node.kind === 'folder') {
    for (const name of [...node.current.keys()]) remove(state, `${path}/${name}`, kind);
  }
  changeNames(state, [{ ...parentOf(state.root, path), node: undefined }]);
}

function makeFolder(state: State, path: string): void {
  let folder = state.root;
  for (const name of partsOf(path)) {
    let next = folder.current.get(name);
    if (next?.kind === 'file') throw errnoError('EEXIST', path);
    if (next === undefined) {
      next = createFolder();
      changeNames(state, [{ folder, name, node: next }]);
    }
    folder = next;
  }
}

function namesIn(state: State, path: string): readonly string[] {
  const node = findNode(state.root, path);
  if (node?.kind === 'file') throw errnoError('ENOTDIR', path);
  return node === undefined ? [] : [...node.current.keys()].sort();
}

function syncFolder(state: State, path: string): void {
  const folder = findNode(state.root, path);
  if (folder === undefined) throw errnoError('ENOENT', path);
  if (folder.kind === 'file') {
    syncFile(folder);
    return;
  }
  const touches = (effects: readonly NameEffect[]): boolean =>
    effects.some((effect) => effect.folder === folder);
  for (const effects of state.names.filter(touches)) applyNames('durable', effects);
  state.names = state.names.filter((effects) => !touches(effects));
}

function diskOf(state: State): Disk {
  const run = <Value>(path: string, does: () => Value): Promise<Value> =>
    operation(state, state.life, path, does);
  return {
    open: (path, mode) => run(path, () => openedFile(state, path, openNode(state, path, mode), mode)),
    rename: (from, to) => run(from, () => rename(state, from, to)),
    link: (from, to) => run(from, () => link(state, from, to)),
    // It has no permissions.
    makePrivate: (path) =>
      run(path, () => {
        if (findNode(state.root, path) === undefined) throw errnoError('ENOENT', path);
      }),
    remove: (path) => run(path, () => remove(state, path, 'file')),
    makeFolder: (path) => run(path, () => makeFolder(state, path)),
    removeFolder: (path) => run(path, () => remove(state, path, 'folder')),
    list: (path) => run(path, () => namesIn(state, path)),
    entry: (path) =>
      run(path, () => {
        const node = findNode(state.root, path);
        if (node === undefined) return undefined;
        return { kind: node.kind, lengthBytes: node.kind === 'file' ? node.current.length : 4096 };
      }),
    syncFolder: (path) => run(path, () => syncFolder(state, path)),
  };
}

function settle(state: State): void {
  for (const effects of state.names) applyNames('durable', effects);
  state.names = [];
  for (const [, file] of walkFiles(state.root)) syncFile(file);
}

function putFile(state: State, path: string, bytes: Uint8Array): void {
  const folders = path.slice(0, path.lastIndexOf('/') + 1);
  makeFolder(state, folders);
  const file = openNode(state, path, 'write');
  changeFile(file, { kind: 'length', length: 0 });
  changeFile(file, { kind: 'write', position: 0, bytes });
  settle(state);
}

/** An empty disk. The same seed tears the same writes. */
export function createDiskDouble(options: { readonly seed?: number } = {}): DiskDouble {
  const random = createRandom(options.seed ?? 1);
  const state: State = {
    root: createFolder(),
    names: [],
    operations: 0,
    crashed: false,
    life: 0,
    crashAt: undefined,
    failFrom: Number.POSITIVE_INFINITY,
    failTo: Number.POSITIVE_INFINITY,
    failCode: 'EIO',
    capacity: undefined,
  };
  const contents = (path: string): Uint8Array | undefined => {
    const node = findNode(state.root, path);
    return node?.kind === 'file' ? node.current.slice() : undefined;
  };
  return {
    disk: diskOf(state),
    get operations() {
      return state.operations;
    },
    get crashed() {
      return state.crashed;
    },
    crashAt: (number) => {
      state.crashAt = number;
    },
    crash: () => {
      state.crashed = true;
    },
    failAt: (number, code, times = 1) => {
      state.failFrom = number;
      state.failTo = number + times;
      state.failCode = code;
    },
    setCapacity: (bytes) => {
      state.capacity = bytes;
    },
    restart: (after = 'power', luck = 'some') => {
      if (after === 'power') {
        crashTree(state.root, state.names, luck, random);
        state.names = [];
      }
      state.crashed = false;
      state.crashAt = undefined;
      state.life++;
    },
    settle: () => settle(state),
    contents,
    text: (path) => {
      const bytes = contents(path);
      return bytes === undefined ? undefined : Buffer.from(bytes).toString();
    },
    paths: () => [...walkFiles(state.root)].map(([path]) => path).sort(),
    put: (path, bytes) => putFile(state, path, typeof bytes === 'string' ? Buffer.from(bytes) : bytes),
  };
}
