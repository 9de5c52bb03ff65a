/**
 * A batch: the rows of one chunk, as line spans, a selection and columns. It is reused: what it holds is valid until
 * the producer fills it again, so whoever wants to keep a record copies its bytes.
 * A row is identified by its number in the batch; `selection` lists, in order, the rows that are still in.
 */
import type { ByteWriter } from './byte-writer.js';
import type { Column } from './column.js';

/** Rows that one batch can hold. Chosen so that a few columns of it stay in the second-level cache. */
export const batchCapacity = 4096;

/** A field that an operator adds to, or puts in the place of, what the record came with. */
export interface ImageField {
  readonly name: string;
  /** Index into the batch's columns. */
  readonly column: number;
  /**
   * A scanned column of the same name: where it is not missing, the field replaces it in place instead of
   * being appended.
   */
  readonly shadow?: number;
}

/**
 * How a row is spelled when it leaves: the line it came as ('line': bytes in the chunk, an NDJSON object),
 * a record of a text format ('foreign': written by `batch.foreign`), or nothing ('none'), less the dropped
 * names, plus the fields. With base 'none' the fields are the record, in order, and a missing value is
 * written as null.
 */
export interface Image {
  readonly base: 'line' | 'foreign' | 'none';
  readonly dropped: readonly string[];
  readonly fields: readonly ImageField[];
}

/** Writes a row of a text format as an NDJSON object without newline. */
export interface ForeignWriter {
  write(batch: Batch, row: number, out: ByteWriter): void;
}

/**
 * A line that the scanner refused. `reason` is found afterwards from the bytes when the scanner does not
 * know it.
 */
export interface RejectedLine {
  /** The line's bytes, copied, without newline. */
  readonly bytes: Uint8Array;
  /** Line number in its source, from 1. */
  readonly line: number;
  readonly reason: string;
}

export interface Batch {
  /** The chunk that the line spans are spans of. */
  bytes: Uint8Array;
  count: number;
  /** Line spans [starts, ends) in `bytes`, without surrounding white space. */
  starts: Int32Array;
  ends: Int32Array;
  selection: Int32Array;
  selected: number;
  readonly columns: Column[];
  image: Image;
  foreign: ForeignWriter | undefined;
  /** Event time of each row in epoch ms; meaningful only behind a node that assigns time. */
  times: Float64Array;
  /**
   * The watermark as it was before each row (over all rows, also those dropped since): lateness is judged by
   * it.
   */
  marks: Float64Array;
  /** Where the rows came from, and the number of the first line consumed for this batch; see lineOf. */
  source: string;
  firstLine: number;
  /** Where in `bytes` the first consumed line begins. */
  from: number;
  rejected: RejectedLine[];
}

/** An empty batch of the given image with no columns. */
export function createBatch(image: Image, capacity: number = batchCapacity): Batch {
  return {
    bytes: new Uint8Array(0),
    count: 0,
    starts: new Int32Array(capacity),
    ends: new Int32Array(capacity),
    selection: new Int32Array(capacity),
    selected: 0,
    columns: [],
    image,
    foreign: undefined,
    times: new Float64Array(capacity),
    marks: new Float64Array(capacity),
    source: '',
    firstLine: 1,
    from: 0,
    rejected: [],
  };
}

/** The line number of a row in its source, counted from the bytes: only for messages, it scans the chunk. */
export function lineOf(batch: Batch, row: number): number {
  let line = batch.firstLine;
  const end = batch.starts[row]!;
  for (
    let at = batch.bytes.indexOf(10, batch.from);
    at >= 0 && at < end;
    at = batch.bytes.indexOf(10, at + 1)
  )
    line++;
  return line;
}

/** Selects every row of the batch. */
export function selectAll(batch: Batch): void {
  const selection = batch.selection;
  for (let row = 0; row < batch.count; row++) selection[row] = row;
  batch.selected = batch.count;
}
