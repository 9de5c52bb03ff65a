/** What the tests of this room share: scanning text, and reading a batch back as plain values. */
import {
  type Batch,
  createBatch,
  createLayout,
  type Layout,
  type Path,
  type Scanner,
  scannedColumn,
  Tag,
} from '../../../src/record/index.js';

/** A layout of these paths, in this order, hashed where the path is in `hashed`. */
export function layoutOf(paths: readonly Path[], hashed: readonly number[] = []): Layout {
  const layout = createLayout();
  for (const path of paths) scannedColumn(layout, path);
  for (const index of hashed) layout.scanned[index]!.hashed = true;
  return layout;
}

/** A batch of lines as they came. */
export function lineBatch(capacity?: number): Batch {
  return createBatch({ base: 'line', dropped: [], fields: [] }, capacity);
}

/** Bytes with the padding that scanners may read, in the scanner's memory where it has one. */
export function chunkOf(scanner: Scanner, content: Uint8Array | string): { bytes: Uint8Array; end: number } {
  const source = typeof content === 'string' ? Buffer.from(content) : content;
  const bytes = scanner.allocate?.(source.length + 64) ?? new Uint8Array(source.length + 64);
  bytes.set(source);
  return { bytes, end: source.length };
}

/** A value of a column as JavaScript has it; undefined for missing. */
export function valueAt(batch: Batch, column: number, row: number): unknown {
  const { bytes, tags, starts, lengths, numbers } = batch.columns[column]!;
  const text = Buffer.from(bytes).toString('utf8', starts[row]!, starts[row]! + lengths[row]!);
  switch (tags[row]) {
    case Tag.missing:
      return undefined;
    case Tag.text:
      return text;
    case Tag.escaped:
      return JSON.parse(`"${text}"`);
    case Tag.number:
      return numbers[row];
    default:
      return JSON.parse(text);
  }
}

/** Scans everything in one go: the rows as lines, and the reasons of the rejected ones by line number. */
export function scanAll(scanner: Scanner, content: string | Uint8Array, batch: Batch) {
  const { bytes, end } = chunkOf(scanner, content);
  const lines: string[] = [];
  const rows: unknown[][] = [];
  const rejected: { line: number; reason: string }[] = [];
  batch.firstLine = 1;
  for (let at = 0; at < end; ) {
    at = scanner.scan(bytes, at, end, true, batch);
    for (let row = 0; row < batch.count; row++) {
      lines.push(Buffer.from(bytes).toString('utf8', batch.starts[row]!, batch.ends[row]!));
      rows.push(batch.columns.map((_, column) => valueAt(batch, column, row)));
    }
    rejected.push(...batch.rejected.map(({ line, reason }) => ({ line, reason })));
    batch.firstLine += scanner.lines;
    if (scanner.stop === 'control') break;
  }
  return { lines, rows, rejected };
}
