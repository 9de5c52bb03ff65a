/**
 * A column: one field path of every row of a batch, as parallel typed arrays. No object per record.
 * A value is a tag and, depending on the tag, a span of `bytes`, a number, or a boxed value. The scanners
 * fill columns from text; expressions and operators fill computed ones. Both are read the same way.
 *
 * The arrays of a column may be replaced between two batches (a scanner may move its memory), so code that loops over
 * rows takes them from the column at the start of each batch and never keeps them.
 */

/**
 * What a row of a column holds. The numbers are used in generated code and in WebAssembly: never renumber.
 */
export const Tag = {
  missing: 0, // the path does not exist in the record
  null: 1,
  false: 2,
  true: 3,
  number: 4, // `numbers` is the exact value, or the nearest double of a fraction; span: its spelling, length 0 if computed
  exact: 5, // its double may not be exact (over 15 digits, exponents): read the spelling from the span
  text: 6, // span = the characters in UTF-8, without quotes; nothing to escape or unescape
  escaped: 7, // span = the inside of a JSON string with escapes in it, without quotes
  raw: 8, // span = text of a foreign format, UTF-8, that may need escapes when written as JSON
  object: 9, // span = the JSON text, braces included
  array: 10, // span = the JSON text, brackets included
  instant: 11, // `numbers` is epoch milliseconds, spelled by the column's `spellInstant`
  boxed: 12, // `boxed[row]` is a string, bigint or an object with a json() method
} as const;
export type Tag = (typeof Tag)[keyof typeof Tag];

/** A value that knows its JSON spelling (exact decimals, timestamps, nested values). */
export interface JsonSpelled {
  json(): string;
}

/** What a boxed row may hold. */
export type Boxed = string | bigint | JsonSpelled;

/** One column of a batch; see the file comment. All arrays have at least `capacity` entries of the batch. */
export interface Column {
  /** What the spans are spans of: the chunk for scanned columns, an arena for computed ones. */
  bytes: Uint8Array;
  tags: Uint8Array;
  starts: Int32Array;
  lengths: Int32Array;
  numbers: Float64Array;
  /**
   * hashBytes of the text, filled by the scanner only for Tag.text of columns that the layout marks as
   * hashed.
   */
  hashes: Int32Array;
  /**
   * A row of the batch with the same text, or the row itself: rows with the same twin hold the same. Filled only by a
   * scanner that can do so cheaply, for columns that the layout marks as paired.
   */
  twins: Int32Array | undefined;
  /** Whether equal values are the same span, for as long as the bytes are the same: they then tell them apart. */
  isDictionary: boolean;
  /** Sparse; only rows tagged boxed are read. */
  boxed: Boxed[];
  /** Spells Tag.instant rows in the form of the event-time field: a number, or a text for a JSON string. */
  spellInstant: ((epochMs: number) => number | string) | undefined;
}

const noBytes = new Uint8Array(0);

/** An empty column for `capacity` rows; every row is missing. */
export function createColumn(capacity: number): Column {
  return {
    bytes: noBytes,
    tags: new Uint8Array(capacity),
    starts: new Int32Array(capacity),
    lengths: new Int32Array(capacity),
    numbers: new Float64Array(capacity),
    hashes: new Int32Array(capacity),
    twins: undefined,
    isDictionary: false,
    boxed: [],
    spellInstant: undefined,
  };
}
