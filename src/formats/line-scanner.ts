/**
 * The scanner around a reader: finds the lines of a range, skips blank ones, refuses what is not UTF-8, and
 * has the reader put the fields that the layout asks for. UTF-8 and backslashes are looked for once in the
 * whole range, which costs next to nothing in native code, so that the loop over the records need not look
 * at each byte for them. It knows no format, and it makes no JSON: a record is written when it leaves, by
 * the batch's foreign writer.
 */
import { isUtf8 } from 'node:buffer';
import {
  type Batch,
  type Column,
  createColumn,
  type ForeignWriter,
  hashBytes,
  type Layout,
  type Scanner,
  type ScanStop,
  selectAll,
  Tag,
} from '../record/index.js';
import { isoText } from './log-time.js';
import { type Cell, Read, type RecordReader } from './reader.js';

const newlineByte = 0x0a;

/** A scanner of a text format. */
export interface FormatScanner extends Scanner {
  /** Names of the fields, in order, where they are known before any input is read. */
  readonly fieldNames: readonly string[] | undefined;
}

/** The same memory as a Buffer, whose indexOf is several times as fast as that of a Uint8Array. */
function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Offset of the first byte that is not UTF-8 in a span that has one. */
function firstBadByte(bytes: Uint8Array, start: number, end: number): number {
  let good = start;
  for (let at = start; at < end; ) {
    const lead = bytes[at]!;
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (at + length > end || !isUtf8(bytes.subarray(at, at + length))) return good - start;
    at += length;
    good = at;
  }
  return good - start;
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== 0x20 && bytes[at] !== 0x09) return false;
  return true;
}

const withoutReturn = (bytes: Uint8Array, start: number, newline: number): number =>
  newline > start && bytes[newline - 1] === 0x0d ? newline - 1 : newline;

/** Columns 0..size-1, those to be scanned with their spans in `bytes`. */
function prepareColumns(batch: Batch, layout: Layout, bytes: Uint8Array): void {
  while (batch.columns.length < layout.size) batch.columns.push(createColumn(batch.selection.length));
  for (const { column } of layout.scanned) {
    batch.columns[column]!.bytes = bytes;
    batch.columns[column]!.spellInstant = isoText;
  }
}

interface BoundCell {
  readonly cell: Cell;
  readonly column: number;
  readonly hashed: boolean;
}

function bind(reader: RecordReader, layout: Layout): readonly BoundCell[] {
  return layout.scanned.map(({ column, path, hashed }) => ({ cell: reader.cell(path), column, hashed }));
}

function hashText(column: Column, row: number): void {
  if (column.tags[row] !== Tag.text) return;
  column.hashes[row] = hashBytes(column.bytes, column.starts[row]!, column.lengths[row]!);
}

/**
 * Where the backslashes of a chunk are, for questions that go upwards through it: one search for many lines.
 */
interface Backslashes {
  /** The first backslash at or behind `asked`, or -1. */
  next: number;
  asked: number;
}

function hasBackslash(known: Backslashes, bytes: Buffer, start: number, end: number): boolean {
  if (start < known.asked || (known.next >= 0 && known.next < start)) known.next = bytes.indexOf(0x5c, start);
  known.asked = start;
  return known.next >= 0 && known.next < end;
}

/** Forgets what was known: the bytes are others. */
function resetBackslashes(known: Backslashes): void {
  known.next = -1;
  known.asked = Number.POSITIVE_INFINITY;
}

function foreignWriter(reader: RecordReader, backslashes: Backslashes): ForeignWriter {
  let given: Uint8Array = new Uint8Array(0);
  let bytes: Buffer = bufferOf(given);
  return {
    write(batch, row, out) {
      const start = batch.starts[row]!;
      const end = batch.ends[row]!;
      if (given !== batch.bytes) {
        given = batch.bytes;
        bytes = bufferOf(given);
      }
      reader.read(bytes, start, end, hasBackslash(backslashes, bytes, start, end));
      reader.write(out);
    },
  };
}

/**
 * The end of a record that goes on behind `end`: the newline behind its closing mark, or -1 if that is not
 * there.
 */
function endOfOpen(reader: RecordReader, bytes: Buffer, end: number, to: number): number {
  const closing = reader.closing?.(bytes, end, to) ?? -1;
  if (closing < 0) return -1;
  const newline = bytes.indexOf(0x0a, closing);
  return newline < 0 || newline >= to ? -1 : newline;
}

function countNewlines(bytes: Buffer, from: number, to: number): number {
  let count = 0;
  for (let at = bytes.indexOf(0x0a, from); at >= 0 && at < to; at = bytes.indexOf(0x0a, at + 1)) count++;
  return count;
}

/** A scan under way. */
interface Run {
  readonly reader: RecordReader;
  readonly cells: readonly BoundCell[];
  readonly columns: readonly Column[];
  readonly batch: Batch;
  readonly bytes: Buffer;
  readonly to: number;
  /** No more bytes will come behind `to`. */
  readonly final: boolean;
  /** The whole range is UTF-8. */
  readonly clean: boolean;
  readonly backslashes: Backslashes;
  lines: number;
}

function refuse(run: Run, start: number, end: number, reason: string): void {
  const line = run.batch.firstLine + run.lines;
  run.batch.rejected.push({ bytes: new Uint8Array(run.bytes.subarray(start, end)), line, reason });
}

function putRow(run: Run, start: number, end: number): void {
  const { batch, cells, columns } = run;
  const row = batch.count++;
  batch.starts[row] = start;
  batch.ends[row] = end;
  for (let index = 0; index < cells.length; index++) {
    const { cell, hashed } = cells[index]!;
    cell(columns[index]!, row);
    if (hashed) hashText(columns[index]!, row);
  }
}

/** Takes in what was read from bytes[start, end). */
function takeRead(run: Run, read: Read, start: number, end: number): void {
  if (!run.clean && !isUtf8(run.bytes.subarray(start, end))) {
    refuse(run, start, end, `not UTF-8 at byte ${firstBadByte(run.bytes, start, end) + 1}`);
  } else if (read === Read.record) putRow(run, start, end);
  else if (read !== Read.skipped) refuse(run, start, end, run.reader.reason());
}

/**
 * Takes in the record whose first line is [start, newline) and goes on behind it. -1 if its end is not there
 * yet.
 */
function takeOpen(run: Run, start: number, newline: number, escaped: boolean): number {
  const { reader, bytes, to } = run;
  let end = newline;
  let read: Read = Read.open;
  while (read === Read.open) {
    const further = endOfOpen(reader, bytes, end, to);
    if (further < 0) {
      if (!run.final) return -1;
      // What is never closed takes only its first line with it, not the rest of the input.
      takeRead(run, Read.refused, start, withoutReturn(bytes, start, newline));
      run.lines++;
      return newline + 1;
    }
    end = further;
    read = reader.read(bytes, start, withoutReturn(bytes, start, end), escaped);
  }
  takeRead(run, read, start, withoutReturn(bytes, start, end));
  run.lines += countNewlines(bytes, start, end) + 1;
  return end + 1;
}

/**
 * Takes in the line or record that begins at `at`. Returns the position behind it, or -1 if it ends behind
 * `to`.
 */
function takeLine(run: Run, at: number): number {
  const { reader, bytes, to } = run;
  const found = bytes.indexOf(newlineByte, at);
  const newline = found < 0 || found >= to ? to : found;
  const end = withoutReturn(bytes, at, newline);
  if (at === end || (reader.spacesAreBlank && bytes[at]! <= 0x20 && isBlank(bytes, at, end))) {
    run.lines++;
    return newline + 1;
  }
  const escaped = hasBackslash(run.backslashes, bytes, at, end);
  const read = reader.read(bytes, at, end, escaped);
  if (read === Read.open) return takeOpen(run, at, newline, escaped);
  takeRead(run, read, at, end);
  run.lines++;
  return newline + 1;
}

function beginBatch(batch: Batch, bytes: Uint8Array, from: number, foreign: ForeignWriter): void {
  batch.bytes = bytes;
  batch.from = from;
  batch.count = 0;
  batch.rejected = [];
  batch.foreign = foreign;
}

/** Makes the scanner of a reader for the columns of a layout. */
export function createLineScanner(reader: RecordReader, layout: Layout): FormatScanner {
  const cells = bind(reader, layout);
  const backslashes: Backslashes = { next: -1, asked: 0 };
  const foreign = foreignWriter(reader, backslashes);
  return {
    fieldNames: reader.fieldNames,
    stop: 'range',
    lines: 0,
    controlLines: false,
    remember: () => reader.remember?.(),
    recall: (memory) => reader.recall?.(memory),
    scan(given, from, to, final, batch) {
      const bytes = bufferOf(given);
      const capacity = batch.selection.length;
      prepareColumns(batch, layout, given);
      beginBatch(batch, given, from, foreign);
      resetBackslashes(backslashes);
      if (batch.firstLine === 1) reader.begin?.();
      const run: Run = {
        reader,
        cells,
        columns: cells.map(({ column }) => batch.columns[column]!),
        batch,
        bytes,
        to,
        final,
        clean: isUtf8(bytes.subarray(from, to)),
        backslashes,
        lines: 0,
      };
      let stop: ScanStop = 'range';
      let at = from;
      while (at < to) {
        if (batch.count === capacity || batch.rejected.length === capacity) {
          stop = 'full';
          break;
        }
        const next = takeLine(run, at);
        if (next < 0) {
          stop = 'more';
          break;
        }
        at = next;
      }
      selectAll(batch);
      this.stop = stop;
      this.lines = run.lines;
      return Math.min(at, to);
    },
  };
}
