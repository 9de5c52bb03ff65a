/** Keys that are only looked at: computed ones get columns, and no record gets a field. */
import type { NamedExpression } from '../../plan/index.js';
import type { Batch } from '../../record/index.js';
import type { Reject } from '../builder.js';
import { projectFields } from '../fields.js';
import type { Place, PlaceKey } from '../place.js';
import { scopeOf } from '../scope.js';

export interface KeyColumns {
  readonly key: readonly PlaceKey[];
  /** Fills the columns of computed keys. */
  project(batch: Batch, reject: Reject): void;
}

/** The columns of a key; that of the place where none is given. */
export function keyColumns(by: readonly NamedExpression[], place: Place): KeyColumns {
  if (by.length === 0) return { key: place.key, project() {} };
  const { fields, projections } = projectFields(by, scopeOf(place.rows), place.rows, false);
  return {
    key: fields.map(({ name, column }) => ({ name, column })),
    project(batch, reject) {
      for (const project of projections) project(batch, reject);
    },
  };
}
