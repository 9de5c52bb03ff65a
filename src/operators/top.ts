/**
 * top: the records with the greatest values of an expression, or the least, of each key. Behind a window, and behind an
 * aggregate of windows, they are those of each window; what comes first of equal ones stands first. Records without
 * a value stand behind all others.
 */
import { readColumn, readComputed, type Value } from '../expression/index.js';
import type { TopNode } from '../plan/index.js';
import { compareAny } from './aggregate/value-order.js';
import type { Builder } from './builder.js';
import { buildChooser } from './chosen/chooser.js';
import { keyColumns } from './chosen/key-columns.js';
import type { Before } from './chosen/panes.js';
import { noWindows, windowsOrResults } from './chosen/row-windows.js';
import { columnOf } from './fields.js';
import { scopeOf } from './scope.js';

/** The order of ranks: 1 for the least first, -1 for the greatest. */
function byRank(sign: 1 | -1): Before {
  return (a, b) => {
    if (a.rank === null || b.rank === null) {
      return Number(a.rank === null) - Number(b.rank === null) || a.number - b.number;
    }
    return sign * compareAny(a.rank, b.rank) || a.number - b.number;
  };
}

/** A number that is none has no place in an order. */
const placed = (value: Value): Value => (Number.isNaN(value) ? null : value);

export const buildTop: Builder<TopNode> = (node, place) => {
  const { count, rank, ascending, overall } = node;
  const keys = keyColumns(node.per, place);
  const { column, projection } = columnOf(rank, scopeOf(place.rows), place.rows);
  const read = projection === undefined ? readColumn : readComputed;
  return buildChooser(
    {
      shape: `the ${count} ${ascending ? 'least' : 'greatest'} by ${rank}`,
      keys,
      windows: overall ? noWindows : windowsOrResults(place),
      limit: count,
      before: byRank(ascending ? 1 : -1),
      order: 'rank',
      prepare: (batch, reject) => projection?.(batch, reject),
      rankOf: (batch, row) => placed(read(batch.columns[column]!, row)),
    },
    place,
  );
};
