/**
 * Count windows as a stage: every `slide` records of a key, its last `size` records (at first fewer, as Flink's count
 * windows do when they slide). They have nothing to do with time: the windows are numbered as they fire, window n has
 * the bounds [n, n + 1), and the watermark is the number of the last one. What is left when the input ends
 * does not fire.
 */
import type { Batch } from '../../record/index.js';
import { rejectOf } from '../builder.js';
import { imageEditor } from '../fields.js';
import type { AddedKeys } from '../keyby.js';
import type { Operator, Output } from '../operator.js';
import type { PlaceTime, Services } from '../place.js';
import { processingTimeField } from '../processing-time.js';
import { createRescan, type Rescan } from '../rescan.js';
import { type BoundsFields, boundsFields, putBounds, spellBounds } from './bounds.js';
import { createKeeper, type KeptRecord } from './kept.js';

interface Counted {
  readonly last: KeptRecord[];
  sinceFiring: number;
}

/** Numbers of windows in the place of times; there is no field that holds them. */
export function countTime(): PlaceTime {
  return {
    assignment: { field: processingTimeField, delayMs: 0 },
    cell: { form: { kind: 'epoch-ms', quoted: false, fractionDigits: 0, suffix: '' } },
  };
}

function createCounts(
  shape: { readonly size: number; readonly slide: number },
  keys: AddedKeys,
  scanned: (send: (batch: Batch) => void) => Rescan,
  bounds: BoundsFields,
  time: PlaceTime,
  output: Output,
  services: Services,
): Operator {
  const counted = new Map<string, Counted>();
  const keeper = createKeeper(keys.key);
  const reject = rejectOf(services);
  const imageFor = imageEditor(bounds.fields, []);
  let fired = 0;
  const rescan = scanned((batch) => {
    spellBounds(batch, bounds, time);
    for (let row = 0; row < batch.count; row++) {
      putBounds(batch, bounds, row, batch.times[row]!, batch.times[row]! + 1);
    }
    batch.image = imageFor(batch.image);
    output.batch(batch);
  });
  const take = (batch: Batch): void => {
    for (let k = 0; k < batch.selected; k++) {
      const row = batch.selection[k]!;
      const key = keeper.keyOf(batch, row);
      const of = counted.get(key) ?? { last: [], sinceFiring: 0 };
      counted.set(key, of);
      of.last.push(keeper.keep(batch, row));
      if (of.last.length > shape.size) of.last.shift();
      if (++of.sinceFiring < shape.slide) continue;
      for (const { bytes, source } of of.last) rescan.addBytes(bytes, fired, fired - 1, source);
      fired++;
      of.sinceFiring = 0;
      if (shape.slide >= shape.size) of.last.length = 0;
    }
    rescan.flush();
    output.watermark(fired - 1);
  };
  return {
    onBatch: (batch) => keys.around(batch, reject, take),
    onWatermark(watermark) {
      if (watermark === Number.POSITIVE_INFINITY) output.watermark(watermark);
    },
    onEnd() {},
  };
}

/** The stage for count windows by the given keys. */
export function buildCount(
  shape: { readonly size: number; readonly slide: number },
  keys: AddedKeys,
  time: PlaceTime,
) {
  const rescan = createRescan();
  const rows = {
    fields: new Map<string, number>(),
    open: true,
    dropped: new Set<string>(),
    layout: rescan.layout,
  };
  const bounds = boundsFields(rows);
  return {
    rows: bounds.rows,
    create: (output: Output, services: Services): Operator =>
      createCounts(shape, keys, rescan.start, bounds, time, output, services),
  };
}
