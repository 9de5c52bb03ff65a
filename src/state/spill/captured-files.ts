/**
 * The files of a sorted store in a folder of their own, as they were at a checkpoint: second names of files that are never
 * written again, each known by length and checksum. What was known at the checkpoint before is not read again.
 */
import { createHash } from 'node:crypto';
import type { Disk } from '../../disk/index.js';
import { damage } from '../store/damage.js';

/** A file of a captured store. */
export interface CapturedFile {
  readonly name: string;
  readonly lengthBytes: number;
  /** SHA-256, in hexadecimal digits. */
  readonly sha256: string;
}

/** LevelDB's lock and its log for people are no state. */
const isState = (name: string): boolean => name !== 'LOCK' && !/^LOG(\.old)?$/.test(name);

const pieceBytes = 1 << 18;

async function describe(disk: Disk, path: string, name: string, sync: boolean): Promise<CapturedFile> {
  const file = await disk.open(path, 'read');
  try {
    // LevelDB syncs its tables, but no log before it begins the next one.
    if (sync) await file.sync();
    const hash = createHash('sha256');
    const piece = new Uint8Array(pieceBytes);
    let lengthBytes = 0;
    for (;;) {
      const count = await file.read(piece, lengthBytes);
      if (count === 0) break;
      hash.update(piece.subarray(0, count));
      lengthBytes += count;
    }
    return { name, lengthBytes, sha256: hash.digest('hex') };
  } finally {
    await file.close();
  }
}

async function linkAll(disk: Disk, names: readonly string[], from: string, to: string): Promise<void> {
  await disk.removeFolder(to);
  await disk.makeFolder(to);
  for (const name of names) await disk.link(`${from}/${name}`, `${to}/${name}`);
}

/** Sorted tables have names that are given once; the names of the others come back with other bytes. */
const isTable = (name: string): boolean => name.endsWith('.ldb');

/**
 * Captures the files of a store that is closed. `known` are those that were captured before and their checksums; the
 * new ones are added. The folder is durable when the promise resolves.
 */
export async function captureFiles(
  disk: Disk,
  from: string,
  to: string,
  known: Map<string, CapturedFile>,
): Promise<readonly CapturedFile[]> {
  const names = (await disk.list(from)).filter(isState);
  await linkAll(disk, names, from, to);
  const files: CapturedFile[] = [];
  for (const name of names) {
    let file = known.get(name);
    if (file === undefined) {
      file = await describe(disk, `${to}/${name}`, name, true);
      // LevelDB makes its files as the umask says, which is not ours to change: it is that of the user's outputs too.
      await disk.makePrivate(`${to}/${name}`);
    }
    if (isTable(name)) known.set(name, file);
    files.push(file);
  }
  for (const name of known.keys()) if (!names.includes(name)) known.delete(name);
  await disk.syncFolder(to);
  return files;
}

/** Checks captured files byte by byte. Throws damage for the first that is not as it was. */
export async function checkFiles(disk: Disk, folder: string, files: readonly CapturedFile[]): Promise<void> {
  for (const { name, lengthBytes, sha256 } of files) {
    const path = `${folder}/${name}`;
    const entry = await disk.entry(path);
    if (entry?.kind !== 'file') throw damage(path, 'it is not there');
    if (entry.lengthBytes !== lengthBytes) {
      throw damage(path, `it has ${entry.lengthBytes} bytes, and ${lengthBytes} were written`);
    }
    const found = await describe(disk, path, name, false);
    if (found.sha256 !== sha256) throw damage(path, 'its checksum does not fit');
  }
}

/** Puts captured files into a working folder, in place of what is there. */
export async function layOutFiles(
  disk: Disk,
  from: string,
  to: string,
  files: readonly CapturedFile[],
): Promise<void> {
  await linkAll(
    disk,
    files.map(({ name }) => name),
    from,
    to,
  );
}
