/**
 * A segment: the pages of one operator that changed between two checkpoints, then the index of all of its pages, then
 * where that index lies. Written once under its final name, synced, and never touched again: nothing points to it
 * before it is whole. Pages begin at multiples of 8, so that whoever loads them may look at them as numbers of any
 * width.
 */
import type { Disk } from '../../disk/index.js';
import { checksumBytes } from './checksum.js';
import { damage } from './damage.js';

export const segmentVersion = 1;
export const headerBytes = 16;
export const footerBytes = 16 + checksumBytes + 8;
export const pageAlignmentBytes = 8;

/** Where the index of an operator lies in a segment. */
export interface IndexPlace {
  readonly offsetBytes: number;
  readonly lengthBytes: number;
  readonly checksum: Uint8Array;
}

export const aligned = (bytes: number): number => Math.ceil(bytes / pageAlignmentBytes) * pageAlignmentBytes;

export function encodeHeader(): Uint8Array {
  const bytes = Buffer.alloc(headerBytes);
  bytes.write('leatsegm', 0, 'latin1');
  bytes.writeUInt32LE(segmentVersion, 8);
  return bytes;
}

export function encodeFooter(index: IndexPlace): Uint8Array {
  const bytes = Buffer.alloc(footerBytes);
  bytes.writeBigUInt64LE(BigInt(index.offsetBytes), 0);
  bytes.writeBigUInt64LE(BigInt(index.lengthBytes), 8);
  bytes.set(index.checksum, 16);
  bytes.write('leatends', 16 + checksumBytes, 'latin1');
  return bytes;
}

/** Reads a stretch of a file, all of it. */
export async function readStretch(
  disk: Disk,
  path: string,
  offsetBytes: number,
  lengthBytes: number,
): Promise<Uint8Array> {
  const file = await disk.open(path, 'read');
  try {
    const bytes = new Uint8Array(lengthBytes);
    const count = await file.read(bytes, offsetBytes);
    if (count < lengthBytes) throw damage(path, 'it is cut off');
    return bytes;
  } finally {
    await file.close();
  }
}
