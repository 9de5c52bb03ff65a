/** Counts of rows and of values that are not null. */
import { Tag } from '../../record/index.js';
import type { Cells } from '../keyed-cells/cells.js';
import type { Input, Part, Parts, Rows } from './part.js';

/** A part that counts; the count of a group is one number. */
export interface CountPart extends Part {
  readonly offset: number;
}

function addRows(numbers: Float64Array, stride: number, offset: number, { slots, count }: Rows): void {
  for (let k = 0; k < count; k++) numbers[slots[k]! * stride + offset]!++;
}

function addValues(numbers: Float64Array, stride: number, offset: number, tags: Uint8Array, at: Rows): void {
  const { rows, slots, count } = at;
  for (let k = 0; k < count; k++) {
    if (tags[rows[k]!]! > Tag.null) numbers[slots[k]! * stride + offset]!++;
  }
}

function mergeCounts(cells: Cells, offset: number, into: number, from: number): void {
  cells.numbers[into * cells.stride + offset]! += cells.numbers[from * cells.stride + offset]!;
}

/** Counts rows. */
export function countRows(parts: Parts): CountPart {
  return parts.part('count', [0], undefined, ({ offset }) => ({
    offset,
    update: (cells, rows) => addRows(cells.numbers, cells.stride, offset, rows),
    merge: (cells, into, from) => mergeCounts(cells, offset, into, from),
  }));
}

/** Counts the values of an argument that are not null. */
export function countValues(parts: Parts, name: string, input: Input): CountPart {
  return parts.part(`count ${name}`, [0], undefined, ({ offset }) => ({
    offset,
    update: (cells, rows) => addValues(cells.numbers, cells.stride, offset, input.column.tags, rows),
    merge: (cells, into, from) => mergeCounts(cells, offset, into, from),
  }));
}

/** The count of a group. */
export function countOf(part: CountPart, cells: Cells, slot: number): number {
  return cells.numbers[slot * cells.stride + part.offset]!;
}
