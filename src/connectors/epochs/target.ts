/**
 * The file that an output goes to: how it is opened, how pieces of epochs are put behind one another in it,
 * and how it is brought back to where a checkpoint has it. What lies in front of the committed length is
 * never written again, and nothing is cut before it is certain that the file is the one that the checkpoint
 * knows.
 */

import { problem } from '../../diagnostics/index.js';
import { type Disk, type DiskFile, folderOf } from '../../disk/index.js';
import type { Committable, CommittedEpoch } from '../epoch-sink.js';
import { fileProblem } from '../file-source.js';
import { writeProblem } from '../sink.js';
import { crc32 } from './crc32.js';
import { eachPiece } from './each-piece.js';
import { type EpochPiece, endOf, epochPath } from './epoch-log.js';
import { createSyncAhead } from './sync-ahead.js';

export interface Target {
  /** For messages: a path, or stdout. */
  readonly name: string;
  /** Whether a run from the beginning empties it. */
  readonly begunAnew: boolean;
  /** What to do when it is shorter than what was committed. */
  readonly remedy: string;
  /** Its length; 0 when it is not there. Creates nothing. */
  lengthBytes(): Promise<number>;
  open(): Promise<DiskFile>;
}

const ownersUmaskDecides = 0o666;

/** A file that is named by path. */
export function pathTarget(disk: Disk, path: string, permissions = ownersUmaskDecides): Target {
  return {
    name: path,
    begunAnew: true,
    remedy: `put the file back as it was, or start the job anew with a new --state`,
    async lengthBytes() {
      return (await disk.entry(path))?.lengthBytes ?? 0;
    },
    async open() {
      try {
        const file = await disk.open(path, 'write', permissions);
        // Otherwise a crash could take the file away under a committed length. A file that is there already may owe its name
        // to a run that died before this.
        await disk.syncFolder(folderOf(path));
        return file;
      } catch (error) {
        throw isNamed(error) ? fileProblem('output', path, error) : error;
      }
    },
  };
}

/** stdout, redirected to a regular file. */
export function descriptorTarget(name: string, file: DiskFile): Target {
  return {
    name,
    begunAnew: false,
    remedy: 'redirect with >> to the file of the run before: > empties it before leat sees it',
    lengthBytes: () => file.lengthBytes(),
    open: () => Promise.resolve(file),
  };
}

/** Whether an error is one of the operating system's. */
function isNamed(error: unknown): error is NodeJS.ErrnoException {
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' && !code.startsWith('ERR_');
}

/** The problem of an error of the operating system; others are passed on as they are. */
export function outputFailure(
  name: string,
  error: unknown,
  whatFollows = 'the job goes on from its last checkpoint',
): unknown {
  return isNamed(error) ? writeProblem(name, error, whatFollows) : error;
}

/** What a checkpoint keeps: pieces in the order of the target; the last one is that of the checkpoint's epoch. */
export interface FileCommittable {
  readonly version: 1;
  readonly path: string;
  /** The epoch, behind those that had not been applied when it ended. */
  readonly pieces: readonly EpochPiece[];
  /** The last piece that was in the target already and was not empty, by which it is recognised. */
  readonly before?: EpochPiece;
}

/** Reads what a checkpoint kept. Throws a problem when this version does not understand it. */
export function fileCommittable(committable: Committable): FileCommittable {
  if (committable['version'] === 1 && Array.isArray(committable['pieces'])) {
    return committable as unknown as FileCommittable;
  }
  throw problem({
    code: 'state',
    message: 'the checkpoint knows the output in a form that this version does not understand',
    hint: 'resume with the version of leat that wrote it, and with the same kind of output',
  });
}

/** CRC-32 of a span of a file; undefined when it does not reach so far. */
async function checksumOf(
  file: DiskFile,
  fromBytes: number,
  lengthBytes: number,
): Promise<number | undefined> {
  let checksum = 0;
  const done = await eachPiece(file, fromBytes, lengthBytes, (bytes) => {
    checksum = crc32(bytes, checksum);
  });
  return done === lengthBytes ? checksum : undefined;
}

/** Copies an epoch's file behind the base of its piece. The target has just the length of the base. */
export async function appendEpoch(
  disk: Disk,
  path: string,
  target: DiskFile,
  piece: EpochPiece,
): Promise<void> {
  const source = await disk.open(path, 'read');
  const ahead = createSyncAhead();
  try {
    const done = await eachPiece(source, 0, piece.lengthBytes, async (bytes, atBytes) => {
      await target.write(bytes, piece.baseBytes + atBytes);
      ahead.written(target, bytes.length);
    });
    if (done < piece.lengthBytes) throw damagedEpoch(path);
    await ahead.done();
  } finally {
    await ahead.done().catch(() => {});
    await source.close();
  }
}

function damagedEpoch(path: string): Error {
  return problem({
    code: 'state',
    message: 'output that was not applied yet is damaged',
    place: { kind: 'file', path },
    hint: 'the disk or another program changed it; go back to an older checkpoint or a savepoint',
  });
}

function shorter(target: Target, lengthBytes: number, neededBytes: number): Error {
  return problem({
    code: 'output',
    message: `the output has ${lengthBytes} bytes, and the checkpoint committed ${neededBytes}: it was cut or replaced`,
    place: { kind: 'file', path: target.name },
    hint: target.remedy,
  });
}

/** The file is not the one that the job wrote to. */
export function foreign(target: Target): Error {
  return problem({
    code: 'output',
    message: 'the output does not hold what the checkpoint committed: it was changed or is another file',
    place: { kind: 'file', path: target.name },
    hint: target.remedy,
  });
}

/** The file is longer or shorter than what this run has put into it. */
export function changedByOthers(target: Target): Error {
  return problem({
    code: 'output',
    message: 'another program changed the output while this run writes it',
    place: { kind: 'file', path: target.name },
    hint: 'give each job an output of its own; the state holds all that is not in it yet',
  });
}

/** Whether the epoch's file is there and whole. Throws when it is there and damaged. */
export async function hasEpoch(disk: Disk, path: string, piece: EpochPiece): Promise<boolean> {
  const entry = await disk.entry(path);
  if (entry?.kind !== 'file') return false;
  const file = await disk.open(path, 'read');
  try {
    if (entry.lengthBytes !== piece.lengthBytes) throw damagedEpoch(path);
    if ((await checksumOf(file, 0, piece.lengthBytes)) !== piece.checksum) throw damagedEpoch(path);
  } finally {
    await file.close();
  }
  return true;
}

/** CRC-32 of a span of the target, undefined when it does not reach so far; or that it cannot be read. */
export async function checksumIfReadable(
  file: DiskFile,
  fromBytes: number,
  lengthBytes: number,
): Promise<number | undefined | 'unreadable'> {
  try {
    return await checksumOf(file, fromBytes, lengthBytes);
  } catch (error) {
    // stdout may be open for writing only, on systems that do not open it a second time.
    if ((error as NodeJS.ErrnoException).code === 'EBADF') return 'unreadable';
    throw error;
  }
}

/** Whether a piece is in the target; undefined when that cannot be found out. */
async function holds(file: DiskFile, piece: EpochPiece): Promise<boolean | undefined> {
  const checksum = await checksumIfReadable(file, piece.baseBytes, piece.lengthBytes);
  return checksum === 'unreadable' ? undefined : checksum === piece.checksum;
}

/** How many of the pieces are in the target, from the first; those behind them have to be applied again. */
async function appliedPieces(
  target: Target,
  file: DiskFile,
  pieces: readonly EpochPiece[],
  gone: number,
): Promise<number> {
  for (let index = 0; index < pieces.length; index++) {
    const found = await holds(file, pieces[index]!);
    // Its own file is removed only after it had reached the disk in the target.
    if (index <= gone && found === false) throw foreign(target);
    // Each is looked at: what was not synced may be there behind something that is not.
    if (index > gone && found !== true) return index;
  }
  return pieces.length;
}

/** The least length that the target must have: what comes behind it is in write-ahead files. */
async function leastLength(
  disk: Disk,
  folder: string,
  { pieces }: FileCommittable,
): Promise<{ readonly gone: number; readonly leastBytes: number }> {
  const filled = pieces.filter(({ lengthBytes }) => lengthBytes > 0);
  const logged = await Promise.all(filled.map((one) => hasEpoch(disk, epochPath(folder, one.epoch), one)));
  const gone = logged.lastIndexOf(false);
  return { gone, leastBytes: gone >= 0 ? endOf(filled[gone]!) : (filled[0] ?? pieces.at(-1)!).baseBytes };
}

/**
 * What the target has to hold when a run starts from what was committed last; undefined when it begins. A savepoint may
 * be started with another output than it was taken with: one that is empty is taken for that.
 */
export async function wantedOf(
  disk: Disk,
  folder: string,
  target: Target,
  last: CommittedEpoch | undefined,
): Promise<FileCommittable | undefined> {
  if (last === undefined) return undefined;
  const { savepoint, committable } = last;
  if (savepoint === undefined) return fileCommittable(committable);
  // Taken with an output of another kind, such as a pipe.
  if (!Array.isArray(committable['pieces'])) {
    savepoint.begins();
    return undefined;
  }
  const kept = fileCommittable(committable);
  if ((await target.lengthBytes()) > 0) return kept;
  if ((await leastLength(disk, folder, kept)).leastBytes === 0) return kept;
  savepoint.begins();
  savepoint.say(
    `leat: ${target.name} is empty or new, so it begins with what comes after the savepoint: the ${endOf(kept.pieces.at(-1)!)} bytes before that are in ${kept.path}`,
  );
  return undefined;
}

/** A target that has what the checkpoint committed. */
export interface Restored {
  readonly file: DiskFile;
  /** Its length: where it was not cut, what the run that died has written behind the checkpoint is still there. */
  readonly lengthBytes: number;
  /** Some of what was committed was recognised. */
  readonly isKnown: boolean;
}

/** How a target is restored. */
export interface Restoring {
  /** What stands behind the checkpoint stays; else it is cut. */
  readonly keepsRest: boolean;
  readonly savepoint?: CommittedEpoch['savepoint'];
}

/**
 * Brings the target to where the checkpoint has it, and opens it. What is not in it for certain is applied
 * again from the write-ahead files; when there is none any more, or what was committed before is not there,
 * it is not the same file.
 */
export async function restoreTarget(
  disk: Disk,
  folder: string,
  target: Target,
  last: FileCommittable,
  { keepsRest, savepoint }: Restoring,
): Promise<Restored> {
  const pieces = last.pieces.filter((one) => one.lengthBytes > 0);
  const { gone, leastBytes } = await leastLength(disk, folder, last);
  const lengthBytes = await target.lengthBytes();
  if (lengthBytes < leastBytes) throw shorter(target, lengthBytes, leastBytes);
  const file = await target.open();
  const applied = await appliedPieces(target, file, pieces, gone);
  const { before } = last;
  const isBeforeThere = applied === 0 && before !== undefined ? await holds(file, before) : undefined;
  if (isBeforeThere === false) throw foreign(target);
  const isKnown = applied > 0 || isBeforeThere === true;
  const endBytes = endOf(last.pieces.at(-1)!);
  if (keepsRest && applied === pieces.length) return { file, lengthBytes, isKnown };
  const keptBytes = pieces[applied]?.baseBytes ?? endBytes;
  if (lengthBytes > keptBytes) {
    savepoint?.say(
      `leat: ${target.name} is cut back to where the savepoint has it: ${lengthBytes - keptBytes} bytes came after`,
    );
    await file.truncate(keptBytes);
  }
  for (const piece of pieces.slice(applied)) {
    await appendEpoch(disk, epochPath(folder, piece.epoch), file, piece);
  }
  if (lengthBytes > keptBytes || pieces.length > 0) await file.sync();
  return { file, lengthBytes: endBytes, isKnown };
}
