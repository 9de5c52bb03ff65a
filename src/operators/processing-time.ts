/**
 * Processing time: a record's time is the clock's when it arrives. Downstream nothing differs from event time: the
 * watermark stands 1 ms behind the clock, and a timer moves it on to where a window of the given unit can
 * fire, also when no more records come.
 */
import { type WindowShape, windowText } from '../plan/index.js';
import { readFacts, writeFacts } from '../state/index.js';
import { tumbleStart } from '../time/index.js';
import type { Operator, Output } from './operator.js';
import type { Built, Place, PlaceTime, Services } from './place.js';

/** When the next window of the shape can fire, after a record at `nowMs`. */
function nextFiring(shape: WindowShape, nowMs: number): number {
  const next = (unitMs: number, offsetMs: number): number => tumbleStart(nowMs, unitMs, offsetMs) + unitMs;
  switch (shape.shape) {
    case 'tumble':
      // A zone's day may begin anywhere; by the minute is near enough.
      return next(shape.zone === undefined ? shape.sizeMs : Math.min(shape.sizeMs, 60_000), shape.offsetMs);
    case 'hop':
      return (
        nowMs +
        Math.min(shape.slideMs, next(shape.slideMs, (shape.offsetMs + shape.sizeMs) % shape.slideMs) - nowMs)
      );
    case 'cumulate':
      return next(shape.stepMs, shape.offsetMs);
    case 'session':
      return nowMs + shape.gapMs;
    case 'count':
      return Number.POSITIVE_INFINITY;
  }
}

function createProcessingTime(shape: WindowShape, output: Output, services: Services): Operator {
  let watermark = -Infinity;
  let nextMs = Number.POSITIVE_INFINITY;
  let openMs = 0;
  const advance = (nowMs: number): void => {
    watermark = Math.max(watermark, nowMs - 1);
    output.watermark(watermark);
  };
  return {
    stateShape: `processing time for ${windowText(shape)}`,
    snapshot: (into) => writeFacts(into, { watermark, nextMs, openMs }),
    restore(from) {
      ({ watermark, nextMs, openMs } = readFacts(from, { watermark, nextMs, openMs }));
    },
    onBatch(batch) {
      const nowMs = services.clock();
      for (let k = 0; k < batch.selected; k++) {
        const row = batch.selection[k]!;
        batch.times[row] = nowMs;
        batch.marks[row] = watermark;
      }
      if (batch.selected > 0) {
        // The longest window that this record can be in is open until then; timers go on as long.
        openMs = nowMs + longest(shape);
        nextMs = nextFiring(shape, nowMs);
      }
      output.batch(batch);
      advance(nowMs);
    },
    onWatermark(time) {
      if (time === Number.POSITIVE_INFINITY) output.watermark(time);
    },
    onEnd() {},
    nextTimer: () => nextMs,
    onTimer(nowMs) {
      advance(nowMs);
      nextMs = nowMs > openMs ? Number.POSITIVE_INFINITY : nextFiring(shape, nowMs);
    },
  };
}

function longest(shape: WindowShape): number {
  switch (shape.shape) {
    case 'tumble':
    case 'hop':
      return 2 * shape.sizeMs;
    case 'cumulate':
      return 2 * shape.maxMs;
    case 'session':
      return 2 * shape.gapMs;
    case 'count':
      return 0;
  }
}

/**
 * The field name on the stream line that says: times are the clock's, and the watermark comes in lines of
 * its own.
 */
export const processingTimeField = '';

/** Processing time for the records at a place, for windows of a shape. Bounds are spelled in ISO 8601. */
export function buildProcessingTime(shape: WindowShape, place: Place): Built {
  const time: PlaceTime = {
    assignment: { field: processingTimeField, delayMs: 0 },
    cell: { form: { kind: 'iso', quoted: false, fractionDigits: 3, suffix: 'Z' } },
  };
  return {
    place: { ...place, time },
    create: (output, services) => createProcessingTime(shape, output, services),
  };
}
