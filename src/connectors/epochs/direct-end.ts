/**
 * What is put into a file as it comes, and not when its checkpoint exists. When a run dies it leaves more in the file than
 * its last checkpoint knows. Where the next run makes the same again, that is compared with what comes, and stays;
 * readers never lose what they have read.
 */

import type { DiskFile } from '../../disk/index.js';
import type { EpochPiece } from './epoch-log.js';
import { createSyncAhead } from './sync-ahead.js';
import { changedByOthers, checksumIfReadable, foreign, type Target } from './target.js';

/** The end of a file that is written at once. */
export interface DirectEnd {
  /** What lies up to this length was left by a run that died, and is compared with what comes. */
  begin(leftBytes: number, isKnown: boolean): void;
  /** Puts bytes where the file ends, or where what was left has them. */
  write(file: DiskFile, bytes: Uint8Array, atBytes: number): Promise<void>;
  /** Nothing more is compared: what was left from there on goes. */
  cut(file: DiskFile, atBytes: number): Promise<void>;
  /** Makes all that was written durable. */
  sync(file: DiskFile): Promise<void>;
  /** Waits for a sync that is under way: a descriptor must not be closed under it. */
  close(): Promise<void>;
}

/** How many bytes of a file, from a position on, are the same as these. */
async function sameBytes(file: DiskFile, bytes: Uint8Array, atBytes: number): Promise<number> {
  const there = Buffer.allocUnsafe(bytes.length);
  const count = await file.read(there, atBytes);
  if (count === bytes.length && there.equals(bytes)) return count;
  let same = 0;
  while (same < count && there[same] === bytes[same]) same++;
  return same;
}

/** What a crash of the machine leaves in place of bytes that had not reached the disk. No line of an output has it. */
const unwritten = 0;

async function isUnwritten(file: DiskFile, atBytes: number): Promise<boolean> {
  const byte = Buffer.alloc(1);
  await file.read(byte, atBytes);
  return byte[0] === unwritten;
}

/** What the end of a file has to know of its run. */
export interface DirectRun {
  /** What a run writes comes again when it dies. */
  readonly comesAgain: boolean;
  /** Tells the user when it does not. */
  say(line: string): void;
  /** Rejects when another run has taken the job over. */
  readonly assertHeld?: (() => Promise<void>) | undefined;
}

/** So many bytes are written between two looks whether the job is still that of this run. */
const heldBytes = 1 << 22;

/** The end of a target that is written at once. */
export function createDirectEnd(target: Target, { comesAgain, say, assertHeld }: DirectRun): DirectEnd {
  const ahead = createSyncAhead();
  let leftBytes = 0;
  /** Something in the file was recognised as output of this job. */
  let isKnown = true;
  /** The file has grown since it was opened: by the run that this one has taken over from, or by another program. */
  let isGrown = false;
  let uncheckedBytes = heldBytes;

  const cut = async (file: DiskFile, atBytes: number): Promise<void> => {
    const gone = leftBytes - atBytes;
    if (gone <= 0) return;
    if (isGrown) throw changedByOthers(target);
    // Of a file in which nothing was recognised nothing is cut.
    if (!isKnown && !(await isUnwritten(file, atBytes))) throw foreign(target);
    leftBytes = 0;
    say(
      `leat: the last ${gone} bytes of ${target.name} do not come again, and are written anew: the machine crashed before they were on the disk, or an input or the pipeline was changed`,
    );
    await file.truncate(atBytes);
  };
  /** Passes over what is there already; returns how many of the bytes that is. */
  const passOver = async (file: DiskFile, bytes: Uint8Array, atBytes: number): Promise<number> => {
    const compared = bytes.subarray(0, leftBytes - atBytes);
    const same = await sameBytes(file, compared, atBytes);
    if (same < compared.length) await cut(file, atBytes + same);
    isKnown = true;
    return same;
  };
  /** Whether the file ends there. If it has grown since, that is looked at as well. */
  const isAtEnd = async (file: DiskFile, atBytes: number): Promise<boolean> => {
    if (leftBytes > atBytes) return false;
    const lengthBytes = await file.lengthBytes();
    if (lengthBytes === atBytes) return true;
    if (!comesAgain || lengthBytes < atBytes) throw changedByOthers(target);
    leftBytes = lengthBytes;
    isGrown = true;
    return false;
  };

  return {
    begin(left, known) {
      leftBytes = left;
      isKnown = known;
    },
    cut,
    async write(file, bytes, atBytes) {
      uncheckedBytes += bytes.length;
      if (uncheckedBytes >= heldBytes) {
        await assertHeld?.();
        uncheckedBytes = 0;
      }
      let done = 0;
      while (!(await isAtEnd(file, atBytes + done))) {
        done += await passOver(file, bytes.subarray(done), atBytes + done);
        if (done === bytes.length) return;
      }
      await file.write(bytes.subarray(done), atBytes + done);
      ahead.written(file, bytes.length - done);
    },
    async sync(file) {
      await ahead.done();
      await file.sync();
    },
    close: () => ahead.done().catch(() => {}),
  };
}

/** Bytes at the end of what was written at once by which a file is recognised: their checksum is taken at each barrier. */
const tellingBytes = 1 << 16;

/** The end of a file as a piece; undefined when it is empty or cannot be read. */
export async function tailOf(
  file: DiskFile,
  target: Target,
  epoch: number,
  endBytes: number,
): Promise<EpochPiece | undefined> {
  const lengthBytes = Math.min(tellingBytes, endBytes);
  if (lengthBytes === 0) return undefined;
  const baseBytes = endBytes - lengthBytes;
  const checksum = await checksumIfReadable(file, baseBytes, lengthBytes);
  if (checksum === undefined) throw changedByOthers(target);
  return checksum === 'unreadable' ? undefined : { epoch, baseBytes, lengthBytes, checksum };
}
