/**
 * One value of a column, of any tag. A column between two commands holds what JSON can say: reading an
 * exact decimal or a timestamp that another command computed gives the number or text it is written as. So
 * a chain of commands means the same in one process as it does cut into several, which have only the text.
 * {@link readComputed} gives what a projection has put there, before it is written.
 */
import { type Column, exactOf, spanText, Tag, textOf } from '../../record/index.js';
import type { Value } from '../value.js';
import { makeNested, readJson } from '../value-nested.js';

/** The value in a row as it would be read back from JSON; missing is null. */
export function readColumn(column: Column, row: number): Value {
  switch (column.tags[row]) {
    case Tag.missing:
    case Tag.null:
      return null;
    case Tag.false:
      return false;
    case Tag.true:
      return true;
    case Tag.number:
      return column.numbers[row]!;
    case Tag.exact:
      return exactOf(column, row);
    case Tag.object:
    case Tag.array:
      return makeNested(spanText(column, row));
    case Tag.instant:
      return column.spellInstant?.(column.numbers[row]!) ?? column.numbers[row]!;
    case Tag.boxed: {
      const value = column.boxed[row]!;
      return typeof value === 'object' ? readJson(value.json()) : value;
    }
    default:
      return textOf(column, row);
  }
}

/** The value in a row as a projection of the same command computed it: decimals and date-times as such. */
export function readComputed(column: Column, row: number): Value {
  const value = column.tags[row] === Tag.boxed ? column.boxed[row]! : undefined;
  return typeof value === 'object' && 'type' in value ? (value as Value) : readColumn(column, row);
}
