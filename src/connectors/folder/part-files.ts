/**
 * The files of a folder of parts: opened when they are written to, of which only so many at a time, published
 * by renaming, synced when a checkpoint asks for it. Remembers which folders have names in them that are not
 * on the device yet.
 */
import { type Disk, type DiskFile, folderOf, type OpenMode } from '../../disk/index.js';
import { createSyncAhead, type SyncAhead } from '../epochs/sync-ahead.js';
import { hiddenName, successMark, visibleName } from './part-name.js';
import type { Part } from './parts.js';

/** Files that are open at a time; the one that was not used for longest is closed for another. */
const mostOpen = 64;
const syncedAtOnce = 8;
const mostRemembered = 10_000;
const umaskDecides = { file: 0o666, folder: 0o777 };

export interface PartFiles {
  /** Appends to a part, whose file is created with its folder when it is not there yet. */
  append(part: Part, bytes: Uint8Array): Promise<void>;
  /** Closes the file of a part that is finished. */
  finish(part: Part): Promise<void>;
  /** Gives a finished part its visible name. Done twice it is done once; false when there is no such file. */
  publish(run: number, partition: string, number: number): Promise<boolean>;
  /** Says that nothing more is expected in a partition. */
  mark(partition: string): Promise<void>;
  sync(parts: readonly Part[], run: number): Promise<void>;
  /** Makes the names in the folders durable that have changed. */
  syncFolders(): Promise<void>;
  /** Notes that names in the folder of a partition have changed. */
  changed(partition: string): void;
  closeAll(): Promise<void>;
}

/** `isSynced`: checkpoints ask for syncs, which are begun while the parts are written. */
export function createPartFiles(disk: Disk, root: string, runOf: () => number, isSynced: boolean): PartFiles {
  const open = new Map<Part, DiskFile>();
  const aheads = new WeakMap<Part, SyncAhead>();
  const changedFolders = new Set<string>();
  const known = new Set<string>();
  const pathOf = (partition: string): string => (partition === '' ? root : `${root}/${partition}`);
  const hidden = (run: number, partition: string, number: number): string =>
    `${pathOf(partition)}/${hiddenName(run, number)}`;

  /** Makes a folder and has its name synced, also when it is there: a run that died may have made it and not synced it. */
  const makeKnown = async (folder: string): Promise<void> => {
    if (known.has(folder)) return;
    await disk.makeFolder(folder, umaskDecides.folder);
    for (let above = folderOf(folder); ; above = folderOf(above)) {
      changedFolders.add(above);
      if (above === folderOf(root) || above === '.' || above === '/') break;
    }
    if (known.size >= mostRemembered) known.clear();
    known.add(folder);
  };
  /** Opens a file in a folder that is made if need be. The folder counts as changed after that: it is synced meanwhile. */
  const openNamed = async (folder: string, name: string, mode: OpenMode): Promise<DiskFile> => {
    await makeKnown(folder);
    const file = await disk.open(`${folder}/${name}`, mode, umaskDecides.file);
    changedFolders.add(folder);
    return file;
  };
  const create = async (part: Part): Promise<DiskFile> => {
    const file = await openNamed(pathOf(part.partition), hiddenName(runOf(), part.number), 'new');
    part.isCreated = true;
    return file;
  };
  /** A descriptor must not be closed under a sync; that one has failed is told to who asks for the sync. */
  const close = async (part: Part, file: DiskFile): Promise<void> => {
    await aheads
      .get(part)
      ?.done()
      .catch(() => {});
    await file.close();
  };
  const syncAhead = (part: Part, file: DiskFile, lengthBytes: number): void => {
    if (!isSynced) return;
    const ahead = aheads.get(part) ?? createSyncAhead();
    aheads.set(part, ahead);
    ahead.written(file, lengthBytes);
  };
  const fileOf = async (part: Part): Promise<DiskFile> => {
    let file = open.get(part);
    open.delete(part);
    if (file === undefined) {
      const [oldest] = open;
      if (oldest !== undefined && open.size >= mostOpen) {
        open.delete(oldest[0]);
        await close(...oldest);
      }
      file = part.isCreated
        ? await disk.open(hidden(runOf(), part.partition, part.number), 'write')
        : await create(part);
    }
    open.set(part, file);
    return file;
  };
  const syncOne = async (part: Part, run: number): Promise<void> => {
    await aheads.get(part)?.done();
    const file = await disk.open(hidden(run, part.partition, part.number), 'write');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  };

  return {
    async append(part, bytes) {
      const file = await fileOf(part);
      await file.write(bytes, part.writtenBytes);
      part.writtenBytes += bytes.length;
      syncAhead(part, file, bytes.length);
    },
    async finish(part) {
      const file = open.get(part);
      open.delete(part);
      if (file !== undefined) await close(part, file);
    },
    async publish(run, partition, number) {
      const from = hidden(run, partition, number);
      const to = `${pathOf(partition)}/${visibleName(run, number)}`;
      const isHidden = (await disk.entry(from)) !== undefined;
      if (!isHidden && (await disk.entry(to)) === undefined) return false;
      if (isHidden) await disk.rename(from, to);
      // Also when it has the name: a run that died may have given it and not synced it.
      changedFolders.add(pathOf(partition));
      return true;
    },
    async mark(partition) {
      const file = await openNamed(pathOf(partition), successMark, 'write');
      await file.close();
    },
    async sync(parts, run) {
      for (let from = 0; from < parts.length; from += syncedAtOnce) {
        await Promise.all(parts.slice(from, from + syncedAtOnce).map((part) => syncOne(part, run)));
      }
    },
    async syncFolders() {
      const folders = [...changedFolders];
      changedFolders.clear();
      for (const folder of folders) await disk.syncFolder(folder);
    },
    changed(partition) {
      changedFolders.add(pathOf(partition));
    },
    async closeAll() {
      for (const [part, file] of open) await close(part, file);
      open.clear();
    },
  };
}
