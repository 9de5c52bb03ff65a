/**
 * The accumulators of the groups of one table: the numbers of a group next to each other in one array, and lists of
 * whatever is no number, both by slot. What a cell means is known only to the part that it belongs to (see part.ts).
 */
import type { ThingCodec } from './plain-things.js';

/** What the parts of an aggregation need of each group. */
export interface CellPlan {
  /** What a group's numbers are at first. */
  readonly initial: readonly number[];
  /** The lists of values, each with what writes out and reads back its things. */
  readonly lists: readonly ThingCodec<unknown>[];
}

export interface Cells {
  readonly stride: number;
  readonly initial: Float64Array;
  /** Slot s has numbers[s * stride] and following. */
  numbers: Float64Array;
  /** kept[list][slot]; undefined until something was kept. Lists may be shorter than there are slots. */
  readonly kept: unknown[][];
  /** Slots that there is room for. */
  room: number;
}

const leastRoom = 8;

/** Cells with room for so many slots; they grow by themselves. */
export function createCells(plan: CellPlan, slots = leastRoom): Cells {
  const stride = plan.initial.length;
  const room = Math.max(leastRoom, slots);
  return {
    stride,
    initial: Float64Array.from(plan.initial),
    numbers: new Float64Array(stride * room),
    kept: plan.lists.map(() => []),
    room,
  };
}

/** Sets the cells of slots [from, to) to what they are at first. */
export function openCells(cells: Cells, from: number, to: number): void {
  const { stride, initial } = cells;
  if (to > cells.room) {
    while (cells.room < to) cells.room *= 2;
    const grown = new Float64Array(cells.room * stride);
    grown.set(cells.numbers);
    cells.numbers = grown;
  }
  const { numbers } = cells;
  for (let at = from * stride; at < to * stride; at += stride) {
    for (let field = 0; field < stride; field++) numbers[at + field] = initial[field]!;
  }
  for (const list of cells.kept) {
    const end = Math.min(to, list.length);
    for (let slot = from; slot < end; slot++) list[slot] = undefined;
  }
}

/** Puts a value into a list, which grows one by one: a gap would turn the array into a map. */
export function keep(list: unknown[], slot: number, value: unknown): void {
  while (list.length < slot) list.push(undefined);
  list[slot] = value;
}

/** Forgets what a slot held that is free until it is opened again. */
export function clearCells(cells: Cells, slot: number): void {
  cells.numbers.fill(0, slot * cells.stride, (slot + 1) * cells.stride);
  for (const list of cells.kept) if (slot < list.length) list[slot] = undefined;
}

/** Empties the cells; `used` slots were in use. Memory far beyond that is given back. */
export function resetCells(cells: Cells, used: number): void {
  if (cells.room > Math.max(leastRoom, used * 16)) {
    cells.room = leastRoom;
    cells.numbers = new Float64Array(leastRoom * cells.stride);
  }
  for (const list of cells.kept) list.length = 0;
}
