/**
 * Rows for tests of compiled expressions: lines scanned into a batch, expressions compiled over them,
 * results as JSON texts.
 */
import {
  type ColumnScope,
  compileFilter,
  compileProjection,
  type FunctionSession,
  readComputed,
  spellValue,
} from '../../../src/expression/index.js';
import {
  type Batch,
  computedColumn,
  createBatch,
  createJsonScanner,
  createLayout,
  type Layout,
  scannedColumn,
  selectAll,
} from '../../../src/record/index.js';

/** A layout and the scope in which every path is a scanned column. */
export function openScope(): { layout: Layout; scope: ColumnScope } {
  const layout = createLayout();
  return { layout, scope: { resolve: (path) => scannedColumn(layout, path), names: () => [] } };
}

/** Scans lines into a batch; the layout must be complete. */
export function scanLines(layout: Layout, lines: readonly string[]): Batch {
  const bytes = Buffer.from(`${lines.join('\n')}\n${' '.repeat(64)}`);
  const batch = createBatch({ base: 'line', dropped: [], fields: [] });
  createJsonScanner(layout).scan(bytes, 0, bytes.length - 64, true, batch);
  if (batch.count !== lines.length) throw new Error(`refused: ${batch.rejected[0]?.reason}`);
  return batch;
}

/**
 * The value of an expression for each line as JSON text, or `error: ` and the reason why the row was
 * refused.
 */
export function project(text: string, lines: readonly string[], session?: FunctionSession): string[] {
  const { layout, scope } = openScope();
  const target = computedColumn(layout);
  const projection = compileProjection(text, scope, target, session);
  return projected(projection, scanLines(layout, lines), target);
}

/** Runs a compiled projection over a batch; see {@link project}. */
export function projected(
  projection: ReturnType<typeof compileProjection>,
  batch: Batch,
  target: number,
): string[] {
  const results: string[] = [];
  selectAll(batch);
  projection(batch, (_, row, reason) => {
    results[row] = `error: ${reason}`;
  });
  for (let i = 0; i < batch.selected; i++) {
    const row = batch.selection[i]!;
    results[row] = spellValue(readComputed(batch.columns[target]!, row));
  }
  return results;
}

/** The numbers of the lines that a condition lets through, and the reasons of those that it refuses. */
export function filtered(text: string, lines: readonly string[]): (number | string)[] {
  const { layout, scope } = openScope();
  const filter = compileFilter(text, scope);
  const batch = scanLines(layout, lines);
  const reasons: string[] = [];
  filter(batch, (_, row, reason) => reasons.push(`${row}: ${reason}`));
  return [...batch.selection.subarray(0, batch.selected), ...reasons];
}
