/**
 * A value that is a line of CSV without header and without its end: the cells of fields that are named where it is written.
 * Such lines are read as those of a file are.
 */
import { cellText, csvCell, membersOf } from '../../record/index.js';
import { strictText } from './utf8.js';
import type { ValueEncoder } from './value-codec.js';

/** An encoder of records to lines with these fields, in this order; others are left out. */
export function csvEncoder(columns: readonly string[]): ValueEncoder {
  return {
    prepare: () => Promise.resolve(),
    encode(record) {
      const values = new Map(membersOf(strictText(record)));
      return Buffer.from(columns.map((name) => csvCell(cellText(values.get(name)))).join(','));
    },
  };
}
