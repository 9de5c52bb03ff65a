/**
 * Where a job began to write to a target at once: kept beside its epochs before the first byte. A run that dies before its
 * first checkpoint leaves output, which the next one finds by this. The first checkpoint knows better, and takes its place.
 */
import { problem } from '../../diagnostics/index.js';
import { type Disk, readWhole, replaceWhole } from '../../disk/index.js';
import { crc32 } from './crc32.js';
import { type FileCommittable, fileCommittable } from './target.js';

const begunPath = (folder: string): string => `${folder}/begun`;

/** Keeps it, as if a checkpoint had committed nothing yet. It is durable when that resolves. */
export async function keepBegun(disk: Disk, folder: string, begun: FileCommittable): Promise<void> {
  const line = Buffer.from(JSON.stringify(begun));
  await replaceWhole(disk, begunPath(folder), Buffer.from(`${line}\n${crc32(line)}\n`));
}

/** What was kept for the output of this path. Throws a problem of the code state when it is damaged. */
export async function readBegun(
  disk: Disk,
  folder: string,
  path: string,
): Promise<FileCommittable | undefined> {
  const bytes = await readWhole(disk, begunPath(folder));
  if (bytes === undefined) return undefined;
  const text = Buffer.from(bytes).toString();
  const line = text.slice(0, text.indexOf('\n'));
  if (text !== `${line}\n${crc32(Buffer.from(line))}\n`) {
    throw problem({
      code: 'state',
      message: 'what says where the output begins is damaged',
      place: { kind: 'file', path: begunPath(folder) },
      hint: 'the disk or another program changed it; begin anew, with a new --state and a new output',
    });
  }
  const begun = fileCommittable(JSON.parse(line));
  return begun.path === path ? begun : undefined;
}

export function forgetBegun(disk: Disk, folder: string): Promise<void> {
  return disk.remove(begunPath(folder));
}
