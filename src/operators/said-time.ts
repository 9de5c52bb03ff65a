/**
 * Event time that no field of the records holds: behind a select that dropped it, for processing time, for
 * the numbers of count windows. The stage upstream says the watermark in control lines, and each row is
 * judged by the last one said.
 */
import { readFacts, writeFacts } from '../state/index.js';
import type { Built, Place } from './place.js';

/** Gives the rows at a place the watermark that was said last. */
export function buildSaidTime(place: Place): Built {
  return {
    place,
    create(output) {
      let watermark = Number.NEGATIVE_INFINITY;
      return {
        stateShape: 'said time',
        snapshot: (into) => writeFacts(into, { watermark }),
        restore(from) {
          watermark = readFacts(from, { watermark }).watermark;
        },
        onBatch(batch) {
          batch.times.fill(watermark, 0, batch.count);
          batch.marks.fill(watermark, 0, batch.count);
          output.batch(batch);
        },
        onWatermark(time) {
          if (time > watermark) watermark = time;
          output.watermark(watermark);
        },
        onEnd() {},
      };
    },
  };
}
