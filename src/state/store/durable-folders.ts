/**
 * Makes folders whose names are on the device before anything is put into them. Once for each folder and process:
 * that a folder is there does not say that the process that made it came to sync it.
 */
import { type Disk, folderOf } from '../../disk/index.js';

export interface DurableFolders {
  /** Makes the folder and those above it, durably. Once is enough for a folder: it is remembered. */
  ensure(path: string): Promise<void>;
  /** The same for folders that stand in one that is ensured: it is synced once for all of them. */
  ensureIn(parent: string, paths: readonly string[]): Promise<void>;
  /** The same for a folder that is asked for once. */
  make(path: string): Promise<void>;
}

/** A folder that is not ours to open stands there already: its names were synced by whoever made it. */
async function syncIfAllowed(disk: Disk, path: string): Promise<void> {
  try {
    await disk.syncFolder(path);
  } catch (error) {
    const { code } = error as { readonly code?: string };
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
  }
}

/** `ensured`: folders that the one who told of them has made durable. */
export function createDurableFolders(
  disk: Disk,
  root: string,
  ensured: readonly string[] = [],
): DurableFolders {
  const known = new Set(ensured);
  const make = async (path: string): Promise<void> => {
    const parent = folderOf(path);
    if (parent !== path) await ensure(parent);
    await disk.makeFolder(path);
    await syncIfAllowed(disk, parent);
  };
  const ensure = async (path: string): Promise<void> => {
    if (known.has(path)) return;
    const isOutside = !path.startsWith(root);
    if (isOutside && (await disk.entry(path)) !== undefined) return;
    await make(path);
    known.add(path);
  };
  const ensureIn = async (parent: string, paths: readonly string[]): Promise<void> => {
    await ensure(parent);
    const missing = paths.filter((path) => !known.has(path));
    if (missing.length === 0) return;
    for (const path of missing) await disk.makeFolder(path);
    await syncIfAllowed(disk, parent);
    for (const path of missing) known.add(path);
  };
  return { ensure, ensureIn, make };
}
