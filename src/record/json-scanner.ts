/**
 * The scanner in plain TypeScript: validates each line and fills the columns of its top-level members in one pass.
 * It is the reference for the WebAssembly scanner, the slow lane of it, and the way out where WebAssembly is missing.
 * It expects each line to have the keys of the line before, in the same order, and compares whole key tokens before
 * it searches (as Mison, Li et al., 2017, speculates on field order). It must never accept a line that JSON.parse
 * refuses, nor refuse one that it takes, except that a record is an object in strict UTF-8.
 */
import { isUtf8 } from 'node:buffer';
import type { Batch } from './batch.js';
import { selectAll } from './batch.js';
import { type Column, Tag } from './column.js';
import { isControlLine, unescapeControlKin } from './control-kin.js';
import { hashBytes } from './hash.js';
import { seen, skipNumber, skipScalar, skipSpace, skipString, skipValue } from './json-syntax.js';
import type { Layout } from './layout.js';
import { fillNested } from './nested.js';
import { rejectionReason } from './rejection.js';
import { ensureColumns, headColumns, planScan, type ScanPlan } from './scan-plan.js';
import type { Scanner, ScanStop } from './scanner.js';
import { beginLine, createShape, lookUpKey, matchToken, type Shape } from './shape.js';

const newline = 0x0a;

/** What a line scanner works on; `row` is filled when a line is accepted. */
export interface LineScanner {
  readonly plan: ScanPlan;
  readonly shape: Shape;
  /** Columns of the plan's heads in the batch at hand. */
  heads: readonly Column[];
}

/** Puts the value at `at` into a row of a column; returns the position behind it or ~position. */
function scanValue(column: Column, row: number, bytes: Uint8Array, at: number, hashed: boolean): number {
  let start = at;
  let end: number;
  let tag: Tag;
  const first = bytes[at]!;
  if (first === 0x22) {
    end = skipString(bytes, at + 1);
    if (end < 0) return end;
    start++;
    at = end + 1;
    tag = seen.escaped ? Tag.escaped : Tag.text;
    if (hashed && tag === Tag.text) column.hashes[row] = hashBytes(bytes, start, end - start);
  } else if (first === 0x2d || (first >= 0x30 && first <= 0x39)) {
    end = at = skipNumber(bytes, at);
    tag = seen.exact ? Tag.exact : Tag.number;
    column.numbers[row] = seen.number;
  } else if (first === 0x7b || first === 0x5b) {
    end = at = skipValue(bytes, at);
    tag = first === 0x7b ? Tag.object : Tag.array;
  } else {
    end = at = skipScalar(bytes, at);
    tag = first === 0x74 ? Tag.true : first === 0x66 ? Tag.false : Tag.null;
  }
  column.tags[row] = tag;
  column.starts[row] = start;
  column.lengths[row] = end - start;
  return at;
}

/** Skips a value whose column nobody asked for. */
function passValue(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first === 0x22) {
    const end = skipString(bytes, at + 1);
    return end < 0 ? end : end + 1;
  }
  return first === 0x7b || first === 0x5b ? skipValue(bytes, at) : skipScalar(bytes, at);
}

/**
 * Scans the line whose first byte that is not white space is at `at` into a row. Returns the position of its newline,
 * or ~position of what is wrong; the row's tags are then to be cleared.
 */
export function scanLine(scanner: LineScanner, bytes: Uint8Array, at: number, row: number): number {
  const { shape, heads, plan } = scanner;
  if (bytes[at] !== 0x7b) return ~at;
  at = skipSpace(bytes, at + 1);
  let member = 0;
  if (bytes[at] === 0x7d) at++;
  else {
    for (;;) {
      let head: number;
      const token = matchToken(shape, bytes, at, member);
      if (token >= 0) {
        member = token + 1;
        at += shape.lengths[token]!;
        head = shape.heads[token]!;
      } else {
        if (bytes[at] !== 0x22) return ~at;
        const end = skipString(bytes, at + 1);
        if (end < 0) return end;
        const colon = skipSpace(bytes, end + 1);
        if (bytes[colon] !== 0x3a) return ~colon;
        const known = shape.count;
        head = lookUpKey(shape, plan.heads, bytes, at, end, colon, member);
        if (shape.count > known) member++;
        at = colon + 1;
      }
      at = skipSpace(bytes, at);
      at =
        head < 0 ? passValue(bytes, at) : scanValue(heads[head]!, row, bytes, at, plan.heads[head]!.hashed);
      if (at < 0) return at;
      at = skipSpace(bytes, at);
      const byte = bytes[at]!;
      if (byte === 0x2c) at = skipSpace(bytes, at + 1);
      else if (byte === 0x7d) {
        at++;
        break;
      } else return ~at;
    }
  }
  at = skipSpace(bytes, at);
  return bytes[at] === newline ? at : ~at;
}

/** Takes in the line that begins at `at`, blank or not; returns the position behind its newline. */
export function takeLine(
  scanner: LineScanner,
  batch: Batch,
  at: number,
  careful: boolean,
  line: number,
): number {
  const { bytes } = batch;
  const row = batch.count;
  const start = skipSpace(bytes, at);
  if (bytes[start] === newline) return start + 1;
  beginLine(scanner.shape);
  const end = scanLine(scanner, bytes, start, row);
  if (end >= 0 && !(careful && !isUtf8(bytes.subarray(start, end)))) {
    batch.starts[row] = start;
    batch.ends[row] = lineEnd(bytes, end);
    batch.count = row + 1;
    return end + 1;
  }
  for (const head of scanner.heads) head.tags[row] = Tag.missing;
  const stop = bytes.indexOf(newline, start);
  const copy = bytes.slice(at, bytes[stop - 1] === 0x0d ? stop - 1 : stop);
  batch.rejected.push({ bytes: copy, line, reason: rejectionReason(copy) });
  return stop + 1;
}

function lineEnd(bytes: Uint8Array, newlineAt: number): number {
  let end = newlineAt;
  while (bytes[end - 1] !== 0x7d) end--;
  return end;
}

/** Empties the batch and points its columns at the bytes to come. */
export function beginBatch(batch: Batch, bytes: Uint8Array, from: number): void {
  batch.bytes = bytes;
  batch.from = from;
  batch.count = 0;
  batch.rejected = [];
}

/** What is left to do when the lines of a batch have been taken in: paths into members, and the selection. */
export function endBatch(batch: Batch, plan: ScanPlan, heads: readonly Column[]): void {
  for (const head of heads) head.bytes = batch.bytes;
  if (plan.nested.length + plan.never.length > 0) fillNested(batch, plan, heads);
  selectAll(batch);
}

/** What takes in lines one by one for a layout. */
export function createLines(layout: Layout): LineScanner {
  return { plan: planScan(layout), shape: createShape(), heads: [] };
}

/** A scanner for NDJSON, in plain TypeScript. The layout must be complete. */
export function createJsonScanner(layout: Layout): Scanner {
  const lines = createLines(layout);
  const { plan } = lines;
  const own: Column[] = [];

  const run = (scanner: Scanner, from: number, to: number, batch: Batch, careful: boolean): number => {
    const bytes = batch.bytes;
    const capacity = batch.times.length;
    for (const head of lines.heads) head.tags.fill(Tag.missing);
    let at = from;
    let taken = 0;
    let stop: ScanStop = 'range';
    while (at < to) {
      if (batch.count === capacity || batch.rejected.length === capacity) {
        stop = 'full';
        break;
      }
      if (scanner.controlLines && bytes[at] === 0x7b) {
        if (isControlLine(bytes, at)) {
          stop = 'control';
          break;
        }
        unescapeControlKin(bytes, at);
      }
      at = takeLine(lines, batch, at, careful, batch.firstLine + taken);
      taken++;
    }
    scanner.stop = stop;
    scanner.lines = taken;
    return at;
  };

  return {
    stop: 'range',
    lines: 0,
    controlLines: false,
    scan(bytes, from, to, _final, batch) {
      ensureColumns(batch, layout);
      lines.heads = headColumns(plan, batch, own);
      for (const head of lines.heads) head.twins = undefined;
      beginBatch(batch, bytes, from);
      let at = run(this, from, to, batch, false);
      // One native pass over all the bytes taken is far cheaper than looking at each; only when it fails, line by line.
      if (!isUtf8(bytes.subarray(from, at))) {
        beginBatch(batch, bytes, from);
        at = run(this, from, to, batch, true);
      }
      endBatch(batch, plan, lines.heads);
      return at;
    },
  };
}
