/**
 * Records of one partition as a broker gave them: a cursor over the bytes of record batches. Nothing is copied and no object
 * is made of a record; the spans of the present one stand in the cursor. What belongs to aborted transactions is passed over
 * (as the Java client does for read_committed: a batch of a producer counts from the first offset of its aborted transaction
 * to the marker that ends it). A batch whose checksum is wrong is an error, never a record.
 */
import { problem } from '../../diagnostics/index.js';
import { type Codec, codecs } from '../codecs/codec.js';
import { crc32c } from './crc32c.js';
import {
  appendTimeBit,
  attributesAt,
  baseOffsetAt,
  baseTimestampAt,
  checksumAt,
  codecMask,
  controlBit,
  countAt,
  lastOffsetDeltaAt,
  lengthAt,
  magic,
  magicAt,
  maxTimestampAt,
  overheadBytes,
  producerIdAt,
  recordsAt,
  transactionalBit,
} from './layout.js';

/** A transaction that was given up: its first offset in this partition. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

export interface FetchedBytes {
  /** For messages: topic and partition. */
  readonly name: string;
  readonly bytes: Buffer;
  /** Records before it are passed over: a broker gives whole batches. */
  readonly fromOffset: number;
  /** Of the partition, of read_committed; empty for read_uncommitted. */
  readonly aborted: readonly AbortedTransaction[];
  decompress(codec: Codec, bytes: Uint8Array): Uint8Array;
}

/** A cursor over records; its fields hold the present record after `next` has returned true. */
export interface RecordCursor {
  /** What the spans are of. */
  readonly bytes: Buffer;
  readonly offset: number;
  /** Epoch ms. */
  readonly timestamp: number;
  readonly keyStart: number;
  /** -1: the record has no key. */
  readonly keyLength: number;
  readonly valueStart: number;
  /** -1: a tombstone. */
  readonly valueLength: number;
  /** The headers of the present record, as texts; a value may be null. */
  headers(): readonly (readonly [string, string | null])[];
  /** Goes on to the next record; false when there is none. */
  next(): boolean;
  /** Behind the present record. When `next` has returned false: behind all that was there, markers included. */
  readonly nextOffset: number;
}

interface Cursor {
  readonly fetched: FetchedBytes;
  readonly sleeping: AbortedTransaction[];
  readonly aborting: Set<bigint>;
  bytes: Buffer;
  offset: number;
  timestamp: number;
  keyStart: number;
  keyLength: number;
  valueStart: number;
  valueLength: number;
  headersStart: number;
  nextOffset: number;
  /** Where the next batch begins. */
  batchAt: number;
  /** Within `bytes`, the next record of the present batch. */
  at: number;
  left: number;
  baseOffset: number;
  baseTimestamp: number;
  /** Behind the present batch. */
  batchEnd: number;
  appendTime: boolean;
}

function damaged({ fetched, nextOffset }: Cursor, what: string): Error {
  return problem({
    code: 'input',
    message: `${fetched.name} gave a damaged batch at offset ${nextOffset}: ${what}`,
    hint: 'read it again; if it stays so, look after the disk of the broker',
  });
}

/** A zigzag number of up to 32 bits at `cursor.at`. */
function readVarint(cursor: Cursor): number {
  const { bytes } = cursor;
  let at = cursor.at;
  let byte = bytes[at++]!;
  let value = byte & 127;
  for (let shift = 7; byte > 127 && shift < 35; shift += 7) {
    byte = bytes[at++]!;
    value |= (byte & 127) << shift;
  }
  cursor.at = at;
  return (value >>> 1) ^ -(value & 1);
}

/** A zigzag number of up to 64 bits, as a double: exact to 2^53, which milliseconds are. */
function readVarlong(cursor: Cursor): number {
  const { bytes } = cursor;
  let at = cursor.at;
  let byte = bytes[at++]!;
  let value = byte & 127;
  let scale = 128;
  while (byte > 127 && scale < 2 ** 70) {
    byte = bytes[at++]!;
    value += (byte & 127) * scale;
    scale *= 128;
  }
  cursor.at = at;
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

const readOffset = (bytes: Buffer, at: number): number => Number(bytes.readBigInt64BE(at));

/** The same bytes, with the methods of a Buffer. */
const bufferOf = ({ buffer, byteOffset, length }: Uint8Array): Buffer =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, length);

/** Transactions that were given up and begin within a batch count from here on. */
function wake(cursor: Cursor, lastOffset: number): void {
  const { sleeping, aborting } = cursor;
  while (sleeping.length > 0 && sleeping[0]!.firstOffset <= lastOffset) {
    aborting.add(sleeping.shift()!.producerId);
  }
}

/** A marker ends the transaction of its producer, given up or not. */
function isSkipped(cursor: Cursor, bytes: Buffer, at: number, attributes: number): boolean {
  if ((attributes & transactionalBit) === 0) return (attributes & controlBit) !== 0;
  const producerId = bytes.readBigInt64BE(at + producerIdAt);
  if ((attributes & controlBit) === 0) return cursor.aborting.has(producerId);
  cursor.aborting.delete(producerId);
  return true;
}

/** Enters the next batch that has records; false when no whole one is left. */
function enterBatch(cursor: Cursor): boolean {
  const { bytes, fromOffset, decompress } = cursor.fetched;
  for (;;) {
    const at = cursor.batchAt;
    // The last batch of an answer may be cut off.
    if (at + recordsAt > bytes.length) return false;
    const end = at + overheadBytes + bytes.readInt32BE(at + lengthAt);
    if (end > bytes.length) return false;
    if (bytes[at + magicAt] !== magic) throw damaged(cursor, `version ${bytes[at + magicAt]}`);
    if (end < at + recordsAt) throw damaged(cursor, 'it is too short');
    cursor.batchAt = end;
    const baseOffset = readOffset(bytes, at + baseOffsetAt);
    const batchEnd = baseOffset + bytes.readInt32BE(at + lastOffsetDeltaAt) + 1;
    if (batchEnd <= fromOffset) continue;
    if (crc32c(bytes, at + attributesAt, end) !== bytes.readUInt32BE(at + checksumAt)) {
      throw damaged(cursor, 'its checksum is wrong');
    }
    const attributes = bytes.readInt16BE(at + attributesAt);
    wake(cursor, batchEnd - 1);
    if (isSkipped(cursor, bytes, at, attributes)) {
      cursor.nextOffset = batchEnd;
      continue;
    }
    const codec = codecs[attributes & codecMask];
    if (codec === undefined) throw damaged(cursor, `compression ${attributes & codecMask}`);
    cursor.bytes =
      codec === 'none' ? bytes : bufferOf(decompress(codec, bytes.subarray(at + recordsAt, end)));
    cursor.at = codec === 'none' ? at + recordsAt : 0;
    cursor.left = bytes.readInt32BE(at + countAt);
    cursor.baseOffset = baseOffset;
    cursor.batchEnd = batchEnd;
    cursor.appendTime = (attributes & appendTimeBit) !== 0;
    cursor.baseTimestamp = readOffset(bytes, at + (cursor.appendTime ? maxTimestampAt : baseTimestampAt));
    return true;
  }
}

/** Takes the record at `at`, and goes behind it. */
function takeRecord(cursor: Cursor): void {
  const length = readVarint(cursor);
  const end = cursor.at + length;
  if (length < 0 || end > cursor.bytes.length) throw damaged(cursor, 'a record is cut off');
  cursor.at++;
  const delta = readVarlong(cursor);
  cursor.timestamp = cursor.appendTime ? cursor.baseTimestamp : cursor.baseTimestamp + delta;
  cursor.offset = cursor.baseOffset + readVarint(cursor);
  cursor.keyLength = readVarint(cursor);
  cursor.keyStart = cursor.at;
  if (cursor.keyLength > 0) cursor.at += cursor.keyLength;
  cursor.valueLength = readVarint(cursor);
  cursor.valueStart = cursor.at;
  if (cursor.valueLength > 0) cursor.at += cursor.valueLength;
  if (cursor.at > end) throw damaged(cursor, 'a record is longer than it says');
  cursor.headersStart = cursor.at;
  cursor.at = end;
  cursor.left--;
  cursor.nextOffset = cursor.offset + 1;
}

function next(cursor: Cursor): boolean {
  for (;;) {
    while (cursor.left > 0) {
      takeRecord(cursor);
      if (cursor.offset >= cursor.fetched.fromOffset) return true;
    }
    // Compaction takes records out of a batch, which keeps its end.
    cursor.nextOffset = Math.max(cursor.nextOffset, cursor.batchEnd);
    if (!enterBatch(cursor)) return false;
  }
}

function headersOf(cursor: Cursor): readonly (readonly [string, string | null])[] {
  const reader = { ...cursor, at: cursor.headersStart };
  const text = (): string | null => {
    const length = readVarint(reader);
    if (length < 0) return null;
    const start = reader.at;
    reader.at += length;
    return cursor.bytes.toString('utf8', start, reader.at);
  };
  return Array.from({ length: readVarint(reader) }, () => [text() ?? '', text()] as const);
}

/** What the heads of batches say. */
export interface BatchesFacts {
  /** Behind the last whole batch; undefined when there is none. */
  readonly end: number | undefined;
  /** Compressions that occur. */
  readonly codecs: ReadonlySet<Codec>;
}

/** Walks over the heads of the batches in some bytes. */
export function surveyBatches(bytes: Buffer): BatchesFacts {
  const found = new Set<Codec>();
  let end: number | undefined;
  for (let at = 0; at + recordsAt <= bytes.length; ) {
    const next = at + overheadBytes + bytes.readInt32BE(at + lengthAt);
    if (next > bytes.length || next <= at) break;
    end = readOffset(bytes, at + baseOffsetAt) + bytes.readInt32BE(at + lastOffsetDeltaAt) + 1;
    const codec = codecs[bytes.readInt16BE(at + attributesAt) & codecMask];
    if (codec !== undefined && codec !== 'none') found.add(codec);
    at = next;
  }
  return { end, codecs: found };
}

/** Reads what a broker gave of a partition. */
export function readBatches(fetched: FetchedBytes): RecordCursor {
  const cursor: Cursor = {
    fetched,
    sleeping: [...fetched.aborted].sort((one, other) => one.firstOffset - other.firstOffset),
    aborting: new Set(),
    bytes: fetched.bytes,
    offset: -1,
    timestamp: 0,
    keyStart: 0,
    keyLength: -1,
    valueStart: 0,
    valueLength: -1,
    headersStart: 0,
    nextOffset: fetched.fromOffset,
    batchAt: 0,
    at: 0,
    left: 0,
    baseOffset: 0,
    baseTimestamp: 0,
    batchEnd: 0,
    appendTime: false,
  };
  return Object.assign(cursor, { next: () => next(cursor), headers: () => headersOf(cursor) });
}
