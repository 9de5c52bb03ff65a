/**
 * Tumbling, hopping and cumulating windows as a stage: Flink's window table functions. Each record is
 * passed on once for each window it is in, at once, with the bounds added. A record is late for a window
 * that had fired before it came; it still counts in its open ones. Rows of several windows are copied into
 * a wider batch, windows by start and then end.
 */
import {
  type Batch,
  batchCapacity,
  createBatch,
  createColumn,
  type Image,
  selectAll,
} from '../../record/index.js';
import { type AlignedShape, createAssigner, hasFired, type WindowAssigner } from '../../time/index.js';
import { imageEditor, sendAs } from '../fields.js';
import { type Operator, type Output, stateless } from '../operator.js';
import type { Place, PlaceTime, Services } from '../place.js';
import { type BoundsFields, boundsFields, putBounds, spellBounds } from './bounds.js';

interface Parts {
  readonly assigner: WindowAssigner;
  readonly bounds: BoundsFields;
  readonly time: PlaceTime;
  readonly imageFor: (image: Image) => Image;
  /** For how long windows that have fired take records. */
  readonly latenessMs: number;
}

/** At most one window a record: the batch is passed on as it is. */
function narrow(parts: Parts, output: Output, services: Services): Operator {
  const { assigner, bounds, time, imageFor, latenessMs } = parts;
  const starts = new Float64Array(assigner.most);
  const ends = new Float64Array(assigner.most);
  return {
    ...stateless,
    onBatch(batch) {
      const { selection, selected, times, marks } = batch;
      spellBounds(batch, bounds, time);
      let kept = 0;
      for (let k = 0; k < selected; k++) {
        const row = selection[k]!;
        if (assigner.assign(times[row]!, starts, ends) === 0) continue;
        if (hasFired(ends[0]! + latenessMs, marks[row]!)) {
          services.reports.late(batch, row);
          continue;
        }
        putBounds(batch, bounds, row, starts[0]!, ends[0]!);
        selection[kept++] = row;
      }
      batch.selected = kept;
      sendAs(imageFor(batch.image), batch, output);
    },
    onWatermark: (instant) => output.watermark(instant),
    onEnd() {},
  };
}

/** Copies a row with all its columns. */
function copyRow(from: Batch, row: number, to: Batch): number {
  const at = to.count++;
  to.starts[at] = from.starts[row]!;
  to.ends[at] = from.ends[row]!;
  to.times[at] = from.times[row]!;
  to.marks[at] = from.marks[row]!;
  for (let c = 0; c < from.columns.length; c++) {
    const source = from.columns[c]!;
    const target = to.columns[c]!;
    target.tags[at] = source.tags[row]!;
    target.starts[at] = source.starts[row]!;
    target.lengths[at] = source.lengths[row]!;
    target.numbers[at] = source.numbers[row]!;
    target.hashes[at] = source.hashes[row]!;
    if (source.boxed.length > row) target.boxed[at] = source.boxed[row]!;
  }
  return at;
}

/** Points a wider batch at what its rows are copied from. */
function beginWide(wide: Batch, batch: Batch, image: Image): void {
  wide.bytes = batch.bytes;
  wide.source = batch.source;
  wide.firstLine = batch.firstLine;
  wide.from = batch.from;
  wide.foreign = batch.foreign;
  wide.image = image;
  wide.count = 0;
  batch.columns.forEach((column, index) => {
    wide.columns[index] ??= createColumn(batchCapacity);
    wide.columns[index]!.bytes = column.bytes;
    wide.columns[index]!.spellInstant = column.spellInstant;
  });
}

/**
 * Writes the windows of a time that are still open, by start and then end; returns how many, or -1 when all
 * have fired.
 */
function openWindows(
  parts: Parts,
  time: number,
  mark: number,
  starts: Float64Array,
  ends: Float64Array,
): number {
  const count = parts.assigner.assign(time, starts, ends);
  let open = 0;
  for (let i = 0; i < count; i++) {
    if (hasFired(ends[i]! + parts.latenessMs, mark)) continue;
    const start = starts[i]!;
    const end = ends[i]!;
    let at = open++;
    for (; at > 0 && (starts[at - 1]! > start || (starts[at - 1]! === start && ends[at - 1]! > end)); at--) {
      starts[at] = starts[at - 1]!;
      ends[at] = ends[at - 1]!;
    }
    starts[at] = start;
    ends[at] = end;
  }
  return count > 0 && open === 0 ? -1 : open;
}

/** Several windows a record. */
function wide(parts: Parts, output: Output, services: Services): Operator {
  const { assigner, bounds, time, imageFor } = parts;
  const starts = new Float64Array(assigner.most + 1);
  const ends = new Float64Array(assigner.most + 1);
  const rows = createBatch({ base: 'none', dropped: [], fields: [] });
  const send = (): void => {
    selectAll(rows);
    const { image } = rows;
    output.batch(rows);
    rows.image = image;
    rows.count = 0;
  };
  return {
    ...stateless,
    onBatch(batch) {
      beginWide(rows, batch, imageFor(batch.image));
      spellBounds(rows, bounds, time);
      for (let k = 0; k < batch.selected; k++) {
        const row = batch.selection[k]!;
        const open = openWindows(parts, batch.times[row]!, batch.marks[row]!, starts, ends);
        if (open < 0) services.reports.late(batch, row);
        for (let i = 0; i < open; i++) {
          if (rows.count === batchCapacity) send();
          putBounds(rows, bounds, copyRow(batch, row, rows), starts[i]!, ends[i]!);
        }
      }
      if (rows.count > 0) send();
    },
    onWatermark: (instant) => output.watermark(instant),
    onEnd() {},
  };
}

/** The stage for windows that follow from the time alone. */
export function buildAligned(shape: AlignedShape, place: Place, time: PlaceTime, latenessMs: number) {
  const bounds = boundsFields(place.rows);
  const assigner = createAssigner(shape);
  const parts: Parts = { assigner, bounds, time, imageFor: imageEditor(bounds.fields, []), latenessMs };
  return {
    rows: bounds.rows,
    create: (output: Output, services: Services): Operator =>
      assigner.most > 1 ? wide(parts, output, services) : narrow(parts, output, services),
  };
}
