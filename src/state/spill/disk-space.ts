/**
 * A spill space in a folder, on a sorted store. The store is opened when something is to be put for the first time: state
 * that fits into memory costs nothing here. The folder is of one run: what a run finds there of an earlier one, it
 * removes, and what it goes on from it takes from a checkpoint.
 *
 * A checkpoint closes the store, gives its files second names and opens it again: LevelDB then begins a new log and a new
 * manifest and writes to none of the old files any more.
 */
import { type Disk, type LevelBatch, type LevelStore, openLevelStore } from '../../disk/index.js';
import { onDisk } from '../store/damage.js';
import { type CapturedFile, captureFiles, checkFiles, layOutFiles } from './captured-files.js';
import type { SpillSpace } from './spill-space.js';

export interface DiskSpace extends SpillSpace {
  /** Whether a flush has something to do. */
  readonly isWaiting: boolean;
  /** Writes what was put, and forgets what was forgotten. */
  flush(): Promise<void>;
  /**
   * Puts the files of the space into a folder, durably, as they were at the last flush; none when nothing was ever
   * flushed. Nothing is read meanwhile.
   */
  capture(folder: string): Promise<readonly CapturedFile[]>;
  /** Goes on from files that were captured, checked first. To be called before anything else. */
  restore(folder: string, files: readonly CapturedFile[]): Promise<void>;
  /** Closes the store and removes its folder. */
  close(): Promise<void>;
}

const memory = { cacheBytes: 16 << 20, writeBufferBytes: 8 << 20 };

interface Captured {
  readonly folder: string;
  readonly files: readonly CapturedFile[];
}

interface State {
  readonly disk: Disk;
  readonly folder: string;
  store: LevelStore | undefined;
  batch: LevelBatch | undefined;
  /** What was put before the store was open. */
  early: (readonly [Uint8Array, Uint8Array])[];
  forgotten: Uint8Array[];
  /** Tables whose checksums are known. */
  readonly known: Map<string, CapturedFile>;
  /** What was captured last, while the store has not changed since. */
  last: Captured | undefined;
  /** The folder holds what this space has put there. */
  isOwn: boolean;
  /** The files are being captured: nothing can be read. */
  isAway: boolean;
}

/** The least bytes behind all that begin with a prefix, not all of whose bytes are 255. */
function behind(prefix: Uint8Array): Uint8Array {
  let length = prefix.length;
  while (prefix[length - 1] === 255) length--;
  // Not slice: that of a Buffer is no copy.
  const end = Uint8Array.from(prefix.subarray(0, length));
  end[length - 1]! += 1;
  return end;
}

async function open(state: State): Promise<LevelStore> {
  if (state.store === undefined) {
    if (!state.isOwn) await state.disk.removeFolder(state.folder);
    state.isOwn = true;
    await state.disk.makeFolder(state.folder);
    state.store = await openLevelStore(state.folder, memory);
  }
  return state.store;
}

function put(state: State, store: LevelStore, key: Uint8Array, value: Uint8Array): void {
  state.batch ??= store.batch();
  state.batch.put(key, value);
}

async function flush(state: State): Promise<void> {
  const { early, forgotten } = state;
  state.early = [];
  state.forgotten = [];
  if (state.store === undefined && early.length === 0) return;
  const store = await open(state);
  for (const [key, value] of early) put(state, store, key, value);
  const { batch } = state;
  state.batch = undefined;
  if (batch === undefined && forgotten.length === 0) return;
  state.last = undefined;
  await batch?.write(false);
  for (const prefix of forgotten) await store.clear(prefix, behind(prefix));
}

/** The same files once more, if nobody has removed the ones that were captured last. */
async function captureAgain(disk: Disk, last: Captured, folder: string): Promise<boolean> {
  try {
    await layOutFiles(disk, last.folder, folder, last.files);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  await disk.syncFolder(folder);
  return true;
}

async function capture(state: State, folder: string): Promise<readonly CapturedFile[]> {
  const { disk, last } = state;
  if (state.store === undefined && last === undefined) return [];
  if (last === undefined || !(await captureAgain(disk, last, folder))) {
    state.isAway = true;
    await state.store?.close();
    state.store = undefined;
    const files = await captureFiles(disk, state.folder, folder, state.known);
    await open(state);
    state.isAway = false;
    state.last = { folder, files };
  }
  return state.last!.files;
}

async function restore(state: State, folder: string, files: readonly CapturedFile[]): Promise<void> {
  if (files.length === 0) return;
  await checkFiles(state.disk, folder, files);
  await layOutFiles(state.disk, folder, state.folder, files);
  state.isOwn = true;
  for (const file of files) if (file.name.endsWith('.ldb')) state.known.set(file.name, file);
  await open(state);
  state.last = { folder, files };
}

/** A space that works in this folder, whatever is there now. */
export function createDiskSpace(disk: Disk, folder: string): DiskSpace {
  const state: State = {
    disk,
    folder,
    store: undefined,
    batch: undefined,
    early: [],
    forgotten: [],
    known: new Map(),
    last: undefined,
    isOwn: false,
    isAway: false,
  };
  return {
    get(key) {
      if (state.isAway) throw new Error('a spill space is read while its files are captured');
      return state.store?.get(key);
    },
    put(key, value) {
      if (state.store === undefined) state.early.push([Uint8Array.from(key), Uint8Array.from(value)]);
      else put(state, state.store, key, value);
    },
    forget(prefix) {
      state.forgotten.push(Uint8Array.from(prefix));
    },
    get isWaiting() {
      const { store, batch, early, forgotten } = state;
      return batch !== undefined || early.length > 0 || (store !== undefined && forgotten.length > 0);
    },
    flush: () => flush(state),
    capture: (into) => onDisk(into, () => capture(state, into)),
    restore: (from, files) => onDisk(from, () => restore(state, from, files)),
    async close() {
      await state.store?.close();
      state.store = undefined;
      if (state.isOwn) await disk.removeFolder(folder);
    },
  };
}
