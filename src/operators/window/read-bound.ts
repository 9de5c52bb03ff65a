/** Bounds of windows read back from the fields that records carry them in, in the form of the event time. */
import { type Column, exactOf, Tag, textOf } from '../../record/index.js';
import {
  instantFromBytes,
  instantFromDigits,
  instantFromNumber,
  instantFromText,
  type TimeForm,
} from '../../time/index.js';

/** The instant of a bound (epoch ms); NaN when it is none. */
export function boundAt(form: TimeForm | undefined, column: Column, row: number): number {
  const tag = column.tags[row]!;
  if (tag === Tag.instant) return column.numbers[row]!;
  if (form === undefined) return Number.NaN;
  switch (tag) {
    case Tag.number:
      return instantFromNumber(form, column.numbers[row]!);
    case Tag.exact:
      if (typeof exactOf(column, row) === 'number')
        return instantFromNumber(form, Number(exactOf(column, row)));
      return instantFromDigits(form, column.bytes, column.starts[row]!, column.lengths[row]!);
    case Tag.text:
      return instantFromBytes(form, column.bytes, column.starts[row]!, column.lengths[row]!);
    case Tag.raw:
    case Tag.escaped:
    case Tag.boxed:
      return instantFromText(form, textOf(column, row));
    default:
      return Number.NaN;
  }
}
