/**
 * The records of one key that frames yet to come may hold, and aggregates over any stretch of them. Records have numbers, 0
 * for the first of the key; blocks of 32 neighbours are folded once, and so are 32 such blocks, and so on, so that a frame of
 * n records costs about log n. A block holds the same numbers whatever the frame, so the same records give the same bits,
 * before and after a restore. Idea: the base intervals of Arasu and Widom (Resource Sharing in Continuous Sliding-Window
 * Aggregates, 2004).
 */
import { type Cells, clearCells, openCells } from '../keyed-cells/cells.js';
import type { Folding, Values } from './folding.js';

/** A record of the past: what its aggregates take in. */
export interface Kept {
  /** Of its arrival among all records. */
  readonly arrival: number;
  readonly time: number;
  readonly values: Values;
}

export interface Slide {
  /** The number of the first record that is still kept. */
  first: number;
  readonly kept: Kept[];
  /** The values of what is kept, for folding. */
  readonly values: Values[];
  /** How many of both lie before the first: they go when they are many. */
  gone: number;
  /** Slots of folded blocks by their index, for blocks of 32, of 1024 and so on. */
  readonly blocks: Map<number, number>[];
}

/** The cells of blocks, and which are free. */
export interface BlockCells {
  readonly folding: Folding;
  readonly cells: Cells;
  readonly free: number[];
  used: number;
}

const fan = 32;

export function createSlide(first = 0): Slide {
  return { first, kept: [], values: [], gone: 0, blocks: [] };
}

/** The number behind the last record. */
export const endOf = ({ first, kept, gone }: Slide): number => first + kept.length - gone;

/** The time of the last record; there is one. */
export const lastTime = ({ kept }: Slide): number => kept.at(-1)!.time;

export function append(slide: Slide, kept: Kept): void {
  slide.kept.push(kept);
  slide.values.push(kept.values);
}

export function openSlot(into: BlockCells): number {
  const slot = into.free.pop() ?? into.used++;
  openCells(into.cells, slot, slot + 1);
  return slot;
}

export function freeSlot(into: BlockCells, slot: number): void {
  clearCells(into.cells, slot);
  into.free.push(slot);
}

/** Forgets the records before a number, and the blocks that had one of them. */
export function dropBefore(slide: Slide, number: number, into: BlockCells): void {
  if (number <= slide.first) return;
  slide.gone += number - slide.first;
  slide.first = number;
  if (slide.gone > 64 && slide.gone * 2 > slide.kept.length) {
    slide.kept.splice(0, slide.gone);
    slide.values.splice(0, slide.gone);
    slide.gone = 0;
  }
  let size = 1;
  for (const level of slide.blocks) {
    size *= fan;
    // They were made from left to right.
    for (const [block, slot] of level) {
      if (block * size >= number) break;
      freeSlot(into, slot);
      level.delete(block);
    }
  }
}

/** Forgets everything. */
export function dropSlide(slide: Slide, into: BlockCells): void {
  for (const level of slide.blocks) for (const slot of level.values()) freeSlot(into, slot);
}

function blockAt(slide: Slide, level: number, block: number, size: number, into: BlockCells): number {
  while (slide.blocks.length < level) slide.blocks.push(new Map());
  const blocks = slide.blocks[level - 1]!;
  const known = blocks.get(block);
  if (known !== undefined) return known;
  const slot = openSlot(into);
  fold(slide, level - 1, block * size, (block + 1) * size, slot, into);
  blocks.set(block, slot);
  return slot;
}

/** Folds records [from, to) into a slot, by blocks of the level where there are whole ones. */
function fold(slide: Slide, level: number, from: number, to: number, slot: number, into: BlockCells): void {
  const { folding, cells } = into;
  if (from === to) return;
  if (level === 0) {
    const at = from - slide.first + slide.gone;
    folding.take(cells, slot, slide.values, at, at + to - from, from);
    return;
  }
  const size = fan ** level;
  const first = Math.ceil(from / size);
  const end = Math.floor(to / size);
  if (first >= end) {
    fold(slide, level - 1, from, to, slot, into);
    return;
  }
  fold(slide, level - 1, from, first * size, slot, into);
  for (let block = first; block < end; block++) {
    const copied = openSlot(into);
    folding.copy(cells, copied, blockAt(slide, level, block, size, into));
    folding.merge(cells, slot, copied);
    freeSlot(into, copied);
  }
  fold(slide, level - 1, end * size, to, slot, into);
}

/** The results over records [from, end). */
export function resultsFrom(slide: Slide, from: number, into: BlockCells): Values {
  const to = endOf(slide);
  const slot = openSlot(into);
  let level = 0;
  while (fan ** (level + 1) <= to - from) level++;
  fold(slide, level, from, to, slot, into);
  const results = into.folding.results(into.cells, slot);
  freeSlot(into, slot);
  return results;
}
