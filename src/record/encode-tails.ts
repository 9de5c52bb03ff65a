/**
 * What was appended to lines last, when it was nothing but instants: the bounds of a window repeat for many rows, so
 * that most rows are copying. Two tails are kept: a stream that is out of order goes back and forth between two
 * windows. Runs of such rows are written in WebAssembly: in profiles of a stage that adds two bounds to 2 M
 * lines, writing them was 44 % of the time with kept tails alone, and is 16 % so.
 */
import type { Batch } from './batch.js';
import { type ByteWriter, createByteWriter, writeBytes } from './byte-writer.js';
import { type Column, Tag } from './column.js';
import type { FieldPlan } from './encode-fields.js';
import { createLineRun, extendLines, longestTailBytes } from './wasm-writer.js';

/** The instants of a tail and their spelling, from the comma to the closing brace. */
interface Tail {
  readonly instants: Float64Array;
  readonly out: ByteWriter;
}

export interface Tails {
  readonly fields: readonly FieldPlan[];
  readonly escapes: boolean;
  readonly both: readonly [Tail, Tail];
  readonly bytes: readonly [ByteWriter, ByteWriter];
  /** The tail that was used last. */
  latest: 0 | 1;
}

function createTail(fieldCount: number): Tail {
  return { instants: new Float64Array(fieldCount).fill(Number.NaN), out: createByteWriter(longestTailBytes) };
}

export function createTails(fields: readonly FieldPlan[], escapes: boolean): Tails {
  const both = [createTail(fields.length), createTail(fields.length)] as const;
  return { fields, escapes, both, bytes: [both[0].out, both[1].out], latest: 0 };
}

function isTailOf(tail: Tail, fields: readonly FieldPlan[], batch: Batch, row: number): boolean {
  for (let index = 0; index < fields.length; index++) {
    const column = batch.columns[fields[index]!.column]!;
    if (column.tags[row] !== Tag.instant || column.numbers[row] !== tail.instants[index]) return false;
  }
  return true;
}

/** The number of the tail that all fields of a row are the instants of, or -1. */
function tailOf({ fields, both, latest }: Tails, batch: Batch, row: number): number {
  if (isTailOf(both[latest], fields, batch, row)) return latest;
  return isTailOf(both[latest ^ 1]!, fields, batch, row) ? latest ^ 1 : -1;
}

/** The bytes that a row ends in, if they are kept. */
export function findTail(tails: Tails, batch: Batch, row: number): ByteWriter | undefined {
  const found = tailOf(tails, batch, row);
  if (found < 0) return undefined;
  tails.latest = found as 0 | 1;
  return tails.bytes[found];
}

/** Remembers what was appended behind out[from], if it is nothing but instants. */
export function keepTail(tails: Tails, batch: Batch, row: number, out: ByteWriter, from: number): void {
  const { fields } = tails;
  if (out.bytes[from] !== 0x2c || out.length - from > longestTailBytes) return;
  for (const { column } of fields) if (batch.columns[column]!.tags[row] !== Tag.instant) return;
  tails.latest = tails.latest === 0 ? 1 : 0;
  const tail = tails.both[tails.latest];
  tail.out.length = 0;
  writeBytes(tail.out, out.bytes, from, out.length);
  fields.forEach(({ column }, index) => {
    tail.instants[index] = batch.columns[column]!.numbers[row]!;
  });
}

const run = createLineRun();
/** The columns of the fields and of what they replace, looked up once a run. */
const columns: Column[] = [];
const shadows: Column[] = [];

function lookUpColumns({ fields }: Tails, batch: Batch): void {
  columns.length = 0;
  shadows.length = 0;
  for (const { column, shadow } of fields) {
    columns.push(batch.columns[column]!);
    if (shadow >= 0) shadows.push(batch.columns[shadow]!);
  }
}

function fits({ instants }: Tail, row: number): boolean {
  for (let index = 0; index < columns.length; index++) {
    const column = columns[index]!;
    if (column.numbers[row] !== instants[index] || column.tags[row] !== Tag.instant) return false;
  }
  return true;
}

/** Whether a field has a value to replace in the line of a row. */
function replaces(row: number): boolean {
  for (let index = 0; index < shadows.length; index++) {
    if (shadows[index]!.tags[row] !== Tag.missing) return true;
  }
  return false;
}

/** Collects the rows from selection[from] on that one of the tails fits. */
function collectRun(tails: Tails, batch: Batch, from: number): void {
  const { selection, selected, starts, ends } = batch;
  lookUpColumns(tails, batch);
  const first = starts[selection[from]!]!;
  let to = first;
  let count = 0;
  let pick = tails.latest;
  for (let k = from; k < selected; k++) {
    const row = selection[k]!;
    if (!fits(tails.both[pick], row)) {
      pick = pick === 0 ? 1 : 0;
      if (!fits(tails.both[pick], row)) break;
    }
    const start = starts[row]!;
    const end = ends[row]!;
    if (start < first || replaces(row)) break;
    run.starts[count] = start;
    run.ends[count] = end;
    run.picks[count++] = pick;
    if (end > to) to = end;
    tails.latest = pick;
  }
  run.count = count;
  run.from = first;
  run.to = to;
}

/**
 * Runs shorter than this are left to TypeScript: setting up a call costs what some rows do.
 */
const shortestRun = 8;

/**
 * Appends rows from selection[from] on, as far as they are lines that a kept tail fits, with their newlines. Calls
 * `other` for the rows that are not, one at a time. So all rows are written when it returns.
 */
export function extendRows(tails: Tails, batch: Batch, out: ByteWriter, other: (row: number) => void): void {
  const { selection, selected } = batch;
  for (let k = 0; k < selected; ) {
    collectRun(tails, batch, k);
    const isRun = run.count >= shortestRun;
    const taken = isRun ? extendLines(batch.bytes, run, tails.bytes, tails.escapes, out) : 0;
    // A run that does not get far is not tried again: looking at its rows anew each time would never end.
    const others = taken < shortestRun ? run.count - taken + 1 : 1;
    const end = Math.min(selected, k + taken + others);
    for (k += taken; k < end; k++) other(selection[k]!);
  }
}
