/** Values into rows of computed columns, and whole columns into others. */
import { type Boxed, type Column, Tag } from '../../record/index.js';
import type { Value } from '../value.js';

/** Puts a value into a row. A number that JSON cannot say is null. */
export function storeValue(column: Column, row: number, value: Value): void {
  let tag: Tag;
  if (value === null) tag = Tag.null;
  else if (typeof value === 'number') {
    tag = Number.isFinite(value) ? Tag.number : Tag.null;
    // Adding 0 makes -0 the 0 that it is written as.
    column.numbers[row] = value + 0;
    column.lengths[row] = 0;
  } else if (typeof value === 'boolean') tag = value ? Tag.true : Tag.false;
  else {
    tag = Tag.boxed;
    column.boxed[row] = value as Boxed;
  }
  column.tags[row] = tag;
}

/** Makes a row of a column read the same as that of another; the spans refer to the other's bytes. */
export function copyRow(from: Column, to: Column, row: number): void {
  const tag = from.tags[row]! as Tag;
  to.tags[row] = tag;
  to.starts[row] = from.starts[row]!;
  to.lengths[row] = from.lengths[row]!;
  to.numbers[row] = from.numbers[row]!;
  to.hashes[row] = from.hashes[row]!;
  if (tag === Tag.boxed) to.boxed[row] = from.boxed[row]!;
}
