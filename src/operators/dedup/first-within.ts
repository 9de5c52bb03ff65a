/**
 * The first record of each key, and no other within a span of event time: a record is passed on at once unless one of its key
 * that was passed on is less than the span away from it. What was passed on is remembered until the watermark is the span
 * behind it; a record as old as what has been forgotten is late. Which times are still remembered follows from the
 * watermark alone; that they are swept out now and then does not show.
 */
import { type Batch, putDouble, putSpan, takeDouble, takeSpan } from '../../record/index.js';
import { type Codec, readFacts, readNumbered, writeFacts, writeNumbered } from '../../state/index.js';
import { formatDuration } from '../../time/index.js';
import { rejectOf } from '../builder.js';
import type { KeyColumns } from '../chosen/key-columns.js';
import type { Operator, Output } from '../operator.js';
import type { Services } from '../place.js';
import { createKeeper, spellKeys } from '../window/kept.js';
import { editPassed, showPassed } from './passed-entries.js';

/** A record that was passed on: when it was, and its number among those. */
export interface Passed {
  readonly time: number;
  readonly number: number;
}

export interface FirstState {
  readonly passed: Map<string, readonly Passed[]>;
  count: number;
  watermark: number;
}

interface StoredPassed {
  readonly key: string;
  readonly time: number;
}

const codec: Codec<StoredPassed> = {
  write(out, { key, time }) {
    putSpan(out, Buffer.from(key, 'latin1'));
    putDouble(out, time);
  },
  read(from) {
    const key = takeSpan(from).toString('latin1');
    return { key, time: takeDouble(from) };
  },
};

const section = 'passed/';

/** Takes a record into the state. */
export function remember(
  { passed }: FirstState,
  key: string,
  one: Passed,
  isOver: (one: Passed) => boolean,
): void {
  const before = passed.get(key);
  passed.set(key, before === undefined ? [one] : [...before.filter((other) => !isOver(other)), one]);
}

/** Forgets everything that is over. */
function sweep({ passed }: FirstState, isOver: (one: Passed) => boolean): void {
  for (const [key, all] of passed) {
    const left = all.filter((one) => !isOver(one));
    if (left.length === 0) passed.delete(key);
    else if (left.length < all.length) passed.set(key, left);
  }
}

export function createFirstWithin(
  withinMs: number,
  keys: KeyColumns,
  output: Output,
  services: Services,
): Operator {
  const state: FirstState = { passed: new Map(), count: 0, watermark: Number.NEGATIVE_INFINITY };
  const keeper = createKeeper(keys.key);
  const reject = rejectOf(services);
  const isOverBy =
    (watermark: number) =>
    ({ time }: { readonly time: number }): boolean =>
      time + withinMs <= watermark;
  let sweepAt = Number.NEGATIVE_INFINITY;
  /** Sweeping takes as long as there are keys, so it is done a few times in a span. */
  const pass = (watermark: number): void => {
    if (watermark > state.watermark) state.watermark = watermark;
    if (watermark < sweepAt) return;
    sweep(state, isOverBy(watermark));
    sweepAt = watermark + withinMs / 4;
  };
  const isFirst = (batch: Batch, row: number): boolean => {
    const time = batch.times[row]!;
    const isOver = isOverBy(batch.marks[row]!);
    if (isOver({ time })) {
      services.reports.late(batch, row);
      return false;
    }
    const key = keeper.keyOf(batch, row);
    const near = (one: Passed): boolean => !isOver(one) && Math.abs(one.time - time) < withinMs;
    if (state.passed.get(key)?.some(near) === true) return false;
    remember(state, key, { time, number: state.count++ }, isOver);
    return true;
  };
  return {
    stateShape: `the first record${spellKeys(keys.key)} within ${formatDuration(withinMs)}`,
    staysInMemory: true,
    snapshot(into) {
      const { count, watermark } = state;
      sweep(state, isOverBy(watermark));
      writeFacts(into, { count, watermark });
      const all = [...state.passed].flatMap(([key, passed]) =>
        passed.map(({ time, number }) => ({ number, thing: { key, time } })),
      );
      all.sort((a, b) => a.number - b.number);
      writeNumbered(into, section, all, codec);
    },
    restore(from) {
      Object.assign(state, readFacts(from, { count: 0, watermark: 0 }));
      readNumbered(from, section, codec, (number, { key, time }) => {
        remember(state, key, { time, number }, () => false);
      });
    },
    entries: () => showPassed(keys.key, state),
    edit: () => editPassed(keys.key, state, isOverBy(state.watermark)),
    onBatch(batch) {
      keys.project(batch, reject);
      let kept = 0;
      for (let k = 0; k < batch.selected; k++) {
        const row = batch.selection[k]!;
        if (isFirst(batch, row)) batch.selection[kept++] = row;
      }
      batch.selected = kept;
      output.batch(batch);
    },
    onWatermark(watermark) {
      pass(watermark);
      output.watermark(watermark);
    },
    onEnd() {},
  };
}
