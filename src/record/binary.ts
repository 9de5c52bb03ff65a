/**
 * Small things as bytes and back, for what is kept outside the process: counts, numbers, texts, spans. Each `take`
 * reads exactly what the `put` of its name has written. There are no types in the bytes: who reads knows what was
 * written. Reading never goes beyond the end; bytes that end too early are a problem of the code state.
 */
import { problem } from '../diagnostics/index.js';
import { type ByteWriter, reserve, writeBytes } from './byte-writer.js';

/** Bytes that are read front to back. */
export interface ByteReader {
  readonly bytes: Buffer;
  at: number;
}

export function createByteReader(bytes: Uint8Array): ByteReader {
  return { bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), at: 0 };
}

export function isAtEnd(from: ByteReader): boolean {
  return from.at === from.bytes.length;
}

/** The position of the next `length` bytes, which are then read. */
function advance(from: ByteReader, length: number): number {
  const { at } = from;
  if (length > from.bytes.length - at) {
    throw problem({ code: 'state', message: 'stored bytes end in the middle of a value' });
  }
  from.at = at + length;
  return at;
}

export function putByte(out: ByteWriter, byte: number): void {
  reserve(out, 1);
  out.bytes[out.length++] = byte;
}

export function takeByte(from: ByteReader): number {
  return from.bytes[advance(from, 1)]!;
}

/** An integer of 0 to 2^53 - 1: seven bits a byte, the lowest first. */
export function putCount(out: ByteWriter, count: number): void {
  reserve(out, 8);
  let rest = count;
  while (rest > 0x7f) {
    out.bytes[out.length++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  out.bytes[out.length++] = rest;
}

export function takeCount(from: ByteReader): number {
  let count = 0;
  for (let factor = 1; ; factor *= 0x80) {
    const byte = takeByte(from);
    count += (byte & 0x7f) * factor;
    if (byte < 0x80) return count;
  }
}

/** Any double, bit by bit but for the many NaNs, which are one. */
export function putDouble(out: ByteWriter, value: number): void {
  reserve(out, 8);
  out.length = out.bytes.writeDoubleLE(value, out.length);
}

export function takeDouble(from: ByteReader): number {
  return from.bytes.readDoubleLE(advance(from, 8));
}

/** Bytes with their length before them. */
export function putSpan(out: ByteWriter, bytes: Uint8Array): void {
  putCount(out, bytes.length);
  writeBytes(out, bytes, 0, bytes.length);
}

/** The next `length` bytes themselves, not a copy. */
export function takeBytes(from: ByteReader, length: number): Buffer {
  const at = advance(from, length);
  return from.bytes.subarray(at, at + length);
}

/** The bytes that putSpan has written; not a copy. */
export function takeSpan(from: ByteReader): Buffer {
  return takeBytes(from, takeCount(from));
}

const utf8Kind = 0;
const utf16Kind = 1;

/** Any text: UTF-8, or UTF-16 when it holds a lone surrogate, which has no UTF-8. */
export function putText(out: ByteWriter, text: string): void {
  const kind = /\p{Surrogate}/u.test(text) ? utf16Kind : utf8Kind;
  const lengthBytes = kind === utf8Kind ? Buffer.byteLength(text) : text.length * 2;
  putCount(out, lengthBytes * 2 + kind);
  reserve(out, lengthBytes);
  out.length += out.bytes.write(text, out.length, kind === utf8Kind ? 'utf8' : 'utf16le');
}

export function takeText(from: ByteReader): string {
  const head = takeCount(from);
  const length = Math.floor(head / 2);
  const at = advance(from, length);
  return from.bytes.toString(head % 2 === utf8Kind ? 'utf8' : 'utf16le', at, at + length);
}

/** An integer of any size: its sign and length, then its magnitude, the highest byte first. */
export function putBigint(out: ByteWriter, value: bigint): void {
  const digits = (value < 0n ? -value : value).toString(16);
  const magnitude = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  putCount(out, magnitude.length * 2 + (value < 0n ? 1 : 0));
  writeBytes(out, magnitude, 0, magnitude.length);
}

export function takeBigint(from: ByteReader): bigint {
  const head = takeCount(from);
  const length = Math.floor(head / 2);
  const at = advance(from, length);
  const magnitude = BigInt(`0x${from.bytes.toString('hex', at, at + length) || '0'}`);
  return head % 2 === 1 ? -magnitude : magnitude;
}
