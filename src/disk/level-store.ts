/**
 * A sorted map of bytes to bytes in a folder, on LevelDB (the package classic-level, which is loaded when the first one is
 * opened). Reads are synchronous, writes come in batches. One process at a time has the folder. Files once written are
 * not written again, except by the store that has them open; what they are called and hold is LevelDB's business.
 * Failures are problems of the code state. Knows nothing of what keys and values mean.
 */
import type { ClassicLevel } from 'classic-level';
import { type Problem, problem } from '../diagnostics/index.js';

/** Writes that reach the store together. Bytes are copied at once. */
export interface LevelBatch {
  put(key: Uint8Array, value: Uint8Array): void;
  /** Writes everything; nothing of it can be read before. `durable` waits until it is on the device. */
  write(durable: boolean): Promise<void>;
}

export interface LevelStore {
  /** The value of a key; the bytes are the caller's. */
  get(key: Uint8Array): Uint8Array | undefined;
  batch(): LevelBatch;
  /** Removes all keys from `from` up to, not including, `to`. */
  clear(from: Uint8Array, to: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** How much memory a store takes, in bytes. */
export interface LevelMemory {
  /** For blocks that were read. */
  readonly cacheBytes: number;
  /** For what was written and is in no sorted file yet; twice that while it is being sorted. */
  readonly writeBufferBytes: number;
}

/** Larger files than LevelDB's own 2 MiB: there are fewer of them to link and to open. */
const fileBytes = 8 << 20;

function failed(folder: string, error: unknown): Problem {
  const cause = error as { readonly message?: string; readonly cause?: { readonly message?: string } };
  const why = cause.cause?.message ?? cause.message ?? String(error);
  const isFull = /no space left|quota/i.test(why);
  return problem({
    code: 'state',
    message: isFull ? 'no room is left on the disk of the state' : `the state on disk cannot be used: ${why}`,
    place: { kind: 'file', path: folder },
    ...(isFull ? { hint: 'make room, or name a folder on another disk' } : {}),
    cause: error,
  });
}

async function attempt<Value>(folder: string, does: () => Promise<Value>): Promise<Value> {
  try {
    return await does();
  } catch (error) {
    throw failed(folder, error);
  }
}

/** Not `import()`, which code that V8 has compiled before cannot do: see bin/leat. */
function load(folder: string): typeof import('classic-level') {
  try {
    const { createRequire } = process.getBuiltinModule('node:module');
    return createRequire(import.meta.url)('classic-level') as typeof import('classic-level');
  } catch (error) {
    throw problem({
      code: 'state',
      message: 'the package classic-level, which keeps state on disk, cannot be loaded',
      place: { kind: 'file', path: folder },
      hint: 'there may be no build of it for this machine; --state-backend memory needs none',
      cause: error,
    });
  }
}

function batchOf(folder: string, db: ClassicLevel<Uint8Array, Uint8Array>): LevelBatch {
  const batch = db.batch();
  return {
    put: (key, value) => {
      batch.put(key, value);
    },
    write: (durable) => attempt(folder, () => batch.write({ sync: durable })),
  };
}

/** Opens the store in a folder; both are made when they are not there. */
export async function openLevelStore(folder: string, memory: LevelMemory): Promise<LevelStore> {
  const { ClassicLevel } = load(folder);
  const db = new ClassicLevel<Uint8Array, Uint8Array>(folder, {
    keyEncoding: 'view',
    valueEncoding: 'view',
    cacheSize: memory.cacheBytes,
    writeBufferSize: memory.writeBufferBytes,
    maxFileSize: fileBytes,
  });
  await attempt(folder, () => db.open());
  return {
    get(key) {
      try {
        return db.getSync(key);
      } catch (error) {
        throw failed(folder, error);
      }
    },
    batch: () => batchOf(folder, db),
    clear: (from, to) => attempt(folder, () => db.clear({ gte: from, lt: to })),
    close: () => attempt(folder, () => db.close()),
  };
}
