/**
 * Savepoints: checkpoints that somebody asked to keep. A savepoint is a folder that can be moved anywhere and needs
 * nothing else; leat never deletes one by itself. Taking one needs no lock: a running job may tidy away under the
 * copier's hands what it is copying, which then begins again with the checkpoint that is newest by now.
 */
import { problem } from '../../diagnostics/index.js';
import { type Disk, folderOf } from '../../disk/index.js';
import type { StoredCheckpoint } from '../checkpoint.js';
import {
  checkpointFolder,
  checkSavepointName,
  manifestFile,
  savepointFolder,
  savepointsFolder,
} from '../paths.js';
import { copyCheckpoint } from './checkpoint-copy.js';
import { isDamage, onDisk } from './damage.js';
import { createDurableFolders } from './durable-folders.js';
import { type ManifestFacts, sameId } from './facts.js';
import { requireStore } from './job-file.js';
import { listStore, readSealed } from './listing.js';
import { type OpenedCheckpoint, openCheckpoint, storedCheckpoint } from './stored-checkpoint.js';

/** A savepoint as a list shows it. */
export interface SavepointEntry {
  readonly name: string;
  readonly path: string;
  /** Undefined when its manifest is damaged. */
  readonly manifest: Pick<ManifestFacts, 'job' | 'epoch' | 'completedAt' | 'finished'> | undefined;
}

const mostAttempts = 20;

/** The folder of a savepoint that is given by its name in the store, or by a path. */
export function savepointPath(store: string, nameOrPath: string): string {
  return nameOrPath.includes('/') ? nameOrPath : savepointFolder(store, nameOrPath);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * Copies the newest checkpoint that is whole into `folder`; undefined when what it copied was tidied away meanwhile.
 */
async function copyNewest(disk: Disk, store: string, folder: string): Promise<ManifestFacts | undefined> {
  const { past } = await listStore(disk, store);
  let damaged: Error | undefined;
  for (const { id } of past) {
    await disk.removeFolder(folder);
    try {
      const opened = await openCheckpoint(disk, { folder: checkpointFolder(store, id), base: store }, id);
      const { job } = opened.manifest;
      const manifest = { job, from: 'nothing', origin: null, isOrigin: false } as const;
      return await copyCheckpoint(disk, opened, { place: { folder, base: folder }, id, manifest });
    } catch (error) {
      const isLost = isDamage(error) || (error as { code?: string }).code === 'ENOENT';
      if (!isLost) throw error;
      damaged = isDamage(error) ? error : damaged;
      const now = await listStore(disk, store);
      if (!now.past.some((one) => sameId(one.id, id))) return undefined;
    }
  }
  if (damaged !== undefined) throw damaged;
  throw problem({
    code: 'state',
    message: 'there is no checkpoint yet that a savepoint could be made of',
    place: { kind: 'file', path: store },
    hint: 'wait for the first checkpoint of the job',
  });
}

/**
 * Keeps the newest complete checkpoint as a savepoint: under a name in the store, or in a folder of its own when
 * `nameOrPath` is a path. Resolves to what it holds.
 */
export function takeSavepoint(disk: Disk, store: string, nameOrPath: string): Promise<SavepointEntry> {
  return onDisk(store, async () => {
    await requireStore(disk, store);
    const path = savepointPath(store, nameOrPath);
    if ((await disk.entry(path)) !== undefined) {
      throw problem({
        code: 'state',
        message: `there is a savepoint ${nameOf(path)} already`,
        place: { kind: 'file', path },
        hint: 'give another name, or delete it',
      });
    }
    const parent = folderOf(path);
    await createDurableFolders(disk, parent).ensure(parent);
    const beside = `${path}.new`;
    for (let attempt = 1; ; attempt++) {
      const manifest = await copyNewest(disk, store, beside);
      if (manifest !== undefined) {
        await disk.rename(beside, path);
        await disk.syncFolder(parent);
        return { name: nameOf(path), path, manifest };
      }
      if (attempt === mostAttempts) {
        throw problem({
          code: 'state',
          message: 'checkpoints of the job are deleted faster than they can be copied',
          place: { kind: 'file', path: store },
          hint: 'let the job keep more of them with --keep, or take the savepoint when it has stopped',
        });
      }
    }
  });
}

/** The savepoints in a store, by name. */
export function listSavepoints(disk: Disk, store: string): Promise<readonly SavepointEntry[]> {
  return onDisk(store, async () => {
    const entries: SavepointEntry[] = [];
    for (const name of await disk.list(savepointsFolder(store))) {
      const path = `${savepointsFolder(store)}/${name}`;
      if (name.endsWith('.new')) continue;
      const manifest = await readSealed<ManifestFacts>(disk, 'manifest', manifestFile(path));
      if (manifest === undefined) continue;
      entries.push({ name, path, manifest: manifest === 'damaged' ? undefined : manifest });
    }
    return entries;
  });
}

export function deleteSavepoint(disk: Disk, store: string, name: string): Promise<void> {
  return onDisk(store, async () => {
    const path = savepointFolder(store, checkSavepointName(name));
    if ((await disk.entry(path)) === undefined) throw noSavepoint(path);
    await disk.remove(manifestFile(path));
    await disk.syncFolder(path);
    await disk.removeFolder(path);
    await disk.syncFolder(folderOf(path));
  });
}

function noSavepoint(path: string): Error {
  return problem({
    code: 'state',
    message: 'there is no savepoint here',
    place: { kind: 'file', path },
    hint: 'leat savepoint list says which there are',
  });
}

/** Opens the folder of a savepoint; its structure is checked, its pages when they are loaded. */
export async function openSavepoint(disk: Disk, path: string): Promise<OpenedCheckpoint> {
  if ((await disk.entry(manifestFile(path))) === undefined) throw noSavepoint(path);
  return openCheckpoint(disk, { folder: path, base: path });
}

/** What a savepoint holds, wherever it lies. */
export function readSavepoint(
  disk: Disk,
  path: string,
): Promise<{ readonly job: string; readonly checkpoint: StoredCheckpoint }> {
  return onDisk(path, async () => {
    const opened = await openSavepoint(disk, path);
    const checkpoint = { ...storedCheckpoint(disk, opened), savepoint: nameOf(path) };
    return { job: opened.manifest.job, checkpoint };
  });
}
