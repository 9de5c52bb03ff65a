/**
 * The write-ahead file of one epoch: what was written between two barriers, out of sight until the checkpoint
 * exists. It is created at the first byte, so that an empty epoch costs nothing, or is a spare file that is written
 * over. Its name is the number of its epoch; which number that is, is only certain at the barrier, because numbers may be
 * skipped.
 */

import type { Disk, DiskFile } from '../../disk/index.js';
import { crc32 } from './crc32.js';
import { eachPiece } from './each-piece.js';
import { type SpareFiles, spareName } from './spare-files.js';
import { createSyncAhead } from './sync-ahead.js';

/** What a checkpoint keeps of one epoch of a file: where it begins in the target, and what it is. */
export interface EpochPiece {
  readonly epoch: number;
  /** Length of the target in front of this epoch. */
  readonly baseBytes: number;
  readonly lengthBytes: number;
  /** CRC-32 of the epoch's bytes. */
  readonly checksum: number;
}

/** The length of the target once the piece is applied. */
export function endOf(piece: EpochPiece): number {
  return piece.baseBytes + piece.lengthBytes;
}

export interface EpochLog {
  /** The number that its epoch will probably get. */
  readonly expected: number;
  readonly lengthBytes: number;
  readonly checksum: number;
  /** Counts bytes as part of this epoch, at once; the work that it returns writes them. */
  take(bytes: Uint8Array): () => Promise<void>;
  /** Makes the file durable under the number of the epoch; nothing when the epoch is empty. All work must be done. */
  seal(epoch: number): Promise<void>;
  /** Gives what was taken to `put`, piece by piece, and removes the file. All work must be done, and no more is taken. */
  pour(put: (bytes: Uint8Array, atBytes: number) => Promise<void>): Promise<void>;
  /** Releases the file when it was not sealed. */
  close(): Promise<void>;
}

const logName = /^\d{12}$/;

/** The path of an epoch's file. */
export function epochPath(folder: string, epoch: number): string {
  return `${folder}/${String(epoch).padStart(12, '0')}`;
}

/** Removes the files of all epochs but those that are kept, and spare ones. Files of other names stay. */
export async function removeEpochs(disk: Disk, folder: string, kept: ReadonlySet<number>): Promise<void> {
  for (const name of await disk.list(folder)) {
    const isNeedless = spareName.test(name) || (logName.test(name) && !kept.has(Number(name)));
    if (isNeedless) await disk.remove(`${folder}/${name}`);
  }
}

/** The epoch that begins; `expected` is the number that it will probably get. */
export function beginEpoch(disk: Disk, folder: string, expected: number, spares?: SpareFiles): EpochLog {
  let file: DiskFile | undefined;
  /** What the file held before, if it is one that is written over. */
  let oldBytes = 0;
  let lengthBytes = 0;
  let writtenBytes = 0;
  let checksum = 0;
  const ahead = createSyncAhead();
  const begin = async (): Promise<DiskFile> => {
    const spare = spares?.take();
    oldBytes = spare?.lengthBytes ?? 0;
    if (spare !== undefined) return await disk.open(spare.path, 'write');
    return await disk.open(epochPath(folder, expected), 'new');
  };
  return {
    expected,
    get lengthBytes() {
      return lengthBytes;
    },
    get checksum() {
      return checksum;
    },
    take(bytes) {
      lengthBytes += bytes.length;
      checksum = crc32(bytes, checksum);
      return async () => {
        file ??= await begin();
        await file.write(bytes, writtenBytes);
        writtenBytes += bytes.length;
        ahead.written(file, bytes.length);
      };
    },
    async seal(epoch) {
      if (file === undefined) return;
      const { path } = file;
      await ahead.done();
      if (oldBytes > writtenBytes) await file.truncate(writtenBytes);
      await file.sync();
      await file.close();
      file = undefined;
      if (path !== epochPath(folder, epoch)) await disk.rename(path, epochPath(folder, epoch));
      await disk.syncFolder(folder);
    },
    async pour(put) {
      if (file === undefined) return;
      await ahead.done();
      await eachPiece(file, 0, writtenBytes, put);
      const { path } = file;
      await file.close();
      file = undefined;
      await disk.remove(path);
    },
    async close() {
      // A descriptor must not be closed under a sync.
      await ahead.done().catch(() => {});
      await file?.close();
      file = undefined;
    },
  };
}
