/** filter: takes rows out of the selection for which the condition is not true. Copies nothing. */
import { compileFilter } from '../expression/index.js';
import type { FilterNode } from '../plan/index.js';
import { type Builder, rejectOf } from './builder.js';
import { stateless } from './operator.js';
import { scopeOf } from './scope.js';

export const buildFilter: Builder<FilterNode> = (node, place) => {
  const keep = compileFilter(node.condition, scopeOf(place.rows));
  return {
    place,
    create(output, services) {
      const reject = rejectOf(services);
      return {
        ...stateless,
        onBatch(batch) {
          keep(batch, reject);
          output.batch(batch);
        },
        onWatermark: (time) => output.watermark(time),
        onEnd() {},
      };
    },
  };
};
