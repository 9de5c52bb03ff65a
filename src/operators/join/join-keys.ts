/** The key of a row in a join: equal keys, equal texts, and none where a part is null. */
import { type Batch, type ByteWriter, createByteWriter, Tag, writeKeysBytes } from '../../record/index.js';
import { rejectOf } from '../builder.js';
import { columnOf, type Projection } from '../fields.js';
import type { Place, Services } from '../place.js';
import { scopeOf } from '../scope.js';

export interface JoinKeys {
  /** What reads the keys of rows. `prepare` is called once for a batch, and takes out rows whose key fails. */
  create(services: Services): {
    prepare(batch: Batch): void;
    keyOf(batch: Batch, row: number): string | undefined;
  };
}

/** Builds the key of expressions for the rows of a place; before the scanner is made, for it may read columns. */
export function buildJoinKeys(expressions: readonly string[], place: Place): JoinKeys {
  const scope = scopeOf(place.rows);
  const found = expressions.map((expression) => columnOf(expression, scope, place.rows));
  const columns = found.map(({ column }) => column);
  const projections = found.flatMap(({ projection }): Projection[] =>
    projection === undefined ? [] : [projection],
  );
  return {
    create(services) {
      const reject = rejectOf(services);
      const bytes: ByteWriter = createByteWriter(256);
      return {
        prepare(batch) {
          for (const project of projections) project(batch, reject);
        },
        keyOf(batch, row) {
          const values = columns.map((column) => batch.columns[column]!);
          if (values.some(({ tags }) => tags[row] === Tag.missing || tags[row] === Tag.null))
            return undefined;
          bytes.length = 0;
          writeKeysBytes(bytes, values, row);
          return bytes.bytes.toString('latin1', 0, bytes.length);
        },
      };
    },
  };
}
