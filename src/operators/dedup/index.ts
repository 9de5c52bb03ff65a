/**
 * dedup: of the records that have a key, the first or the last. What "all" of them are says a span of event time, the window
 * that they are in, or the input. The first leaves at once; the last when it is certain that it is.
 */
import { problem } from '../../diagnostics/index.js';
import type { DedupNode } from '../../plan/index.js';
import { scannedColumn } from '../../record/index.js';
import { buildAdmission } from '../admission/admission.js';
import type { Builder } from '../builder.js';
import { buildChooser } from '../chosen/chooser.js';
import { type KeyColumns, keyColumns } from '../chosen/key-columns.js';
import type { Ranked } from '../chosen/panes.js';
import { windowsOf } from '../chosen/row-windows.js';
import type { RowShape } from '../operator.js';
import type { Built, Place } from '../place.js';
import { placeInOrder } from '../place-in-order.js';
import { createRescan } from '../rescan.js';
import { buildTimed } from '../timed.js';
import { createFirstWithin } from './first-within.js';
import { createLastWithin } from './last-within.js';

/** The later record first; of one time the one that came later. */
function latest(a: Ranked, b: Ranked): number {
  return (b.rank as number) - (a.rank as number) || b.number - a.number;
}

/** The last record of each key of the window or of the input. */
function buildLast(keys: KeyColumns, place: Place): Built {
  const windows = windowsOf(place);
  const isTimed = place.time !== undefined && windows.kind !== 'count';
  return buildChooser(
    {
      shape: isTimed ? 'the latest record' : 'the last record',
      keys,
      windows,
      limit: 1,
      before: latest,
      order: 'arrival',
      prepare() {},
      rankOf: (batch, row, number) => (isTimed ? batch.times[row]! : number),
    },
    place,
  );
}

function lastWithin(withinMs: number, keys: KeyColumns, place: Place): Built {
  const rescan = createRescan();
  const rows: RowShape = { fields: new Map(), open: true, dropped: new Set(), layout: rescan.layout };
  const key = place.key.map(({ name }) => ({ name, column: scannedColumn(rescan.layout, [name]) }));
  return {
    place: placeInOrder({ ...place, rows, key }),
    create: (output, services) => createLastWithin(withinMs, keys, rescan.start, output, services),
  };
}

function buildWithin(node: DedupNode, withinMs: number, place: Place): Built {
  const keys = keysOf(node, place);
  if (node.keep === 'last') return lastWithin(withinMs, keys, place);
  return { place, create: (output, services) => createFirstWithin(withinMs, keys, output, services) };
}

function keysOf(node: DedupNode, place: Place): KeyColumns {
  const keys = keyColumns(node.by, place);
  if (keys.key.length > 0) return keys;
  throw problem({
    code: 'plan',
    message: `${node.id}: nothing says which records are the same`,
    hint: 'name the key: dedup --by id',
  });
}

export const buildDedup: Builder<DedupNode> = (node, place) => {
  const { withinMs } = node;
  if (withinMs === undefined) {
    const keys = keysOf(node, place);
    if (node.keep === 'last') return buildLast(keys, place);
    const maxKeys = node.maxKeys ?? Number.POSITIVE_INFINITY;
    return buildAdmission({ keys, windows: windowsOf(place), limit: 1, maxKeys }, place);
  }
  if (place.window !== undefined) {
    throw problem({
      code: 'plan',
      message: `${node.id}: the records are in windows, which say already what belongs together`,
      hint: 'leave --within out',
    });
  }
  return buildTimed(node, place, (timed) => buildWithin(node, withinMs, timed));
};
