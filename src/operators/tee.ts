/**
 * tee: copies records to an output beside the main one and passes all of them on. The output is handed in; in a job it is
 * committed with the checkpoints, so that it agrees with all others.
 */
import { compileFilter } from '../expression/index.js';
import type { TeeNode } from '../plan/index.js';
import { type Batch, createByteWriter, createEncoders, encodeBatch } from '../record/index.js';
import { type Builder, rejectOf } from './builder.js';
import { stateless } from './operator.js';
import type { Services } from './place.js';
import { scopeOf } from './scope.js';

type Keep = ReturnType<typeof compileFilter>;

/** The rows to copy; a row whose condition has no value is refused, and taken out of the batch. */
function chosenRows(batch: Batch, keep: Keep, services: Services): Int32Array {
  const { selection, selected } = batch;
  const all = selection.slice(0, selected);
  const refused = new Set<number>();
  const reject = rejectOf(services);
  keep(batch, (from, row, reason) => {
    refused.add(row);
    reject(from, row, reason);
  });
  const chosen = batch.selection.slice(0, batch.selected);
  batch.selection = selection;
  batch.selected = 0;
  for (const row of all) if (!refused.has(row)) selection[batch.selected++] = row;
  return chosen;
}

/** Writes rows of batches to a file, as NDJSON. */
function createCopier(file: NonNullable<ReturnType<NonNullable<Services['copy']>>>) {
  const encoderFor = createEncoders();
  const out = createByteWriter();
  return (batch: Batch, rows: Int32Array): void => {
    if (rows.length === 0) return;
    const { selection, selected } = batch;
    batch.selection = rows;
    batch.selected = rows.length;
    encodeBatch(encoderFor(batch.image), batch, out);
    batch.selection = selection;
    batch.selected = selected;
    file.append(out.bytes.subarray(0, out.length));
    out.length = 0;
  };
}

export const buildTee: Builder<TeeNode> = ({ path, when }, place) => {
  const keep = when === undefined ? undefined : compileFilter(when, scopeOf(place.rows));
  return {
    place,
    create(output, services) {
      const file = services.copy?.(path);
      const copy = file === undefined ? undefined : createCopier(file);
      return {
        ...stateless,
        onBatch(batch) {
          const rows =
            keep === undefined
              ? batch.selection.subarray(0, batch.selected)
              : chosenRows(batch, keep, services);
          copy?.(batch, rows);
          output.batch(batch);
        },
        onWatermark: (time) => output.watermark(time),
        onEnd() {},
      };
    },
  };
};
