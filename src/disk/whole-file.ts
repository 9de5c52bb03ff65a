/** Files that are read and written as a whole. A whole file is replaced at once: a crash leaves the old one or the new. */
import type { Disk, DiskFile } from './disk.js';

/** Opens a file for reading; undefined when it is not there, also when another process removes it just now. */
async function openIfThere(disk: Disk, path: string): Promise<DiskFile | undefined> {
  try {
    return await disk.open(path, 'read');
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** The bytes of a file; undefined when it is not there. */
export async function readWhole(disk: Disk, path: string): Promise<Uint8Array | undefined> {
  const file = await openIfThere(disk, path);
  if (file === undefined) return undefined;
  try {
    const bytes = new Uint8Array(await file.lengthBytes());
    const count = await file.read(bytes, 0);
    return bytes.subarray(0, count);
  } finally {
    await file.close();
  }
}

/** The folder of a path. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  if (slash < 0) return '.';
  return slash === 0 ? '/' : path.slice(0, slash);
}

/** Opens a file that is new, also where a run that died has left one of its name. */
async function openAnew(disk: Disk, path: string): Promise<DiskFile> {
  try {
    return await disk.open(path, 'new');
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== 'EEXIST') throw error;
    await disk.remove(path);
    return await disk.open(path, 'new');
  }
}

/** Writes a new file, syncs it, and puts it in the place of the old one. The folder must be there. */
export async function replaceWhole(disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
  const beside = `${path}.new`;
  const file = await openAnew(disk, beside);
  try {
    await file.write(bytes, 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(beside, path);
  await disk.syncFolder(folderOf(path));
}
