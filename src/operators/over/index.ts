/** over: adds to each record aggregates over the records of its key before it. */
import { problem } from '../../diagnostics/index.js';
import type { OverFrame, OverNode } from '../../plan/index.js';
import { computedColumn, type ImageField, scannedColumn } from '../../record/index.js';
import { formatDuration } from '../../time/index.js';
import { planCall } from '../aggregate/calls.js';
import { createSources } from '../aggregate/inputs.js';
import { aggregateText } from '../aggregate/state-shape.js';
import type { Builder } from '../builder.js';
import { keyColumns } from '../chosen/key-columns.js';
import { spellBound } from '../entry-bounds.js';
import { imageEditor, rowsWith, shadowOf } from '../fields.js';
import type { RowShape } from '../operator.js';
import type { Built, Place } from '../place.js';
import { placeInOrder } from '../place-in-order.js';
import { createRescan } from '../rescan.js';
import { scopeOf } from '../scope.js';
import { buildTimed } from '../timed.js';
import { createKeptKeys } from '../window/kept-entries.js';
import { createBounded } from './bounded.js';
import { createFolding, type Folding } from './folding.js';
import type { Frames } from './frames.js';
import { createGrowing } from './growing.js';
import { createOver } from './over.js';

function framesOf(frame: OverFrame, folding: Folding): Frames {
  if (frame.kind === 'rows') {
    const { count } = frame;
    return count === undefined
      ? createGrowing(folding, false)
      : createBounded(folding, { kind: 'rows', count });
  }
  const { rangeMs } = frame;
  return rangeMs === undefined
    ? createGrowing(folding, true)
    : createBounded(folding, { kind: 'range', rangeMs });
}

function spellFrame(frame: OverFrame): string {
  if (frame.kind === 'rows') return frame.count === undefined ? 'all rows' : `${frame.count} rows`;
  return frame.rangeMs === undefined ? 'all times' : `a range of ${formatDuration(frame.rangeMs)}`;
}

/** Over records that have their time. */
function buildOverTime(node: OverNode, place: Place): Built {
  const keys = keyColumns(node.by, place);
  const sources = createSources(scopeOf(place.rows), place.rows.layout);
  const calls = node.calls.map((call) => planCall(call, sources, false));
  const rescan = createRescan();
  const rows: RowShape = { fields: new Map(), open: true, dropped: new Set(), layout: rescan.layout };
  const fields = node.calls.map(({ name }): ImageField => {
    return { name, column: computedColumn(rescan.layout), ...shadowOf(name, rows) };
  });
  const key = place.key.map(({ name }) => ({ name, column: scannedColumn(rescan.layout, [name]) }));
  return {
    place: placeInOrder({ ...place, rows: rowsWith(rows, fields, []), key }),
    create(output, services) {
      const folding = createFolding(calls, sources);
      const parts = {
        shape: `over ${spellFrame(node.frame)}: ${aggregateText(node.calls, node.by, keys.key)}`,
        keys,
        entryKeys: {
          kept: createKeptKeys(keys.key),
          by: node.by,
          spell: (instant: number) => spellBound(instant, place.time),
        },
        names: fields.map(({ name }) => name),
        maxKeys: node.maxKeys ?? Number.POSITIVE_INFINITY,
        folding,
        frames: framesOf(node.frame, folding),
        columns: fields.map(({ column }) => column),
        imageFor: imageEditor(fields, []),
      };
      return createOver(parts, rescan.start, output, services);
    },
  };
}

export const buildOver: Builder<OverNode> = (node, place) => {
  if (place.window !== undefined) {
    throw problem({
      code: 'plan',
      message: `${node.id}: the records are in windows, which say already what is taken together`,
      hint: 'put over in front of the window, or behind an aggregate',
    });
  }
  return buildTimed(node, place, (timed) => buildOverTime(node, timed));
};
