/** sort: records in the order of event time as the watermark allows it, or all of them by values at the end of the input. */
import { problem } from '../../diagnostics/index.js';
import type { SortNode } from '../../plan/index.js';
import { scannedColumn } from '../../record/index.js';
import type { Builder } from '../builder.js';
import type { RowShape } from '../operator.js';
import type { Built, Place } from '../place.js';
import { placeInOrder } from '../place-in-order.js';
import { createRescan } from '../rescan.js';
import { buildTimed } from '../timed.js';
import { createTimeSort } from './by-time.js';
import { createValueSort, readSortKeys } from './by-values.js';

/** A place whose rows were written out and scanned again. */
function rescanned(place: Place) {
  const rescan = createRescan();
  const rows: RowShape = { fields: new Map(), open: true, dropped: new Set(), layout: rescan.layout };
  const key = place.key.map(({ name }) => ({ name, column: scannedColumn(rescan.layout, [name]) }));
  return { start: rescan.start, place: { ...place, rows, key } };
}

function buildTimeSort(place: Place): Built {
  const behind = rescanned(place);
  return {
    place: placeInOrder(behind.place),
    create: (output, services) => createTimeSort(behind.start, output, services),
  };
}

function buildValueSort(node: SortNode, place: Place): Built {
  const keys = readSortKeys(node.by, place.rows);
  const behind = rescanned(place);
  return {
    // What leaves is in no order of time.
    place: { ...behind.place, time: undefined },
    create: (output, services) =>
      createValueSort({ keys, descending: node.descending }, behind.start, output, services),
  };
}

export const buildSort: Builder<SortNode> = (node, place) => {
  if (place.window !== undefined) {
    throw problem({
      code: 'plan',
      message: `${node.id}: the records are in windows`,
      hint: 'sort in front of the window, or behind an aggregate',
    });
  }
  if (node.by.length > 0) return buildValueSort(node, place);
  return buildTimed(node, place, buildTimeSort);
};
