/**
 * The results of one group as values, apart from any batch: what they are now, and whether that is what they were. They are
 * read from the accumulators by what fills the columns of results, so that a change shows what a result would show.
 */
import { spellValue, type Value } from '../../../expression/index.js';
import { type Column, createColumn, Tag } from '../../../record/index.js';
import type { Cells } from '../../keyed-cells/cells.js';
import type { Fill } from '../calls.js';

/** Reads the results of groups. */
export interface ValueReader {
  readonly fills: readonly Fill[];
  readonly columns: readonly Column[];
  readonly slots: Int32Array;
  readonly bounds: { readonly starts: Float64Array; readonly ends: Float64Array };
}

export function createValueReader(fills: readonly Fill[]): ValueReader {
  return {
    fills,
    columns: fills.map(() => createColumn(1)),
    slots: new Int32Array(1),
    bounds: { starts: new Float64Array(1), ends: new Float64Array(1) },
  };
}

/** The value that a fill has put into the only row of a column. */
function filledValue(column: Column): Value {
  switch (column.tags[0]) {
    case Tag.number:
      return column.numbers[0]!;
    case Tag.false:
      return false;
    case Tag.true:
      return true;
    case Tag.boxed:
      return column.boxed[0] as Exclude<Value, null>;
    default:
      return null;
  }
}

/** The results of a group as they are now; [start, end) is its window, 0 and 0 where there is none. */
export function valuesNow(
  { fills, columns, slots, bounds }: ValueReader,
  cells: Cells,
  slot: number,
  start: number,
  end: number,
): readonly Value[] {
  slots[0] = slot;
  bounds.starts[0] = start;
  bounds.ends[0] = end;
  return fills.map((fill, index) => {
    const column = columns[index]!;
    fill(cells, slots, 1, column, bounds);
    return filledValue(column);
  });
}

function isSame(a: Value, b: Value): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  return a.type === b.type && spellValue(a) === spellValue(b);
}

/** Whether results are what they were. */
export function areSame(before: readonly Value[], after: readonly Value[]): boolean {
  return before.every((value, index) => isSame(value, after[index]!));
}
