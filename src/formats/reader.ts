/**
 * What a text format has to be able to do: read one record from its bytes, put its fields into columns, and
 * write it as a JSON object. Everything else (finding the lines, UTF-8, positions, rejected lines) is
 * line-scanner.ts. A reader holds the spans of the record that it read last and nothing of the records
 * before.
 */
import type { ByteWriter, Column, Path, ScannerMemory } from '../record/index.js';

/**
 * Puts one field of the record that was read last into a row of a column; missing if the record has no such
 * field.
 */
export type Cell = (column: Column, row: number) => void;

/** What came of reading a record. */
export const Read = {
  /** Its fields can be put and written. */
  record: 0,
  /** It is not what the format says; `reason` says why. */
  refused: 1,
  /** It is part of the format and no record: a header, a comment. */
  skipped: 2,
  /** It goes on behind the end of the line; `reopen` says from where. */
  open: 3,
} as const;
export type Read = (typeof Read)[keyof typeof Read];

export interface RecordReader {
  /** Names of the fields, in order, where the format fixes them; undefined where the input does. */
  readonly fieldNames: readonly string[] | undefined;
  /** Whether a line of white space alone is blank and skipped; otherwise only an empty line is. */
  readonly spacesAreBlank: boolean;
  /** A new source begins: forget what was learnt from the head of the one before. */
  begin?(): void;
  /** What was learnt from the head, and the way back; see Scanner. */
  remember?(): ScannerMemory | undefined;
  recall?(memory: ScannerMemory | undefined): void;
  /**
   * Reads the record bytes[start, end), valid UTF-8 without line end. `escaped`: there is a backslash in it.
   */
  read(bytes: Buffer, start: number, end: number, escaped: boolean): Read;
  /** Why the last read refused; columns count from 1 in bytes. */
  reason(): string;
  /**
   * After Read.open: where in bytes[end, to) the open part ends, or -1. Only formats whose records span
   * lines.
   */
  closing?(bytes: Buffer, end: number, to: number): number;
  /** How to put the field of a path. Asked for before the first read. */
  cell(path: Path): Cell;
  /** Writes the record that was read last as a JSON object without newline. */
  write(out: ByteWriter): void;
}
