/**
 * Fills a read with the records of a partition, each on a line. The hot path of the source: the value of a record is
 * copied once, from the answer of the broker to where it is scanned. Newlines are looked for once in a batch, by a
 * native search.
 */
import { decompress, onOneLine, readBatches } from '../../kafka/index.js';
import type { Assigned } from './assigned.js';
import type { RecordTexts } from './record-text.js';

/** What a read gave of a partition: for each record where it ends in the read, and the offset behind it. */
export interface Piece {
  readonly partition: Assigned;
  /** Bytes that the feed had given in front of it. */
  baseBytes: number;
  lengthBytes: number;
  count: number;
  ends: Float64Array;
  offsets: Float64Array;
}

export interface FillOptions {
  readonly texts: RecordTexts;
}

const newline = 10;

export const newPiece = (partition: Assigned, baseBytes: number): Piece => ({
  partition,
  baseBytes,
  lengthBytes: 0,
  count: 0,
  ends: new Float64Array(256),
  offsets: new Float64Array(256),
});

function note(piece: Piece, end: number, offset: number): void {
  if (piece.count === piece.ends.length) {
    const { ends, offsets } = piece;
    piece.ends = new Float64Array(2 * ends.length);
    piece.offsets = new Float64Array(2 * ends.length);
    piece.ends.set(ends);
    piece.offsets.set(offsets);
  }
  piece.ends[piece.count] = end;
  piece.offsets[piece.count++] = offset;
}

/** Goes on to the next record of a partition that is there; false when none is. */
export function makeReady(one: Assigned): boolean {
  while (!one.ready) {
    if (one.cursor === undefined) {
      const answer = one.waiting.shift();
      if (answer === undefined) {
        if (one.fetchOffset >= one.endOffset) one.ended = true;
        return false;
      }
      one.waitingBytes -= answer.fetched.bytes.length;
      one.cursorBytes = answer.fetched.bytes.length;
      const { bytes, aborted } = answer.fetched;
      one.cursor = readBatches({ name: one.name, bytes, aborted, fromOffset: answer.fromOffset, decompress });
    }
    if (one.cursor.next() && one.cursor.offset < one.endOffset) one.ready = true;
    else {
      one.offset = Math.max(one.offset, Math.min(one.cursor.nextOffset, one.endOffset));
      one.cursor = undefined;
      one.cursorBytes = 0;
      if (one.offset < one.endOffset) continue;
      one.ended = true;
      one.waiting.length = 0;
      one.waitingBytes = 0;
      return false;
    }
  }
  return true;
}

/** Copies bytes[start, end). Short spans in a loop: below some 48 bytes that beats a call. */
function copy(bytes: Uint8Array, start: number, end: number, target: Uint8Array, at: number): void {
  if (end - start > 48) target.set(bytes.subarray(start, end), at);
  else for (let from = start, to = at; from < end; ) target[to++] = bytes[from++]!;
}

/** Gives on the records of a partition, as many as fit and `mayGoOn` allows; returns the bytes. */
export function fill(
  one: Assigned,
  target: Uint8Array,
  piece: Piece,
  options: FillOptions,
  mayGoOn: (timestamp: number, filled: number) => boolean,
): number {
  let at = 0;
  let searched: Uint8Array | undefined;
  let nextNewline = -1;
  while (makeReady(one)) {
    const cursor = one.cursor!;
    if (at > 0 && !mayGoOn(cursor.timestamp, at)) break;
    let { bytes, valueStart: start } = cursor;
    const own = options.texts.textOf(cursor, one.topic, one.partition);
    if (own === 'wait') break;
    if (own === 'skip') {
      one.ready = false;
      one.offset = cursor.nextOffset;
      note(piece, at, one.offset);
      continue;
    }
    let end = start + cursor.valueLength;
    let line: Uint8Array = bytes;
    if (own !== undefined) {
      line = own;
      start = 0;
      end = line.length;
    } else {
      if (searched !== bytes || (nextNewline >= 0 && nextNewline < start)) {
        searched = bytes;
        nextNewline = bytes.indexOf(newline, start);
      }
      if (nextNewline >= 0 && nextNewline < end) {
        line = onOneLine(bytes.subarray(start, end));
        end -= start;
        start = 0;
      }
    }
    const left = end - start - one.partlyGiven;
    if (at + left + 1 > target.length) {
      if (at > 0) break;
      // Longer than a read: as much as fits, and the newline with the last of it.
      const count = Math.min(left, target.length);
      target.set(line.subarray(start + one.partlyGiven, start + one.partlyGiven + count));
      one.partlyGiven += count;
      at = count;
      break;
    }
    copy(line, start + one.partlyGiven, end, target, at);
    at += left;
    target[at++] = newline;
    one.partlyGiven = 0;
    one.ready = false;
    one.offset = cursor.nextOffset;
    note(piece, at, one.offset);
  }
  piece.lengthBytes = at;
  return at;
}
