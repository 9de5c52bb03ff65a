/**
 * The windows that a row is in, by start and then end: those that its time is in, or the one whose bounds it carries from a
 * window stage upstream, where each has a record of its own.
 */
import type { Batch } from '../../../record/index.js';
import { type AlignedShape, createAssigner } from '../../../time/index.js';
import type { PlaceTime, Services } from '../../place.js';
import { boundAt } from '../../window/read-bound.js';
import type { BoundColumns } from '../bounds.js';

/** Finds windows; what it found last is in its arrays. */
export interface RowWindows {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** How many windows a row is in; -1 when it was refused. */
  find(batch: Batch, row: number, services: Services): number;
}

/** Sorts the first `count` windows by start and then end. */
function sortWindows(starts: Float64Array, ends: Float64Array, count: number): void {
  for (let next = 1; next < count; next++) {
    const start = starts[next]!;
    const end = ends[next]!;
    let at = next;
    for (; at > 0 && (starts[at - 1]! > start || (starts[at - 1]! === start && ends[at - 1]! > end)); at--) {
      starts[at] = starts[at - 1]!;
      ends[at] = ends[at - 1]!;
    }
    starts[at] = start;
    ends[at] = end;
  }
}

/** Windows that follow from the times of rows. */
export function assignedWindows(shape: AlignedShape): RowWindows {
  const assigner = createAssigner(shape);
  const starts = new Float64Array(assigner.most + 1);
  const ends = new Float64Array(assigner.most + 1);
  return {
    starts,
    ends,
    find(batch, row) {
      const count = assigner.assign(batch.times[row]!, starts, ends);
      sortWindows(starts, ends, count);
      return count;
    },
  };
}

/** Windows whose bounds rows carry. */
export function carriedWindows(columns: BoundColumns, { cell }: PlaceTime): RowWindows {
  const starts = new Float64Array(1);
  const ends = new Float64Array(1);
  return {
    starts,
    ends,
    find(batch, row, services) {
      starts[0] = boundAt(cell.form, batch.columns[columns.start]!, row);
      ends[0] = boundAt(cell.form, batch.columns[columns.end]!, row);
      if (starts[0]! < ends[0]!) return 1;
      services.reports.reject(batch, row, 'window_start and window_end are not the bounds of a window');
      return -1;
    },
  };
}
