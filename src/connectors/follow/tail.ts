/**
 * One file that is followed, by its inode and not by its name: how far it was read, and its next whole lines. A line that
 * has no end yet is not given, so that lines of several files never mix; a line longer than one read is given in
 * pieces once its end is on the disk.
 */
import fs from 'node:fs';
import { openSource } from '../locate.js';
import type { ByteSource } from '../source.js';
import { createTrace, goTo, type Trace } from '../trace.js';
import { type SeenFile, seeFile, seen } from './matching.js';

const newline = 10;
const scanBytes = 1 << 16;
/** Bytes before the position that are compared to notice that a file was written anew in place. */
const comparedBytes = 256;
/** A compressed file that has not changed for so long is complete or damaged. */
const settledMs = 5000;
const retryAfterMs = 250;

export interface Tail {
  readonly key: string;
  readonly id: string;
  readonly device: number;
  readonly inode: number;
  /** The name it has, or had last. */
  path: string;
  /** Every name it has had. */
  readonly names: Set<string>;
  /**
   * `lines`: grows; `stream`: compressed, read from its beginning to its end; `done`: nothing of it is read any more, it is
   * only known, so that it is not taken for a new one.
   */
  mode: 'lines' | 'stream' | 'done';
  trace: Trace;
  sizeBytes: number;
  modifiedMs: number;
  /** Whole lines reach to here; an end of the line at the position was looked for up to there. */
  wholeTo: number;
  scannedTo: number;
  /** It has another name than the one it was found by, or none: nobody is expected to write to it for long. */
  rotated: boolean;
  /** No name that is followed leads to it. */
  unnamed: boolean;
  /** When it last grew, by the clock of the process. */
  grewMs: number;
  descriptor: number | undefined;
  source: ByteSource | undefined;
  /** A compressed file that was incomplete is tried again then. */
  retryMs: number;
}

/** A tail of a file; with a trace it stands where that ends. */
export function createTail(file: SeenFile, key: string, mode: Tail['mode'], trace = createTrace()): Tail {
  return {
    key,
    id: file.id,
    device: file.device,
    inode: file.inode,
    path: file.path,
    names: new Set([file.path]),
    mode,
    trace,
    sizeBytes: file.sizeBytes,
    modifiedMs: file.modifiedMs,
    wholeTo: 0,
    scannedTo: 0,
    rotated: false,
    unnamed: false,
    grewMs: performance.now(),
    descriptor: undefined,
    source: undefined,
    retryMs: 0,
  };
}

/** Whether there may be something to give. */
export function isPending(tail: Tail): boolean {
  if (tail.mode === 'stream') return performance.now() >= tail.retryMs;
  if (tail.mode === 'done') return false;
  const at = tail.trace.countBytes;
  return tail.wholeTo > at || tail.sizeBytes > Math.max(at, tail.scannedTo);
}

/** Opens the file unless it is open. False when its name leads to it no more. */
export function openTail(tail: Tail): boolean {
  if (tail.descriptor !== undefined) return true;
  let descriptor: number;
  try {
    descriptor = fs.openSync(tail.path, 'r');
  } catch {
    return false;
  }
  if (seen(tail.path, fs.fstatSync(descriptor)).id !== tail.id) {
    fs.closeSync(descriptor);
    return false;
  }
  tail.descriptor = descriptor;
  return true;
}

export function closeTail(tail: Tail): void {
  if (tail.descriptor !== undefined) fs.closeSync(tail.descriptor);
  tail.descriptor = undefined;
  tail.source?.close();
  tail.source = undefined;
}

/** Whether what stands before the position is what was read there. */
function holdsBefore(descriptor: number, trace: Trace): boolean {
  const at = trace.countBytes;
  const before = new Uint8Array(Math.min(comparedBytes, at));
  return (
    fs.readSync(descriptor, before, 0, before.length, at - before.length) === before.length &&
    trace.endsIn(before)
  );
}

/** Takes in what the file's size is now. `anew` when it does not hold what was read from it any more. */
export function lookAt(tail: Tail): 'same' | 'grown' | 'anew' {
  if (tail.mode !== 'lines' || tail.descriptor === undefined) return 'same';
  const { size, mtimeMs } = fs.fstatSync(tail.descriptor);
  const at = tail.trace.countBytes;
  if (size < at || size < tail.scannedTo) return 'anew';
  if (size === tail.sizeBytes && mtimeMs === tail.modifiedMs) return 'same';
  if (!holdsBefore(tail.descriptor, tail.trace)) return 'anew';
  tail.sizeBytes = size;
  tail.modifiedMs = mtimeMs;
  tail.grewMs = performance.now();
  return 'grown';
}

/** Says that nothing more will be written: an unfinished last line is one. */
export function completeLastLine(tail: Tail): void {
  if (tail.mode === 'lines') tail.wholeTo = tail.sizeBytes;
}

function readAt(descriptor: number, target: Uint8Array, length: number, at: number): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.read(descriptor, target, 0, length, at, (error, count) => {
      if (error === null) resolve(count);
      else reject(error);
    });
  });
}

/** Looks for the end of the line at the position, behind what was looked at. False when the file is shorter than it was. */
async function findLineEnd(tail: Tail, descriptor: number): Promise<boolean> {
  const piece = Buffer.alloc(scanBytes);
  while (tail.scannedTo < tail.sizeBytes) {
    const count = await readAt(descriptor, piece, scanBytes, tail.scannedTo);
    if (count === 0) return false;
    const found = piece.subarray(0, count).indexOf(newline);
    if (found >= 0) {
      tail.wholeTo = tail.scannedTo + found + 1;
      return true;
    }
    tail.scannedTo += count;
  }
  return true;
}

/**
 * The file is shorter than when its size was taken. -1 when it was cut behind what was read; 0 when all that was read, or
 * nothing, is in it still: it was cut before that, and the size was the old one.
 */
function takeShorterSize(tail: Tail, descriptor: number): number {
  const at = tail.trace.countBytes;
  const { size } = fs.fstatSync(descriptor);
  if (size < at || !holdsBefore(descriptor, tail.trace)) return -1;
  tail.sizeBytes = size;
  tail.wholeTo = at;
  tail.scannedTo = at;
  return 0;
}

async function takeLines(tail: Tail, target: Uint8Array, descriptor: number): Promise<number> {
  const at = tail.trace.countBytes;
  const mustScan = tail.wholeTo <= at && tail.scannedTo > at;
  if (mustScan && !(await findLineEnd(tail, descriptor))) return takeShorterSize(tail, descriptor);
  const isWhole = tail.wholeTo > at;
  if (!isWhole && tail.scannedTo > at) return 0;
  const length = Math.min(target.length, (isWhole ? tail.wholeTo : tail.sizeBytes) - at);
  if (length <= 0) return 0;
  const count = await readAt(descriptor, target, length, at);
  if (count === 0) return takeShorterSize(tail, descriptor);
  if (!holdsBefore(descriptor, tail.trace)) return -1;
  if (isWhole) return count;
  const last = Buffer.from(target.buffer, target.byteOffset, count).lastIndexOf(newline);
  if (last >= 0) return last + 1;
  tail.scannedTo = at + count;
  return await takeLines(tail, target, descriptor);
}

/** Opens a compressed file where it was left. False when its name leads to another file by now. */
async function openStream(tail: Tail): Promise<boolean> {
  const { countBytes } = tail.trace;
  const isIt = (): boolean => seeFile(tail.path)?.id === tail.id;
  if (!isIt()) return false;
  const source = await openSource(tail.path);
  if (!isIt()) {
    source.close();
    return false;
  }
  tail.source = source;
  const { arrival } = await goTo(source, countBytes, tail.trace.print(countBytes));
  if (arrival !== 'there') throw new Error('what was read of it is not in it any more');
  return true;
}

/** Reads a compressed file. One that ends too early is still being written, as long as it changes. */
async function takeStream(tail: Tail, target: Uint8Array): Promise<number> {
  const retry = (): number => {
    closeTail(tail);
    tail.retryMs = performance.now() + retryAfterMs;
    return 0;
  };
  try {
    if (tail.source === undefined && !(await openStream(tail))) return retry();
    const count = await tail.source!.read(target);
    if (count > 0) return count;
  } catch (error) {
    const now = seeFile(tail.path);
    if (now?.id !== tail.id) return retry();
    if (now.sizeBytes === tail.sizeBytes && Date.now() - now.modifiedMs >= settledMs) throw error;
    tail.sizeBytes = now.sizeBytes;
    return retry();
  }
  tail.mode = 'done';
  closeTail(tail);
  return 0;
}

/**
 * Reads what is there of whole lines; 0 when there is nothing now. -1 when the file was written anew in place, also while it
 * was read: what was read then is not what stands behind the position. The caller adds what it takes to the trace.
 */
export async function take(tail: Tail, target: Uint8Array): Promise<number> {
  if (tail.mode === 'done') return 0;
  if (tail.mode === 'stream') return await takeStream(tail, target);
  return openTail(tail) ? await takeLines(tail, target, tail.descriptor!) : -1;
}
