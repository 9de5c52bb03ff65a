/**
 * Typed arrays as pages: cut at fixed lengths, so that element k of an array is always on the same page. Only the
 * part in use is written, never what lies behind it. The bytes are little-endian, as is every machine on which
 * Node.js is built.
 */
import { misfit } from './misfit.js';
import type { SnapshotReader, SnapshotWriter } from './snapshot.js';

export const pageBytes = 1 << 16;

export type StoredArray = Uint8Array | Int32Array | Float64Array;

/** Writes array[0, length). An empty one has no pages. */
export function writeArray(
  into: SnapshotWriter,
  section: string,
  array: StoredArray,
  length: number = array.length,
): void {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, length * array.BYTES_PER_ELEMENT);
  for (let at = 0; at < bytes.length; at += pageBytes) {
    into.page(section, at / pageBytes, bytes.subarray(at, Math.min(bytes.length, at + pageBytes)));
  }
}

/** How many elements of so many bytes a section holds. */
export function storedLength(from: SnapshotReader, section: string, elementBytes: number): number {
  const pages = from.pageCount(section);
  if (pages === 0) return 0;
  return ((pages - 1) * pageBytes + from.page(section, pages - 1).length) / elementBytes;
}

/** Reads a section into the beginning of an array, which must have room for it; returns its length. */
export function readArray(from: SnapshotReader, section: string, into: StoredArray): number {
  const length = storedLength(from, section, into.BYTES_PER_ELEMENT);
  if (!Number.isInteger(length) || length > into.length) {
    throw misfit(section, `holds ${length} elements where ${into.length} are expected at most`);
  }
  const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
  const pages = from.pageCount(section);
  for (let index = 0; index < pages; index++) {
    const page = from.page(section, index);
    if (index < pages - 1 && page.length !== pageBytes) throw misfit(section, 'has a page that is too short');
    bytes.set(page, index * pageBytes);
  }
  return length;
}

/** The numbers of a section that is written from a list. */
export function readInts(from: SnapshotReader, section: string): Int32Array {
  const ints = new Int32Array(storedLength(from, section, 4));
  readArray(from, section, ints);
  return ints;
}
