/**
 * The fields window_start and window_end: columns of instants spelled in the form of the event time, put
 * at the end of the record or in the place of fields of the same names.
 */
import { type Batch, computedColumn, type ImageField, Tag } from '../../record/index.js';
import { spellInstant } from '../../time/index.js';
import { rowsWith, shadowOf } from '../fields.js';
import type { RowShape } from '../operator.js';
import type { PlaceTime } from '../place.js';

export interface BoundsFields {
  readonly start: number;
  readonly end: number;
  readonly fields: readonly ImageField[];
  readonly rows: RowShape;
}

/** New columns for the bounds at a place. */
export function boundsFields(rows: RowShape): BoundsFields {
  const start = computedColumn(rows.layout);
  const end = computedColumn(rows.layout);
  const fields: ImageField[] = [
    { name: 'window_start', column: start, ...shadowOf('window_start', rows) },
    { name: 'window_end', column: end, ...shadowOf('window_end', rows) },
  ];
  return { start, end, fields, rows: rowsWith(rows, fields, []) };
}

/** Gives the columns of the bounds their spelling; to be called for a batch when the form is settled. */
export function spellBounds(batch: Batch, bounds: BoundsFields, time: PlaceTime): void {
  const form = time.cell.form;
  if (form === undefined) return;
  const start = batch.columns[bounds.start]!;
  if (start.spellInstant !== undefined) return;
  start.spellInstant = spellInstant(form);
  batch.columns[bounds.end]!.spellInstant = start.spellInstant;
}

/** Puts the bounds of a window into a row. */
export function putBounds(batch: Batch, bounds: BoundsFields, row: number, start: number, end: number): void {
  const starts = batch.columns[bounds.start]!;
  const ends = batch.columns[bounds.end]!;
  starts.tags[row] = Tag.instant;
  starts.numbers[row] = start;
  starts.lengths[row] = 0;
  ends.tags[row] = Tag.instant;
  ends.numbers[row] = end;
  ends.lengths[row] = 0;
}
