/**
 * What a layout asks of a JSON scanner, sorted out once: top-level members are filled while a line is walked; paths
 * into them are followed afterwards, in the validated span of the member (see nested.ts). Both scanners use this.
 */
import type { Batch } from './batch.js';
import { type Column, createColumn } from './column.js';
import { compileName, compileSteps, type Name, type Step } from './json-walk.js';
import type { Layout } from './layout.js';

/** A top-level member to fill. */
export interface HeadPlan extends Name {
  /** Number of the batch's column, or -1 when the member is only wanted for paths into it. */
  readonly column: number;
  readonly hashed: boolean;
  readonly paired: boolean;
}

/** A path of two or more steps, or the empty path: the record itself (head -1). */
export interface NestedPlan {
  readonly column: number;
  readonly head: number;
  readonly steps: readonly Step[];
  readonly hashed: boolean;
}

export interface ScanPlan {
  readonly heads: readonly HeadPlan[];
  readonly nested: readonly NestedPlan[];
  /** Columns that no record can have (a record is no array, so a path cannot begin with an index). */
  readonly never: readonly number[];
}

/** Sorts the scanned columns of a layout. */
export function planScan(layout: Layout): ScanPlan {
  const heads: HeadPlan[] = [];
  for (const { column, path, hashed, paired } of layout.scanned) {
    const name = path[0];
    if (path.length === 1 && typeof name === 'string') {
      heads.push({ ...compileName(name), column, hashed, paired });
    }
  }
  const nested: NestedPlan[] = [];
  const never: number[] = [];
  for (const { column, path, hashed } of layout.scanned) {
    const name = path[0];
    if (typeof name === 'number') never.push(column);
    else if (path.length !== 1) {
      let head = name === undefined ? -1 : heads.findIndex((candidate) => candidate.name === name);
      if (name !== undefined && head < 0) {
        head = heads.length;
        heads.push({ ...compileName(name), column: -1, hashed: false, paired: false });
      }
      nested.push({ column, head, steps: compileSteps(path), hashed });
    }
  }
  return { heads, nested, never };
}

/** Sees to it that the batch has every column of the layout. */
export function ensureColumns(batch: Batch, layout: Layout): void {
  while (batch.columns.length < layout.size) batch.columns.push(createColumn(batch.times.length));
}

/**
 * The columns that the heads fill: the batch's own, and private ones where only paths into a member are
 * wanted.
 */
export function headColumns(plan: ScanPlan, batch: Batch, own: Column[]): Column[] {
  return plan.heads.map((head, index) => {
    if (head.column >= 0) return batch.columns[head.column]!;
    own[index] ??= createColumn(batch.times.length);
    return own[index];
  });
}
