/**
 * The index of an operator: which pages each section has, and where their bytes lie. Pages that did not change since
 * an earlier checkpoint lie in an older segment. The same objects serve the next checkpoint of the run, which
 * compares with them: a page has bytes until they are on the disk, and a place from then on.
 */
import type { CheckpointId } from '../paths.js';
import { checksumBytes } from './checksum.js';

export interface SegmentInfo {
  readonly id: CheckpointId;
  /** What all pages take that were written into it, dead ones too. */
  readonly pagesLengthBytes: number;
}

export interface PagePlace {
  readonly segment: SegmentInfo;
  readonly offsetBytes: number;
}

export interface KeptPage {
  readonly checksum: Uint8Array;
  readonly lengthBytes: number;
  /** Bytes that are not on the disk yet. Either this or `place` is there. */
  bytes: Uint8Array | undefined;
  place: PagePlace | undefined;
}

/** By section; pages by number. */
export type PageIndex = ReadonlyMap<string, readonly KeptPage[]>;

export function* pagesOf(index: PageIndex): Generator<KeptPage> {
  for (const pages of index.values()) yield* pages;
}

/** The segments that an index points into, oldest first. */
export function segmentsOf(index: PageIndex): readonly SegmentInfo[] {
  const segments = new Set<SegmentInfo>();
  for (const page of pagesOf(index)) segments.add(page.place!.segment);
  return [...segments].sort((a, b) => a.id.generation - b.id.generation || a.id.epoch - b.id.epoch);
}

const segmentBytes = 24;
const pageBytes = 16 + checksumBytes;

function encodedLength(index: PageIndex, segments: number): number {
  let length = 8 + segments * segmentBytes;
  for (const [name, pages] of index) length += 6 + Buffer.byteLength(name) + pages.length * pageBytes;
  return length;
}

/** All pages must have their places. Sections are written sorted. Integers are little-endian. */
export function encodeIndex(index: PageIndex): Uint8Array {
  const segments = segmentsOf(index);
  const numberOf = new Map(segments.map((segment, number) => [segment, number]));
  const bytes = Buffer.alloc(encodedLength(index, segments.length));
  let at = bytes.writeUInt32LE(segments.length, 0);
  for (const { id, pagesLengthBytes } of segments) {
    at = bytes.writeBigUInt64LE(BigInt(id.epoch), at);
    at = bytes.writeBigUInt64LE(BigInt(id.generation), at);
    at = bytes.writeBigUInt64LE(BigInt(pagesLengthBytes), at);
  }
  at = bytes.writeUInt32LE(index.size, at);
  for (const name of [...index.keys()].sort()) {
    const pages = index.get(name)!;
    at = bytes.writeUInt16LE(Buffer.byteLength(name), at);
    at += bytes.write(name, at);
    at = bytes.writeUInt32LE(pages.length, at);
    for (const { place, lengthBytes, checksum } of pages) {
      at = bytes.writeUInt32LE(numberOf.get(place!.segment)!, at);
      at = bytes.writeUInt32LE(lengthBytes, at);
      at = bytes.writeBigUInt64LE(BigInt(place!.offsetBytes), at);
      bytes.set(checksum, at);
      at += checksumBytes;
    }
  }
  return bytes;
}

/** Reads integers and texts one behind the other. */
function cursorOver(encoded: Uint8Array) {
  const bytes = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.length);
  let at = 0;
  const skip = (length: number): number => {
    const start = at;
    at += length;
    if (at > bytes.length) throw new RangeError('the index is cut off');
    return start;
  };
  const take = (length: number): Uint8Array => {
    const start = skip(length);
    return bytes.subarray(start, start + length);
  };
  return {
    take,
    short: () => bytes.readUInt16LE(skip(2)),
    integer: () => bytes.readUInt32LE(skip(4)),
    long: () => Number(bytes.readBigUInt64LE(skip(8))),
    text: (length: number) => Buffer.from(take(length)).toString(),
  };
}

/** Reads an index whose checksum has been found right. Throws a RangeError when it makes no sense all the same. */
export function decodeIndex(encoded: Uint8Array): PageIndex {
  const cursor = cursorOver(encoded);
  const segments: SegmentInfo[] = [];
  for (let count = cursor.integer(); count > 0; count--) {
    const id = { epoch: cursor.long(), generation: cursor.long() };
    segments.push({ id, pagesLengthBytes: cursor.long() });
  }
  const index = new Map<string, KeptPage[]>();
  for (let count = cursor.integer(); count > 0; count--) {
    const pages: KeptPage[] = [];
    index.set(cursor.text(cursor.short()), pages);
    for (let rest = cursor.integer(); rest > 0; rest--) {
      const segment = segments[cursor.integer()];
      const lengthBytes = cursor.integer();
      const offsetBytes = cursor.long();
      const checksum = cursor.take(checksumBytes);
      if (segment === undefined) throw new RangeError('a page lies in no segment');
      pages.push({ checksum, lengthBytes, bytes: undefined, place: { segment, offsetBytes } });
    }
  }
  return index;
}
