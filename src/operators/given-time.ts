/**
 * Event time that is known already: the times of rows come beside them, in their order, and are not read again from the
 * records. The watermark follows them as it does where times are read.
 */
import { readFacts, writeFacts } from '../state/index.js';
import { formFromName, formName } from '../time/index.js';
import type { Built, Place, PlaceTime } from './place.js';

/** Times on their way; `add` comes before the batch that has their rows. */
export interface GivenTimes {
  /** Whose form is settled by whoever adds the first. */
  readonly time: PlaceTime;
  add(times: readonly number[], from: number, to: number): void;
  /** One row, with the watermark before it, which then does not follow from the times. */
  addMarked(time: number, mark: number): void;
  /** Takes the times of so many rows; returns their marks, if they have some. */
  take(count: number, into: Float64Array): readonly number[] | undefined;
}

/** A queue of times. */
export function createGivenTimes(time: PlaceTime): GivenTimes {
  let waiting: number[] = [];
  let marks: number[] = [];
  let next = 0;
  return {
    time,
    add(times, from, to) {
      for (let row = from; row < to; row++) waiting.push(times[row]!);
    },
    addMarked(time, mark) {
      waiting.push(time);
      marks.push(mark);
    },
    take(count, into) {
      const taken = marks.length === 0 ? undefined : marks.slice(next, next + count);
      for (let row = 0; row < count; row++) into[row] = waiting[next++]!;
      if (next === waiting.length) {
        waiting = [];
        marks = [];
        next = 0;
      }
      return taken;
    },
  };
}

/** Gives each row of a place its time from the queue. */
export function buildGivenTime(given: GivenTimes, place: Place): Built {
  const { time } = given;
  const { delayMs } = time.assignment;
  return {
    place: { ...place, time },
    create(output) {
      let highest = Number.NEGATIVE_INFINITY;
      let watermark = Number.NEGATIVE_INFINITY;
      return {
        stateShape: 'given time',
        snapshot(into) {
          const { form } = time.cell;
          writeFacts(into, { highest, watermark, form: form === undefined ? '' : formName(form) });
        },
        restore(from) {
          const kept = readFacts(from, { highest, watermark, form: '' });
          ({ highest, watermark } = kept);
          if (kept.form !== '') time.cell.form = formFromName(kept.form);
        },
        onBatch(batch) {
          const { times, marks } = batch;
          const said = given.take(batch.count, times);
          for (let row = 0; row < batch.count; row++) {
            if (said !== undefined) {
              watermark = Math.max(watermark, said[row]!);
              marks[row] = watermark;
              continue;
            }
            marks[row] = watermark;
            if (times[row]! <= highest) continue;
            highest = times[row]!;
            watermark = Math.max(watermark, highest - delayMs);
          }
          output.batch(batch);
          output.watermark(watermark);
        },
        onWatermark(instant) {
          watermark = Math.max(watermark, instant);
          output.watermark(watermark);
        },
        onEnd() {},
      };
    },
  };
}
