/**
 * Reading one value out of a column, whatever its tag: as text, or as an exact number. For cold paths and
 * for the rare tags of hot ones; loops over texts and numbers read spans and `numbers` themselves.
 */
import { type Column, Tag } from './column.js';
import { spellBoxed } from './encode-value.js';
import { parseExact } from './exact.js';
import { utf8Text } from './utf8.js';

/** The bytes that a row's span stands for, as text, undecoded. */
export function spanText(column: Column, row: number): string {
  const start = column.starts[row]!;
  return utf8Text(column.bytes, start, start + column.lengths[row]!);
}

/**
 * A value as text: the characters of a string, decoded, and the JSON spelling of anything else; null and missing are
 * 'null'. An instant is text when its spelling is.
 */
export function textOf(column: Column, row: number): string {
  switch (column.tags[row]) {
    case Tag.text:
    case Tag.raw:
    case Tag.object:
    case Tag.array:
    case Tag.exact:
      return spanText(column, row);
    case Tag.escaped:
      return JSON.parse(`"${spanText(column, row)}"`) as string;
    case Tag.number:
      if (column.lengths[row]! > 0) return spanText(column, row);
      return JSON.stringify(column.numbers[row]);
    case Tag.instant:
      return String(column.spellInstant?.(column.numbers[row]!) ?? column.numbers[row]);
    case Tag.boxed: {
      const boxed = column.boxed[row]!;
      return typeof boxed === 'string' ? boxed : spellBoxed(boxed);
    }
    case Tag.true:
      return 'true';
    case Tag.false:
      return 'false';
    default:
      return 'null';
  }
}

/** The number in a row tagged number or exact: a bigint for integers beyond 2^53 - 1, else a double. */
export function exactOf(column: Column, row: number): number | bigint {
  return column.tags[row] === Tag.exact ? parseExact(spanText(column, row)) : column.numbers[row]!;
}
