/**
 * keyby: says which records belong together. A key that is a field adds nothing; a computed one becomes a
 * field, so that the next stage finds it in the record.
 */

import { barePath } from '../expression/index.js';
import type { KeybyNode, NamedExpression } from '../plan/index.js';
import type { Batch } from '../record/index.js';
import { type Builder, type Reject, rejectOf } from './builder.js';
import { imageEditor, projectFields, rowsWith, shadowOf } from './fields.js';
import { type RowShape, stateless } from './operator.js';
import type { PlaceKey } from './place.js';
import { scopeOf } from './scope.js';

/** Keys with their columns, the rows behind them, and what adds the computed ones to each batch. */
export interface AddedKeys {
  readonly key: readonly PlaceKey[];
  readonly rows: RowShape;
  /** Runs `then` on the batch with the keys in it. */
  around(batch: Batch, reject: Reject, then: (batch: Batch) => void): void;
}

function isField({ name, expression }: NamedExpression): boolean {
  const path = barePath(expression);
  return path?.length === 1 && path[0] === name;
}

/** Adds keys to the rows of a place. */
export function addKeys(keys: readonly NamedExpression[], rows: RowShape): AddedKeys {
  const scope = scopeOf(rows);
  const { fields, projections } = projectFields(keys, scope, rows, false);
  const added = fields
    .filter((_, index) => !isField(keys[index]!))
    .map((field) => ({ ...field, ...shadowOf(field.name, rows) }));
  const imageFor = imageEditor(added, []);
  return {
    key: fields.map(({ name, column }) => ({ name, column })),
    rows: added.length === 0 ? rows : rowsWith(rows, added, []),
    around(batch, reject, then) {
      for (const project of projections) project(batch, reject);
      const { image } = batch;
      if (added.length > 0) batch.image = imageFor(image);
      then(batch);
      batch.image = image;
    },
  };
}

export const buildKeyby: Builder<KeybyNode> = (node, place) => {
  const added = addKeys(node.keys, place.rows);
  return {
    place: { ...place, rows: added.rows, key: added.key },
    create(output, services) {
      const reject = rejectOf(services);
      const pass = (batch: Batch): void => output.batch(batch);
      return {
        ...stateless,
        onBatch: (batch) => added.around(batch, reject, pass),
        onWatermark: (time) => output.watermark(time),
        onEnd() {},
      };
    },
  };
};
