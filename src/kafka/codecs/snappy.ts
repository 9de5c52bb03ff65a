/**
 * snappy (format_description.txt of the snappy project): raw, as librdkafka writes it, or in the framing of the Java library
 * by Xerial, as the Java client writes it: a header, then blocks with their length before them. What a block claims to hold
 * is judged here before memory is taken; the blocks are decoded by the package snappy, which has to be loaded before.
 */
import { damaged, notPrepared, tooLarge } from './codec.js';

interface SnappyBlocks {
  compressSync(bytes: Uint8Array): Buffer;
  uncompressSync(block: Uint8Array): string | Buffer;
}

let loaded: SnappyBlocks | undefined;

export async function prepareSnappy(): Promise<void> {
  loaded ??= await import('snappy');
}

function snappyBlocks(): SnappyBlocks {
  if (loaded === undefined) throw notPrepared('snappy');
  return loaded;
}

/** 0x82 SNAPPY 0. */
const magic = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0];
/** The magic, a version and the oldest version that can read it, each of four bytes. */
const headerBytes = 16;
/** The Java client's own. */
const blockMaxBytes = 1 << 15;

const cutOff = 'a block is cut off';

function wordAt(bytes: Uint8Array, at: number): number {
  if (bytes.length - at < 4) throw damaged('snappy', cutOff);
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

interface Block {
  readonly bytes: Uint8Array;
  /** How many bytes it says that it holds. */
  readonly length: number;
}

/** A block with the length of its content read. */
function blockOf(bytes: Uint8Array): Block {
  let length = 0;
  for (let k = 0; k < 5 && k < bytes.length; k++) {
    const byte = bytes[k]!;
    length += (byte & 127) * 2 ** (7 * k);
    if (byte >= 128) continue;
    // Three bytes make 64 at most: a claim beyond that is false, whatever the limit.
    if (length > bytes.length * 64) throw damaged('snappy', 'a block holds less than it says');
    return { bytes, length };
  }
  throw damaged('snappy', 'the length of a block cannot be read');
}

const startsWithMagic = (bytes: Uint8Array, at: number): boolean =>
  magic.every((byte, k) => bytes[at + k] === byte);

/** The blocks of bytes in either form. A stream in a frame may follow another, with a header of its own. */
function blocksOf(bytes: Uint8Array): Block[] {
  if (!startsWithMagic(bytes, 0)) return [blockOf(bytes)];
  const blocks: Block[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (startsWithMagic(bytes, at)) {
      if (wordAt(bytes, at + 12) !== 1) throw damaged('snappy', 'its framing is of another version');
      at += headerBytes;
      continue;
    }
    const end = at + 4 + wordAt(bytes, at);
    if (end > bytes.length) throw damaged('snappy', cutOff);
    blocks.push(blockOf(bytes.subarray(at + 4, end)));
    at = end;
  }
  return blocks;
}

function decodeBlock({ bytes }: Block): Buffer {
  try {
    return snappyBlocks().uncompressSync(bytes) as Buffer;
  } catch (cause) {
    throw damaged('snappy', (cause as Error).message, cause);
  }
}

export function decompressSnappy(bytes: Uint8Array, limitBytes: number): Uint8Array {
  const blocks = blocksOf(bytes);
  const total = blocks.reduce((sum, block) => sum + block.length, 0);
  if (total > limitBytes) throw tooLarge('snappy', limitBytes);
  return blocks.length === 1 ? decodeBlock(blocks[0]!) : Buffer.concat(blocks.map(decodeBlock));
}

/** In the framing of Xerial, which every client reads. */
export function compressSnappy(bytes: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [Uint8Array.from([...magic, 0, 0, 0, 1, 0, 0, 0, 1])];
  for (let start = 0; start < bytes.length; start += blockMaxBytes) {
    const block = snappyBlocks().compressSync(bytes.subarray(start, start + blockMaxBytes));
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32BE(block.length, 0);
    pieces.push(length, block);
  }
  return Buffer.concat(pieces);
}
