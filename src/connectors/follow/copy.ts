/**
 * Whether a file that is new by its inode holds what was read already: a rotated file that was compressed, or the copy that
 * copy-and-truncate leaves behind. Only names that rotation can have made of each other are compared, and content decides.
 */
import fs from 'node:fs';
import { compressionOf } from '../compression.js';
import { areKin } from '../kin.js';
import { openSource } from '../locate.js';
import type { ByteSource } from '../source.js';
import { type Arrival, goTo, hashOf, type Print, type Trace } from '../trace.js';
import type { SeenFile } from './matching.js';

const headBytes = 4096;

/** What was read and is not followed any more, or is followed under another inode. */
export interface Original {
  /** Its key as a source: a copy goes on under it. */
  readonly key: string;
  readonly names: readonly string[];
  readonly countBytes: number;
  readonly print: Print;
  /** Its first bytes, where they are known. */
  readonly head?: Uint8Array | undefined;
}

/** The content of a file, up to 4 KiB, decompressed; undefined while it cannot be decompressed. */
export async function headOf(file: SeenFile): Promise<Uint8Array | undefined> {
  let source: ByteSource | undefined;
  const head = new Uint8Array(headBytes);
  let have = 0;
  try {
    source = await openSource(file.path);
    while (have < headBytes) {
      const count = await source.read(head.subarray(have));
      if (count === 0) break;
      have += count;
    }
  } catch {
    if (have === 0) return undefined;
  } finally {
    source?.close();
  }
  return head.subarray(0, have);
}

/** Whether the file is compressed, by its first bytes. */
export function isCompressed({ path }: SeenFile): boolean {
  let descriptor: number | undefined;
  try {
    descriptor = fs.openSync(path, 'r');
    const start = new Uint8Array(4);
    fs.readSync(descriptor, start, 0, 4, 0);
    return compressionOf(start) !== undefined;
  } catch {
    return false;
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

/** Whether a file may hold what was read of the original: a copy has a name that the original never had. */
export function mayBeCopy(file: SeenFile, original: Original): boolean {
  if (original.countBytes === 0 || original.names.includes(file.path)) return false;
  return original.names.some((name) => areKin(name, file.path));
}

function beginsAlike(head: Uint8Array, { head: original, print }: Original): boolean {
  const hashed = Math.min(print.end, headBytes);
  if (head.length >= hashed && hashOf(head.subarray(0, hashed)) !== print.head) return false;
  if (original === undefined) return true;
  const length = Math.min(head.length, original.length);
  return Buffer.compare(head.subarray(0, length), original.subarray(0, length)) === 0;
}

/** A file that was brought to the place up to which its original was read. */
export interface Compared {
  readonly arrival: Arrival;
  readonly trace: Trace;
  /** Open there, when it arrived. */
  readonly source: ByteSource | undefined;
}

/** Goes to the place up to which the original was read, in a file that may be a copy. */
export async function compare(
  file: SeenFile,
  head: Uint8Array,
  original: Original,
): Promise<Compared | undefined> {
  if (!beginsAlike(head, original)) return undefined;
  let source: ByteSource | undefined;
  try {
    source = await openSource(file.path);
    const { arrival, trace } = await goTo(source, original.countBytes, original.print);
    if (arrival === 'there') return { arrival, trace, source };
    source.close();
    // Shorter than a head of which only the hash is known: it cannot be told, so it counts as another file.
    if (arrival === 'other' || (original.head === undefined && head.length < headBytes)) return undefined;
    return { arrival, trace, source: undefined };
  } catch {
    source?.close();
    return undefined;
  }
}
