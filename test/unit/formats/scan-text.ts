/**
 * Scans a text with a format and gives back what came of it: records as JSON values, columns, refused lines.
 */
import { createFormatScanner, type SyslogClock, type TextFormatChoice } from '../../../src/formats/index.js';
import {
  type Batch,
  createBatch,
  createByteWriter,
  createIntake,
  createLayout,
  type Path,
  recordText,
  scannedColumn,
  writeValue,
} from '../../../src/record/index.js';

export interface Scanned {
  readonly records: readonly Record<string, unknown>[];
  /** JSON text of each record. */
  readonly texts: readonly string[];
  /** Values of the columns that were asked for, a list for each record. */
  readonly columns: readonly (readonly unknown[])[];
  readonly tags: readonly (readonly number[])[];
  readonly refused: readonly { readonly line: number; readonly reason: string; readonly text: string }[];
}

export interface ScanOptions {
  readonly paths?: readonly Path[];
  readonly clock?: SyslogClock;
  readonly chunkBytes?: number;
  /** Further sources, read after the first. */
  readonly more?: readonly (string | Uint8Array)[];
}

function columnText(batch: Batch, column: number, row: number): unknown {
  const out = createByteWriter(64);
  writeValue(batch.columns[column]!, row, out);
  return JSON.parse(out.bytes.toString('utf8', 0, out.length));
}

/** Reads the text through an intake, in chunks of the given size. */
export function scanText(
  choice: TextFormatChoice,
  text: string | Uint8Array,
  options: ScanOptions = {},
): Scanned {
  const layout = createLayout();
  const numbers = (options.paths ?? []).map((path) => scannedColumn(layout, path));
  const scanner = createFormatScanner(choice, layout, options.clock);
  const batch = createBatch({ base: 'foreign', dropped: [], fields: [] });
  const intake = createIntake(scanner, { batch, source: 'text', chunkBytes: options.chunkBytes ?? 65_536 });
  const texts: string[] = [];
  const columns: unknown[][] = [];
  const tags: number[][] = [];
  const refused: { line: number; reason: string; text: string }[] = [];
  const take = (): void => {
    for (;;) {
      const found = intake.next();
      if (found !== 'batch') return;
      for (let row = 0; row < batch.count; row++) {
        texts.push(recordText(batch, row));
        columns.push(numbers.map((column) => columnText(batch, column, row)));
        tags.push(numbers.map((column) => batch.columns[column]!.tags[row]!));
      }
      for (const { bytes, line, reason } of batch.rejected) {
        refused.push({ line, reason, text: Buffer.from(bytes).toString('utf8') });
      }
    }
  };
  const sources = [text, ...(options.more ?? [])].map((source) => Buffer.from(source as string));
  sources.forEach((bytes, index) => {
    if (index > 0) intake.startSource(`text ${index}`);
    take();
    for (let from = 0; from < bytes.length; ) {
      const space = intake.space();
      const count = Math.min(space.length, bytes.length - from);
      space.set(bytes.subarray(from, from + count));
      intake.filled(count);
      from += count;
      take();
    }
  });
  intake.finish();
  take();
  return { records: texts.map((one) => JSON.parse(one)), texts, columns, tags, refused };
}
