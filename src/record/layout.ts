/**
 * Which columns a chain of operators uses, collected while the chain is built and before the scanner is made:
 * operators ask for paths and get column numbers; what was asked for is what the scanner fills.
 */
import type { Path } from './path.js';
import { spellPath } from './path.js';
import type { ScanColumn } from './scanner.js';

export interface Layout {
  /** The columns to scan, in order of first request. */
  readonly scanned: ScanColumn[];
  /** Number of columns, scanned and computed. */
  size: number;
}

export function createLayout(): Layout {
  return { scanned: [], size: 0 };
}

/** The number of the column for a path of the incoming record; the same path gives the same column. */
export function scannedColumn(layout: Layout, path: Path): number {
  const spelled = spellPath(path);
  const known = layout.scanned.find((column) => spellPath(column.path) === spelled);
  if (known !== undefined) return known.column;
  const column = layout.size++;
  layout.scanned.push({ column, path, hashed: false, paired: false });
  return column;
}

/** Asks the scanner to hash the texts of a scanned column; computed columns are left alone. */
export function hashColumn(layout: Layout, column: number): void {
  const scanned = layout.scanned.find((candidate) => candidate.column === column);
  if (scanned !== undefined) scanned.hashed = true;
}

/** Asks the scanner to pair rows of the same text in a scanned column; it may do so or not. */
export function pairColumn(layout: Layout, column: number): void {
  const scanned = layout.scanned.find((candidate) => candidate.column === column);
  if (scanned !== undefined) scanned.paired = true;
}

/** A new column that an operator fills itself. */
export function computedColumn(layout: Layout): number {
  return layout.size++;
}
