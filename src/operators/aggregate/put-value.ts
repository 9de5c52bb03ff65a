/** Putting results into the rows of computed columns. */
import type { Value } from '../../expression/index.js';
import { type Column, Tag } from '../../record/index.js';

/** A number; what JSON has no spelling for is null. */
export function putNumber(column: Column, row: number, value: number): void {
  if (Number.isFinite(value)) {
    column.tags[row] = Tag.number;
    column.numbers[row] = value;
    column.lengths[row] = 0;
  } else column.tags[row] = Tag.null;
}

/** Any value, with its type kept. */
export function putValue(column: Column, row: number, value: Value): void {
  if (value === null) column.tags[row] = Tag.null;
  else if (typeof value === 'number') putNumber(column, row, value);
  else if (typeof value === 'boolean') column.tags[row] = value ? Tag.true : Tag.false;
  else {
    column.tags[row] = Tag.boxed;
    column.boxed[row] = value;
  }
}
