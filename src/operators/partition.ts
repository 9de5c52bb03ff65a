/** Values by which an output is divided: expressions computed for each batch, read as text. */

import type { Batch } from '../record/index.js';
import { Tag, textOf } from '../record/index.js';
import { type Reject, rejectOf } from './builder.js';
import { columnOf } from './fields.js';
import type { Reports } from './operator.js';
import type { Place } from './place.js';
import { scopeOf } from './scope.js';

export interface PartitionValues {
  /** Computes the values of a batch; rows for which that fails are refused and taken out. */
  compute(batch: Batch): void;
  /** The value of expression `index` in a row; undefined for null and for a field that is not there. */
  valueOf(batch: Batch, index: number, row: number): string | undefined;
}

/** Builds the values of expressions at a place. Adds columns, so it comes before the scanner is made. */
export function buildPartitionValues(
  expressions: readonly string[],
  place: Place,
): (reports: Reports) => PartitionValues {
  const scope = scopeOf(place.rows);
  const parts = expressions.map((expression) => columnOf(expression, scope, place.rows));
  return (reports) => {
    const reject: Reject = rejectOf({ reports, clock: () => 0 });
    return {
      compute(batch) {
        for (const { projection } of parts) projection?.(batch, reject);
      },
      valueOf(batch, index, row) {
        const column = batch.columns[parts[index]!.column]!;
        const tag = column.tags[row];
        return tag === Tag.missing || tag === Tag.null ? undefined : textOf(column, row);
      },
    };
  };
}
