/** The key of a row in a join: equal keys, equal texts, and none where a part is null. */
import { type Batch, Tag } from '../../record/index.js';
import { bareField } from '../bare-field.js';
import { rejectOf } from '../builder.js';
import { keyColumns } from '../chosen/key-columns.js';
import type { Place, Services } from '../place.js';
import { createKeeper } from '../window/kept.js';

export interface JoinKeys {
  /** The field that a part is; undefined where it is computed, or lies within another field. */
  readonly fields: readonly (string | undefined)[];
  /** What reads the keys of rows. `prepare` is called once for a batch, and takes out rows whose key fails. */
  create(services: Services): {
    prepare(batch: Batch): void;
    keyOf(batch: Batch, row: number): string | undefined;
  };
}

/** Builds the key of expressions for the rows of a place; before the scanner is made, for it may read columns. */
export function buildJoinKeys(expressions: readonly string[], place: Place): JoinKeys {
  const by = expressions.map((expression) => ({ name: expression, expression }));
  const { key, project } = keyColumns(by, place);
  const isNull = (batch: Batch, row: number): boolean =>
    key.some(({ column }) => {
      const tag = batch.columns[column]!.tags[row];
      return tag === Tag.missing || tag === Tag.null;
    });
  return {
    fields: expressions.map(bareField),
    create(services) {
      const reject = rejectOf(services);
      const keeper = createKeeper(key);
      return {
        prepare: (batch) => project(batch, reject),
        keyOf: (batch, row) => (isNull(batch, row) ? undefined : keeper.keyOf(batch, row)),
      };
    },
  };
}
