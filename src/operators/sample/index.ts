/**
 * sample: records drawn by chance, which a seed repeats. A share of them is drawn one by one as they come, or key by key. So
 * many of them are those with the least draws, of the window or of the input: each set of so many is as likely as any
 * other, and the n-th record has the same draw wherever it is asked for.
 */
import type { SampleNode } from '../../plan/index.js';
import { type Batch, createByteWriter, writeKeysBytes } from '../../record/index.js';
import { readFacts, writeFacts } from '../../state/index.js';
import { type Builder, rejectOf } from '../builder.js';
import { buildChooser } from '../chosen/chooser.js';
import { type KeyColumns, keyColumns } from '../chosen/key-columns.js';
import type { Ranked } from '../chosen/panes.js';
import { windowsOf } from '../chosen/row-windows.js';
import { type Operator, type Output, stateless } from '../operator.js';
import type { Built, Place, Services } from '../place.js';
import { createDraw } from './draw.js';

const noKey: KeyColumns = { key: [], project() {} };

/** The lesser draw first; of two that are the same the record that came first. */
function leastDraw(a: Ranked, b: Ranked): number {
  return (a.rank as number) - (b.rank as number) || a.number - b.number;
}

function buildCount(count: number, seed: number, place: Place): Built {
  const draw = createDraw(seed);
  return buildChooser(
    {
      shape: `a sample of ${count}, seed ${seed}`,
      keys: noKey,
      windows: windowsOf(place),
      limit: count,
      before: leastDraw,
      order: 'arrival',
      prepare() {},
      rankOf: (_batch, _row, number) => draw.ofNumber(number),
    },
    place,
  );
}

/** Keeps the rows for which `isDrawn` is true. */
function keepDrawn(batch: Batch, isDrawn: (row: number) => boolean): void {
  const { selection, selected } = batch;
  let kept = 0;
  for (let k = 0; k < selected; k++) if (isDrawn(selection[k]!)) selection[kept++] = selection[k]!;
  batch.selected = kept;
}

/** Each record for itself: it is drawn by its number, which is what is kept. */
function createShare(percent: number, seed: number, output: Output): Operator {
  const draw = createDraw(seed);
  let arrivals = 0;
  return {
    stateShape: `a sample of ${percent} %, seed ${seed}`,
    snapshot: (into) => writeFacts(into, { arrivals }),
    restore(from) {
      arrivals = readFacts(from, { arrivals }).arrivals;
    },
    onBatch(batch) {
      keepDrawn(batch, () => draw.ofNumber(arrivals++) < percent / 100);
      output.batch(batch);
    },
    onWatermark: (watermark) => output.watermark(watermark),
    onEnd() {},
  };
}

/** All records of a key or none. */
function createShareOfKeys(
  share: number,
  seed: number,
  keys: KeyColumns,
  output: Output,
  services: Services,
): Operator {
  const draw = createDraw(seed);
  const keyBytes = createByteWriter(256);
  const reject = rejectOf(services);
  return {
    ...stateless,
    onBatch(batch) {
      keys.project(batch, reject);
      const columns = keys.key.map(({ column }) => batch.columns[column]!);
      keepDrawn(batch, (row) => {
        keyBytes.length = 0;
        writeKeysBytes(keyBytes, columns, row);
        return draw.ofKey(keyBytes.bytes, keyBytes.length) < share;
      });
      output.batch(batch);
    },
    onWatermark: (watermark) => output.watermark(watermark),
    onEnd() {},
  };
}

export const buildSample: Builder<SampleNode> = ({ size, seed, by }, place) => {
  if (size.kind === 'count') return buildCount(size.count, seed, place);
  if (by.length === 0) return { place, create: (output) => createShare(size.percent, seed, output) };
  const share = size.percent / 100;
  const keys = keyColumns(by, place);
  return {
    place,
    create: (output, services) => createShareOfKeys(share, seed, keys, output, services),
  };
};
