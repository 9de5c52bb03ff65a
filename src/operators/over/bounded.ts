/**
 * Frames of the last records of a key, by number or by time: the records are kept that coming frames may hold. A record is
 * late when it is not after the last one of its key that has left, as in Flink. By time, one that is older than the watermark
 * by more than the range is late too, so that a key can be forgotten when the watermark is two ranges ahead of it: nobody can
 * tell, for a record that finds nothing within the range begins anew in any case.
 */
import { decodeValue, encodeValue } from '../../expression/index.js';
import { putCount, putDouble, takeCount, takeDouble } from '../../record/index.js';
import {
  type Codec,
  createWindowQueue,
  nextEnd,
  popWindow,
  pushWindow,
  readNumbered,
  type WindowQueue,
  writeNumbered,
} from '../../state/index.js';
import { createCells } from '../keyed-cells/cells.js';
import { putRowKey, takeRowKey } from '../row-key.js';
import type { Folding, Values } from './folding.js';
import { type Due, type Frames, resultsOfEach } from './frames.js';
import { editSlides, keptFrameMembers, showSlides } from './slide-entries.js';
import {
  append,
  type BlockCells,
  createSlide,
  dropBefore,
  dropSlide,
  endOf,
  type Kept,
  lastTime,
  resultsFrom,
  type Slide,
} from './sliding.js';

/** How far frames reach back: so many records, or so much time. */
export type Reach =
  | { readonly kind: 'rows'; readonly count: number }
  | { readonly kind: 'range'; readonly rangeMs: number };

/** The records of a key that coming frames may hold. */
export interface KeySlide extends Slide {
  readonly key: string;
}

interface State {
  readonly slides: Map<string, KeySlide>;
  /** Keys by the time up to which they are remembered at least; of use with a range. */
  queue: WindowQueue;
  readonly queued: Map<number, KeySlide>;
  nextId: number;
}

const prefix = 'kept/';

interface StoredKept {
  readonly key: string;
  readonly number: number;
  readonly time: number;
  readonly values: Values;
}

function storedCodec(arguments_: number): Codec<StoredKept> {
  return {
    write(out, { key, number, time, values }) {
      putRowKey(out, key);
      putCount(out, number);
      putDouble(out, time);
      for (const value of values) encodeValue(out, value);
    },
    read(from) {
      const key = takeRowKey(from)!;
      const number = takeCount(from);
      const time = takeDouble(from);
      return { key, number, time, values: Array.from({ length: arguments_ }, () => decodeValue(from)) };
    },
  };
}

/** Sees to it that a key is looked at when it may be forgotten. */
function enqueue(state: State, slide: KeySlide, rangeMs: number): void {
  const id = state.nextId;
  state.nextId = (id + 1) & 0x7fffffff;
  state.queued.set(id, slide);
  pushWindow(state.queue, 0, lastTime(slide) + 2 * rangeMs, id);
}

function forget(state: State, watermark: number, rangeMs: number, into: BlockCells): void {
  while (state.queue.size > 0 && nextEnd(state.queue) < watermark) {
    const id = popWindow(state.queue);
    const slide = state.queued.get(id)!;
    state.queued.delete(id);
    if (lastTime(slide) + 2 * rangeMs >= watermark) {
      enqueue(state, slide, rangeMs);
      continue;
    }
    dropSlide(slide, into);
    state.slides.delete(slide.key);
  }
}

/** The number of the first record in the frame of the last one. */
function frameStart(slide: Slide, reach: Reach): number {
  if (reach.kind === 'rows') return Math.max(slide.first, endOf(slide) - reach.count);
  const from = lastTime(slide) - reach.rangeMs;
  let at = slide.gone;
  while (slide.kept[at]!.time < from) at++;
  return slide.first + at - slide.gone;
}

function storedOf({ slides }: State) {
  const all = [...slides.values()].flatMap(({ key, first, gone, kept }) =>
    kept.slice(gone).map(({ arrival, time, values }, index) => ({
      number: arrival,
      thing: { key, number: first + index, time, values },
    })),
  );
  return all.sort((a, b) => a.number - b.number);
}

function restoreSlides(all: readonly (StoredKept & { readonly arrival: number })[], state: State): void {
  for (const { key, number, ...kept } of [...all].sort((a, b) => a.number - b.number)) {
    let slide = state.slides.get(key);
    if (slide === undefined) {
      slide = { ...createSlide(number), key };
      state.slides.set(key, slide);
    }
    append(slide, kept);
  }
}

export function createBounded(folding: Folding, reach: Reach): Frames {
  const state: State = { slides: new Map(), queue: createWindowQueue(), queued: new Map(), nextId: 0 };
  const into: BlockCells = { folding, cells: createCells(folding.cellPlan), free: [], used: 0 };
  const codec = storedCodec(folding.arguments);
  const rangeMs = reach.kind === 'range' ? reach.rangeMs : Number.POSITIVE_INFINITY;
  /** The slide of a key, begun anew when nothing of it is within reach. */
  const slideFor = (key: string, time: number): KeySlide => {
    let slide = state.slides.get(key);
    if (slide === undefined) {
      slide = { ...createSlide(), key };
      state.slides.set(key, slide);
    } else if (time - lastTime(slide) > rangeMs) {
      dropSlide(slide, into);
      Object.assign(slide, createSlide());
    }
    return slide;
  };
  const results = (slide: Slide): Values => {
    const from = frameStart(slide, reach);
    dropBefore(slide, from, into);
    return resultsFrom(slide, from, into);
  };
  return {
    isLate(key, time, mark) {
      if (time < mark - rangeMs) return true;
      const slide = state.slides.get(key);
      return slide !== undefined && time <= lastTime(slide);
    },
    take(key, time, due: readonly Due[]) {
      const isNew = !state.slides.has(key);
      const slide = slideFor(key, time);
      const add = ({ arrival, values }: Due): void => append(slide, { arrival, time, values } satisfies Kept);
      const all = resultsOfEach(due, reach.kind === 'range', add, () => results(slide));
      if (isNew && reach.kind === 'range') enqueue(state, slide, reach.rangeMs);
      return all;
    },
    pass(watermark) {
      if (reach.kind === 'range') forget(state, watermark, reach.rangeMs, into);
    },
    keys: () => state.slides.size,
    members: keptFrameMembers,
    shown: () => showSlides(state.slides.values()),
    edit: (editing) =>
      editSlides(folding, editing, 2 * rangeMs, (slides) => {
        for (const slide of state.slides.values()) dropSlide(slide, into);
        state.slides.clear();
        state.queued.clear();
        state.queue = createWindowQueue();
        for (const slide of slides) {
          state.slides.set(slide.key, slide);
          if (reach.kind === 'range') enqueue(state, slide, reach.rangeMs);
        }
      }),
    snapshot: (writer) => writeNumbered(writer, prefix, storedOf(state), codec),
    restore(from) {
      const all: (StoredKept & { readonly arrival: number })[] = [];
      readNumbered(from, prefix, codec, (arrival, thing) => all.push({ ...thing, arrival }));
      restoreSlides(all, state);
      if (reach.kind !== 'range') return;
      for (const slide of state.slides.values()) enqueue(state, slide, reach.rangeMs);
    },
  };
}
