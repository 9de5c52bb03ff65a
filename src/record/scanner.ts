/**
 * What a scanner is: text in a chunk -> rows and columns of a batch, every line validated in the same pass.
 * Implementations: json-scanner.ts (plain TypeScript), wasm-scanner.ts (WebAssembly, SIMD), and one for each text
 * format. The framing of chunks into complete lines is intake.ts.
 */
import type { Batch } from './batch.js';
import type { Path } from './path.js';

/** A column that a scanner is to fill: the field path, and whether the hash of its text is wanted too. */
export interface ScanColumn {
  /** Index into the batch's columns. */
  readonly column: number;
  readonly path: Path;
  hashed: boolean;
  /** Whether rows of the same text are to be found out, where that is cheap; see Column. */
  paired: boolean;
}

/**
 * Why a scan stopped: range used up, batch full, before a control line, or a record needs bytes past the
 * range.
 */
export type ScanStop = 'range' | 'full' | 'control' | 'more';

/** What a scanner knows of a source from its head (the names in a header): plain data (JSON) that a checkpoint keeps. */
export type ScannerMemory = Readonly<Record<string, unknown>>;

export interface Scanner {
  /** Memory that the scanner can scan without copying, or undefined for any. */
  allocate?(lengthBytes: number): Uint8Array;
  /**
   * Scans bytes[from, to), which ends just behind a newline and is readable for 64 bytes more, into the
   * batch: sets bytes, from, count, starts, ends, selection, columns and rejected. The caller has set
   * batch.source and batch.firstLine (the number of the line at `from`), which count the lines of
   * rejections. Blank lines are skipped. Returns where it stopped, always at the start of a line. `final`
   * says that no more bytes will come behind `to`.
   */
  scan(bytes: Uint8Array, from: number, to: number, final: boolean, batch: Batch): number;
  /** Why the last scan stopped. */
  stop: ScanStop;
  /** Lines consumed by the last scan, blank and rejected ones included. */
  lines: number;
  /**
   * Stop before lines that begin with {"$leat": and unescape their escaped kin (see stream/control). Off by
   * default.
   */
  controlLines: boolean;
  /** What was learnt from the head of the present source; undefined for nothing. Only formats that have a head. */
  remember?(): ScannerMemory | undefined;
  /** The next lines are of a source of which this is known, and are not at its head. */
  recall?(memory: ScannerMemory | undefined): void;
}
