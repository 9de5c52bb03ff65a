/**
 * A file of rows as an operator sees it that looks things up there: handed in by whoever runs the operator, since operators
 * touch no file.
 */
import type { FormatChoice } from '../plan/index.js';
import type { Layout, Scanner } from '../record/index.js';

/** What a file held, and the mark by which it is seen whether it still does. */
export interface TableContent {
  /** Decompressed. */
  readonly bytes: Uint8Array;
  readonly mark: string;
}

export interface TableFile {
  /** Its path, for messages. */
  readonly name: string;
  /** The names of its fields, where the question says them. */
  readonly columns: readonly string[] | undefined;
  /** Reads it. Throws a problem when that fails. */
  read(): TableContent;
  /** Another text when it may have other content; undefined while there is no such file. */
  mark(): string | undefined;
  scanner(layout: Layout): Scanner;
  /** Tells the user something. */
  say(line: string): void;
}

/** Gives the file of a path. */
export type TableFiles = (path: string, format: FormatChoice) => TableFile;
