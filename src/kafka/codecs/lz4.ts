/**
 * lz4 frames (lz4_Frame_format.md of the LZ4 project), as Kafka's record batches have them since version 2: a header with its
 * checksum, blocks that are independent of each other or not, and the checksums that the header announces. Kafka's Java
 * client writes independent blocks of 64 KiB and no further checksums; so do we. Frames may follow each other, skippable ones
 * are skipped. The frame is walked here, because the package knows no limit to what a frame may become; its blocks are
 * lz4-napi's, which have to be loaded before.
 */
import { damaged, notPrepared, tooLarge } from './codec.js';
import { xxhash32 } from './xxhash32.js';

/** What lz4-napi has: a block with the length of its content before it, four bytes, low byte first. */
interface Lz4Blocks {
  compressSync(bytes: Buffer): Buffer;
  uncompressSync(block: Uint8Array, dictionary?: Buffer): Buffer;
}

let loaded: Lz4Blocks | undefined;

export async function prepareLz4(): Promise<void> {
  loaded ??= await import('lz4-napi');
}

function lz4Blocks(): Lz4Blocks {
  if (loaded === undefined) throw notPrepared('lz4');
  return loaded;
}

const magicNumber = 0x184d2204;
/** How far back a match may reach. */
const windowBytes = 1 << 16;
const cutOff = 'a frame is cut off';

interface FrameHeader {
  /** Where the first block begins. */
  readonly end: number;
  readonly independent: boolean;
  readonly blockChecksum: boolean;
  readonly contentChecksum: boolean;
  readonly blockMaxBytes: number;
}

function wordAt(bytes: Uint8Array, at: number): number {
  if (bytes.length - at < 4) throw damaged('lz4', cutOff);
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

/** The header whose first byte after the magic number is at `at`. */
function headerAt(bytes: Uint8Array, at: number): FrameHeader {
  const flags = bytes[at] ?? 0;
  const size = ((bytes[at + 1] ?? 0) >>> 4) & 7;
  const end = at + 3 + (flags & 8 ? 8 : 0);
  if (end > bytes.length) throw damaged('lz4', cutOff);
  if (flags >>> 6 !== 1) throw damaged('lz4', `its frame is of version ${flags >>> 6}`);
  if (flags & 1) throw damaged('lz4', 'its frame asks for a dictionary');
  if (size < 4) throw damaged('lz4', 'the size of its blocks is not one of the format');
  if (((xxhash32(bytes, at, end - 1) >>> 8) & 0xff) !== bytes[end - 1]) {
    throw damaged('lz4', 'the checksum of its header is wrong');
  }
  return {
    end,
    independent: (flags & 32) !== 0,
    blockChecksum: (flags & 16) !== 0,
    contentChecksum: (flags & 4) !== 0,
    blockMaxBytes: 1 << (2 * size + 8),
  };
}

interface Block {
  readonly start: number;
  readonly end: number;
  /** Its bytes are not compressed. */
  readonly plain: boolean;
  /** What it can become at most: in a match, a byte of length stands for 255. */
  readonly most: number;
}

/** The blocks of a frame, whose checksums are right, and where it ends. Nothing is decoded. */
function blocksOf(
  bytes: Uint8Array,
  header: FrameHeader,
): { readonly blocks: Block[]; readonly end: number } {
  const blocks: Block[] = [];
  let at = header.end;
  for (;;) {
    const word = wordAt(bytes, at);
    at += 4;
    if (word === 0) return { blocks, end: at };
    const plain = word >>> 31 === 1;
    const length = word & 0x7fffffff;
    const end = at + length;
    if (end > bytes.length) throw damaged('lz4', cutOff);
    if (length > header.blockMaxBytes) throw damaged('lz4', 'a block is longer than its frame says');
    blocks.push({
      start: at,
      end,
      plain,
      most: plain ? length : Math.min(header.blockMaxBytes, length * 255),
    });
    if (header.blockChecksum && wordAt(bytes, end) !== xxhash32(bytes, at, end)) {
      throw damaged('lz4', 'the checksum of a block is wrong');
    }
    at = end + (header.blockChecksum ? 4 : 0);
  }
}

/** What a block holds; `before` is what its matches may reach back to. */
function decodeBlock(bytes: Uint8Array, { start, end, plain, most }: Block, before?: Buffer): Uint8Array {
  if (plain) return bytes.subarray(start, end);
  const sized = Buffer.allocUnsafe(4 + end - start);
  sized.writeUInt32LE(most, 0);
  sized.set(bytes.subarray(start, end), 4);
  try {
    return lz4Blocks().uncompressSync(sized, before);
  } catch (cause) {
    throw damaged('lz4', (cause as Error).message, cause);
  }
}

/** Decodes the frame whose magic number ends at `at` and says where it ends in the bytes. */
function decodeFrame(
  bytes: Uint8Array,
  at: number,
  limitBytes: number,
): { readonly content: Uint8Array; readonly end: number } {
  const header = headerAt(bytes, at);
  const { blocks, end } = blocksOf(bytes, header);
  const most = blocks.reduce((sum, block) => sum + block.most, 0);
  const target = Buffer.allocUnsafe(Math.min(most, limitBytes));
  let to = 0;
  for (const block of blocks) {
    const before =
      header.independent || to === 0 ? undefined : target.subarray(Math.max(0, to - windowBytes), to);
    const piece = decodeBlock(bytes, block, before);
    if (piece.length > target.length - to) throw tooLarge('lz4', limitBytes);
    target.set(piece, to);
    to += piece.length;
  }
  const content = target.subarray(0, to);
  if (!header.contentChecksum) return { content, end };
  if (wordAt(bytes, end) !== xxhash32(content, 0, to)) {
    throw damaged('lz4', 'the checksum of a frame is wrong');
  }
  return { content, end: end + 4 };
}

export function decompressLz4(bytes: Uint8Array, limitBytes: number): Uint8Array {
  const contents: Uint8Array[] = [];
  let room = limitBytes;
  let at = 0;
  do {
    const magic = wordAt(bytes, at);
    if (magic >>> 4 === 0x184d2a5) {
      at += 8 + wordAt(bytes, at + 4);
      continue;
    }
    if (magic !== magicNumber) throw damaged('lz4', 'it does not begin like a frame');
    const { content, end } = decodeFrame(bytes, at + 4, room);
    contents.push(content);
    room -= content.length;
    at = end;
  } while (at < bytes.length);
  if (at > bytes.length) throw damaged('lz4', cutOff);
  return contents.length === 1 ? contents[0]! : Buffer.concat(contents);
}

/** Magic number, version 1 with independent blocks, blocks of 64 KiB, and the checksum of these two. */
const header = [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82];

/** A frame. A block that does not get smaller stands in it as it is. */
export function compressLz4(bytes: Uint8Array): Uint8Array {
  const { buffer, byteOffset, length } = bytes;
  const pieces: Uint8Array[] = [Uint8Array.from(header)];
  for (let start = 0; start < length; start += windowBytes) {
    const plain = Buffer.from(buffer, byteOffset + start, Math.min(windowBytes, length - start));
    const sized = lz4Blocks().compressSync(plain);
    if (sized.length - 4 < plain.length) {
      sized.writeUInt32LE(sized.length - 4, 0);
      pieces.push(sized);
    } else {
      const word = Buffer.allocUnsafe(4);
      word.writeUInt32LE((plain.length | 0x80000000) >>> 0, 0);
      pieces.push(word, plain);
    }
  }
  pieces.push(new Uint8Array(4));
  return Buffer.concat(pieces);
}
