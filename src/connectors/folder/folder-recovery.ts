/**
 * A folder of parts after a crash: brought back to where the checkpoint has it, or made ready for a job that
 * begins. Removes and renames only parts of its own run; files that were there before, or that somebody else
 * put there, stay.
 */
import { problem } from '../../diagnostics/index.js';
import { type Disk, readWhole, replaceWhole } from '../../disk/index.js';
import type { PartFiles } from './part-files.js';
import { hiddenName, type PartName, readPartName, successMark, visibleName } from './part-name.js';
import type { FolderCommittable } from './parts.js';

interface FoundPart extends PartName {
  readonly partition: string;
}

/** Deeper sub-folders are nobody's partitions; a link in a circle ends here. */
const deepestLevel = 16;

async function findParts(disk: Disk, root: string, partition = '', level = 0): Promise<FoundPart[]> {
  const folder = partition === '' ? root : `${root}/${partition}`;
  const found: FoundPart[] = [];
  for (const name of await disk.list(folder)) {
    const part = readPartName(name);
    if (part !== undefined) found.push({ ...part, partition });
    else if (!/^[._]/.test(name) && level < deepestLevel) {
      const entry = await disk.entry(`${folder}/${name}`);
      if (entry?.kind !== 'folder') continue;
      const below = partition === '' ? name : `${partition}/${name}`;
      found.push(...(await findParts(disk, root, below, level + 1)));
    }
  }
  return found;
}

function pathOf(root: string, { partition, run, number, isHidden }: FoundPart): string {
  const name = isHidden ? hiddenName(run, number) : visibleName(run, number);
  return partition === '' ? `${root}/${name}` : `${root}/${partition}/${name}`;
}

async function readClaim(disk: Disk, path: string): Promise<number | undefined> {
  const bytes = await readWhole(disk, path);
  if (bytes === undefined) return undefined;
  const run = Number(Buffer.from(bytes).toString());
  return Number.isSafeInteger(run) && run >= 0 ? run : undefined;
}

/**
 * The number of the run that begins: one that no part in the folder has. `claimPath` is a file that keeps it
 * until there is a checkpoint, so that what a run without one left behind is known to be ours and removed.
 */
export async function beginFolder(disk: Disk, root: string, claimPath: string | undefined): Promise<number> {
  const found = await findParts(disk, root);
  const claimed = claimPath === undefined ? undefined : await readClaim(disk, claimPath);
  const left = found.filter(({ run, isHidden }) => isHidden && run === claimed);
  for (const part of left) await disk.remove(pathOf(root, part));
  if (claimed !== undefined && found.every(({ run, isHidden }) => isHidden || run !== claimed))
    return claimed;
  const run = found.reduce((highest, part) => Math.max(highest, part.run + 1), 0);
  if (claimPath !== undefined) await replaceWhole(disk, claimPath, Buffer.from(String(run)));
  return run;
}

function missing(path: string, lengthBytes: number): Error {
  return problem({
    code: 'output',
    message: `the part file does not have the ${lengthBytes} bytes of the checkpoint: it was cut, changed or removed`,
    place: { kind: 'file', path },
    hint: 'put the file back as it was, or start the job anew with a new --state',
  });
}

async function cutTo(disk: Disk, path: string, lengthBytes: number): Promise<void> {
  const entry = await disk.entry(path);
  if (entry === undefined || entry.lengthBytes < lengthBytes) throw missing(path, lengthBytes);
  if (entry.lengthBytes === lengthBytes) return;
  const file = await disk.open(path, 'write');
  try {
    await file.truncate(lengthBytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Whether the folder holds parts of a run. */
export async function hasPartsOf(disk: Disk, root: string, run: number): Promise<boolean> {
  return (await findParts(disk, root)).some((part) => part.run === run);
}

/**
 * Brings the folder to where the checkpoint has it, with what its commit publishes. Resolves to the number of parts that
 * later checkpoints had published and that are removed.
 */
export async function restoreFolder(
  disk: Disk,
  root: string,
  kept: FolderCommittable,
  files: PartFiles,
): Promise<number> {
  const { run } = kept;
  const inProgress = kept.partitions.flatMap(({ part }) => part ?? []);
  const key = (part: { readonly partition: string; readonly number: number }): string =>
    `${part.number} ${part.partition}`;
  const writing = new Set(inProgress.map(key));
  const rolled = new Set(kept.rolled.map(key));
  let removed = 0;
  for (const part of await findParts(disk, root)) {
    if (part.run !== run || (part.isHidden && (writing.has(key(part)) || rolled.has(key(part))))) continue;
    const path = pathOf(root, part);
    // A later checkpoint that is not there any more had published it.
    if (!part.isHidden && writing.has(key(part))) {
      await disk.rename(path, pathOf(root, { ...part, isHidden: true }));
    } else if (part.isHidden || part.number >= kept.nextNumber) {
      await disk.remove(path);
      if (!part.isHidden) removed++;
    } else continue;
    files.changed(part.partition);
  }
  for (const part of inProgress) {
    await cutTo(disk, pathOf(root, { ...part, run, isHidden: true }), part.lengthBytes);
    const mark =
      part.partition === '' ? `${root}/${successMark}` : `${root}/${part.partition}/${successMark}`;
    if ((await disk.entry(mark)) !== undefined) await disk.remove(mark);
  }
  for (const part of kept.rolled) {
    const path = pathOf(root, { ...part, run, isHidden: true });
    if ((await disk.entry(path)) !== undefined) await cutTo(disk, path, part.lengthBytes);
    const isThere = await files.publish(run, part.partition, part.number);
    const visible = pathOf(root, { ...part, run, isHidden: false });
    if (!isThere) throw missing(visible, part.lengthBytes);
    await cutTo(disk, visible, part.lengthBytes);
  }
  for (const partition of kept.done) await files.mark(partition);
  await files.syncFolders();
  return removed;
}
