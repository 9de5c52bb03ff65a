/**
 * Columns for paths into members (`a.b[0]`), filled after the lines have been validated: a second walk, over the span
 * of the member only. Values are classified here by their first byte, since their grammar is known to be right.
 */
import type { Batch } from './batch.js';
import { type Column, Tag } from './column.js';
import { hashBytes } from './hash.js';
import { seen, skipNumber } from './json-syntax.js';
import { followSteps, type Span } from './json-walk.js';
import type { NestedPlan, ScanPlan } from './scan-plan.js';

function hasBackslash(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === 0x5c) return true;
  return false;
}

/** Puts the valid JSON value bytes[start, end) into a row of a column. */
export function fillValue(
  column: Column,
  row: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  hashed: boolean,
): void {
  let tag: Tag;
  switch (bytes[start]) {
    case 0x22:
      start++;
      end--;
      tag = hasBackslash(bytes, start, end) ? Tag.escaped : Tag.text;
      if (hashed && tag === Tag.text) column.hashes[row] = hashBytes(bytes, start, end - start);
      break;
    case 0x7b:
      tag = Tag.object;
      break;
    case 0x5b:
      tag = Tag.array;
      break;
    case 0x74:
      tag = Tag.true;
      break;
    case 0x66:
      tag = Tag.false;
      break;
    case 0x6e:
      tag = Tag.null;
      break;
    default:
      skipNumber(bytes, start);
      tag = seen.exact ? Tag.exact : Tag.number;
      if (tag === Tag.number) column.numbers[row] = seen.number;
  }
  column.tags[row] = tag;
  column.starts[row] = start;
  column.lengths[row] = end - start;
}

const span: Span = { start: 0, end: 0 };

function fillPath(batch: Batch, path: NestedPlan, head: Column | undefined): void {
  const column = batch.columns[path.column]!;
  const bytes = batch.bytes;
  column.bytes = bytes;
  for (let row = 0; row < batch.count; row++) {
    if (head === undefined) {
      fillValue(column, row, bytes, batch.starts[row]!, batch.ends[row]!, false);
      continue;
    }
    const tag = head.tags[row]!;
    column.tags[row] = Tag.missing;
    if (tag !== Tag.object && tag !== Tag.array) continue;
    span.start = head.starts[row]!;
    span.end = span.start + head.lengths[row]!;
    if (followSteps(bytes, span, path.steps, 1))
      fillValue(column, row, bytes, span.start, span.end, path.hashed);
  }
}

/**
 * Fills every column of the batch that is not a top-level member's. `heads` are the columns of the plan's
 * heads.
 */
export function fillNested(batch: Batch, plan: ScanPlan, heads: readonly Column[]): void {
  for (const path of plan.nested) fillPath(batch, path, heads[path.head]);
  for (const column of plan.never) batch.columns[column]!.tags.fill(Tag.missing, 0, batch.count);
}
