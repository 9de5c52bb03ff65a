/**
 * A record batch under construction: records are appended as bytes, and the head is written when the batch is finished. One
 * buffer that grows; no object is made of a record. Batches are what a broker stores, as they are.
 */
import { type Codec, codecs } from '../codecs/codec.js';
import { crc32c } from './crc32c.js';
import {
  attributesAt,
  baseOffsetAt,
  baseSequenceAt,
  baseTimestampAt,
  checksumAt,
  countAt,
  lastOffsetDeltaAt,
  lengthAt,
  magic,
  magicAt,
  maxTimestampAt,
  overheadBytes,
  producerEpochAt,
  producerIdAt,
  recordsAt,
  transactionalBit,
} from './layout.js';

/** Who writes, for a broker that keeps account of it: idempotent and transactional producers. */
export interface BatchProducer {
  readonly id: bigint;
  readonly epoch: number;
  /** Number of the first record in its partition. */
  readonly sequence: number;
  readonly transactional: boolean;
}

/** A part of some bytes; undefined in place of it: null. */
export interface Span {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export interface BatchWriter {
  readonly count: number;
  /** Bytes of the batch so far, before compression. */
  readonly lengthBytes: number;
  /** Appends a record. `timestamp` in epoch ms. */
  add(key: Span | undefined, value: Span | undefined, timestamp: number, headers: readonly Header[]): void;
  /** The finished batch. The writer is empty afterwards; the bytes are the caller's. */
  finish(codec: Codec, compress: Compress, producer: BatchProducer | undefined): Buffer;
}

export type Header = readonly [string, string];
export type Compress = (codec: Codec, bytes: Uint8Array) => Uint8Array;

interface Writer {
  bytes: Buffer;
  length: number;
  count: number;
  firstTimestamp: number;
  maxTimestamp: number;
}

function reserve(writer: Writer, more: number): void {
  if (writer.length + more <= writer.bytes.length) return;
  const grown = Buffer.allocUnsafeSlow(Math.max(writer.length + more, 2 * writer.bytes.length));
  writer.bytes.copy(grown, 0, 0, writer.length);
  writer.bytes = grown;
}

/** A zigzag number of at most 53 bits. There is room for it. */
function putVarint(writer: Writer, value: number): void {
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  const { bytes } = writer;
  while (rest > 127) {
    bytes[writer.length++] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
  }
  bytes[writer.length++] = rest;
}

function varintBytes(value: number): number {
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  let count = 1;
  for (; rest > 127; count++) rest = Math.floor(rest / 128);
  return count;
}

const spanLength = (span: Span | undefined): number => (span === undefined ? -1 : span.end - span.start);
const spanBytes = (length: number): number => varintBytes(length) + Math.max(0, length);

function putSpan(writer: Writer, span: Span | undefined): void {
  const length = spanLength(span);
  putVarint(writer, length);
  if (span === undefined || length === 0) return;
  const { bytes, start, end } = span;
  // Below some 48 bytes a loop beats a call.
  if (length > 48) writer.bytes.set(bytes.subarray(start, end), writer.length);
  else for (let at = start, to = writer.length; at < end; ) writer.bytes[to++] = bytes[at++]!;
  writer.length += length;
}

function headersLength(headers: readonly Header[]): number {
  let length = varintBytes(headers.length);
  for (const [name, value] of headers) {
    length += spanBytes(Buffer.byteLength(name)) + spanBytes(Buffer.byteLength(value));
  }
  return length;
}

function putText(writer: Writer, text: string): void {
  putVarint(writer, Buffer.byteLength(text));
  writer.length += writer.bytes.write(text, writer.length, 'utf8');
}

function add(
  writer: Writer,
  key: Span | undefined,
  value: Span | undefined,
  timestamp: number,
  headers: readonly Header[],
): void {
  if (writer.count === 0) {
    writer.firstTimestamp = timestamp;
    writer.maxTimestamp = timestamp;
  }
  const delta = timestamp - writer.firstTimestamp;
  const length =
    1 +
    varintBytes(delta) +
    varintBytes(writer.count) +
    spanBytes(spanLength(key)) +
    spanBytes(spanLength(value)) +
    headersLength(headers);
  reserve(writer, length + 5);
  putVarint(writer, length);
  writer.bytes[writer.length++] = 0;
  putVarint(writer, delta);
  putVarint(writer, writer.count);
  putSpan(writer, key);
  putSpan(writer, value);
  putVarint(writer, headers.length);
  for (const [name, text] of headers) {
    putText(writer, name);
    putText(writer, text);
  }
  writer.count++;
  if (timestamp > writer.maxTimestamp) writer.maxTimestamp = timestamp;
}

function writeHead(bytes: Buffer, writer: Writer, codec: Codec, producer: BatchProducer | undefined): void {
  const attributes = codecs.indexOf(codec) | (producer?.transactional === true ? transactionalBit : 0);
  bytes.writeBigInt64BE(0n, baseOffsetAt);
  bytes.writeInt32BE(bytes.length - overheadBytes, lengthAt);
  // The epoch of the leader is the broker's to know.
  bytes.writeInt32BE(-1, overheadBytes);
  bytes[magicAt] = magic;
  bytes.writeInt16BE(attributes, attributesAt);
  bytes.writeInt32BE(writer.count - 1, lastOffsetDeltaAt);
  bytes.writeBigInt64BE(BigInt(writer.firstTimestamp), baseTimestampAt);
  bytes.writeBigInt64BE(BigInt(writer.maxTimestamp), maxTimestampAt);
  bytes.writeBigInt64BE(producer?.id ?? -1n, producerIdAt);
  bytes.writeInt16BE(producer?.epoch ?? -1, producerEpochAt);
  bytes.writeInt32BE(producer?.sequence ?? -1, baseSequenceAt);
  bytes.writeInt32BE(writer.count, countAt);
  bytes.writeUInt32BE(crc32c(bytes, attributesAt, bytes.length), checksumAt);
}

/** A batch to be filled. */
export function createBatchWriter(capacityBytes = 1 << 16): BatchWriter {
  const writer: Writer = {
    bytes: Buffer.allocUnsafeSlow(capacityBytes),
    length: recordsAt,
    count: 0,
    firstTimestamp: 0,
    maxTimestamp: 0,
  };
  return {
    get count() {
      return writer.count;
    },
    get lengthBytes() {
      return writer.length;
    },
    add: (key, value, timestamp, headers) => add(writer, key, value, timestamp, headers),
    finish(codec, compress, producer) {
      const { bytes, length } = writer;
      let finished: Buffer;
      if (codec === 'none') {
        finished = bytes.subarray(0, length);
        writer.bytes = Buffer.allocUnsafeSlow(bytes.length);
      } else {
        const packed = compress(codec, bytes.subarray(recordsAt, length));
        finished = Buffer.allocUnsafeSlow(recordsAt + packed.length);
        finished.set(packed, recordsAt);
      }
      writeHead(finished, writer, codec, producer);
      writer.length = recordsAt;
      writer.count = 0;
      return finished;
    },
  };
}
