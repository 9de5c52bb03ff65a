/**
 * zstd: that of node:zlib where Node has it (from 22.15), else the reference code compiled to WebAssembly, which has to be
 * loaded before. The frames are walked first (RFC 8878): bytes that are cut off and windows beyond what decoders have to
 * take are refused, and it is known how much the blocks can become at most, so that no claim of a damaged frame is
 * believed. The Java client leaves the size of the content out of its frames.
 */
import { damaged, notPrepared, tooLarge } from './codec.js';

interface Zstd {
  compress(bytes: Uint8Array): Uint8Array;
  /** Decompresses one frame, which becomes no longer than `most`. */
  decompress(frame: Uint8Array, most: number): Uint8Array;
}

let loaded: Zstd | undefined;

interface ZlibWithZstd {
  zstdCompressSync?(bytes: Uint8Array): Uint8Array;
  zstdDecompressSync?(bytes: Uint8Array, options: { maxOutputLength: number }): Uint8Array;
}

function ofNode(): Zstd | undefined {
  const { zstdCompressSync, zstdDecompressSync } = process.getBuiltinModule('node:zlib') as ZlibWithZstd;
  if (zstdCompressSync === undefined || zstdDecompressSync === undefined) return undefined;
  return {
    compress: (bytes) => zstdCompressSync(bytes),
    decompress: (frame, most) => zstdDecompressSync(frame, { maxOutputLength: Math.max(1, most) }),
  };
}

/** Loads the code for zstd. */
export async function prepareZstd(): Promise<void> {
  loaded ??= ofNode();
  if (loaded !== undefined) return;
  const wasm = await import('@bokuweb/zstd-wasm');
  await wasm.init();
  loaded = {
    compress: (bytes) => wasm.compress(bytes, 3),
    decompress: (frame, most) => wasm.decompress(frame, { defaultHeapSize: most }),
  };
}

function zstd(): Zstd {
  loaded ??= ofNode();
  if (loaded === undefined) throw notPrepared('zstd');
  return loaded;
}

/** What a decoder takes at most, by RFC 8878 with the default of the reference code. */
const windowMaxBytes = 2 ** 27;
const blockMaxBytes = 2 ** 17;
const cutOff = 'a frame is cut off';

function littleEndian(bytes: Uint8Array, at: number, count: number): number {
  if (bytes.length - at < count) throw damaged('zstd', cutOff);
  let value = 0;
  for (let k = count - 1; k >= 0; k--) value = value * 256 + bytes[at + k]!;
  return value;
}

interface Frame {
  readonly end: number;
  /** How many bytes its blocks become at most; 0 for one to be skipped. */
  readonly most: number;
  /** The frame says itself that it becomes so many. */
  readonly exact: boolean;
}

/** Walks the blocks of the frame at `start`. */
function frameAt(bytes: Uint8Array, start: number): Frame {
  const magic = littleEndian(bytes, start, 4);
  if (magic >= 0x184d2a50 && magic <= 0x184d2a5f) {
    return { end: start + 8 + littleEndian(bytes, start + 4, 4), most: 0, exact: true };
  }
  if (magic !== 0xfd2fb528) throw damaged('zstd', 'it does not begin like a frame');
  const flags = littleEndian(bytes, start + 4, 1);
  const single = (flags & 32) !== 0;
  if (flags & 8) throw damaged('zstd', 'a bit of its header is set that has no meaning');
  if (flags & 3) throw damaged('zstd', 'its frame asks for a dictionary');
  let at = start + 5;
  const window = single ? undefined : littleEndian(bytes, at, 1);
  if (window !== undefined) at++;
  const sizeBytes = flags >>> 6 === 0 ? (single ? 1 : 0) : 1 << (flags >>> 6);
  const size = littleEndian(bytes, at, sizeBytes) + (sizeBytes === 2 ? 256 : 0);
  at += sizeBytes;
  const windowBytes = window === undefined ? size : 2 ** (10 + (window >>> 3)) * (1 + (window & 7) / 8);
  if (windowBytes > windowMaxBytes) throw damaged('zstd', `its window of ${windowBytes} bytes is too large`);
  const blockBytes = Math.min(blockMaxBytes, windowBytes);
  let most = 0;
  for (let last = false; !last; ) {
    const header = littleEndian(bytes, at, 3);
    const kind = (header >>> 1) & 3;
    const length = header >>> 3;
    if (kind === 3) throw damaged('zstd', 'a block is of no known kind');
    if (length > blockBytes) throw damaged('zstd', 'a block is longer than its frame says');
    // A block of one byte repeated has that byte only; what a compressed one becomes is not known.
    most += kind === 2 ? blockBytes : length;
    at += 3 + (kind === 1 ? 1 : length);
    last = (header & 1) === 1;
  }
  const end = at + (flags & 4 ? 4 : 0);
  if (sizeBytes === 0) return { end, most, exact: false };
  if (size > most) throw damaged('zstd', 'its blocks hold less than its frame says');
  return { end, most: size, exact: true };
}

export function decompressZstd(bytes: Uint8Array, limitBytes: number): Uint8Array {
  const pieces: Uint8Array[] = [];
  let total = 0;
  let at = 0;
  do {
    const { end, most, exact } = frameAt(bytes, at);
    if (end > bytes.length) throw damaged('zstd', cutOff);
    const room = limitBytes - total;
    if (exact && most > room) throw tooLarge('zstd', limitBytes);
    let piece: Uint8Array = new Uint8Array(0);
    try {
      if (most > 0) piece = zstd().decompress(bytes.subarray(at, end), Math.min(most, room + 1));
    } catch (cause) {
      if (most > room) throw tooLarge('zstd', limitBytes);
      throw damaged('zstd', (cause as Error).message, cause);
    }
    if (piece.length > room) throw tooLarge('zstd', limitBytes);
    pieces.push(piece);
    total += piece.length;
    at = end;
  } while (at < bytes.length);
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
}

export function compressZstd(bytes: Uint8Array): Uint8Array {
  return zstd().compress(bytes);
}
