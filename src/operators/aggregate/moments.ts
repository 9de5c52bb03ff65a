/**
 * Variances and standard deviations: count, mean and the sum of squared distances from it, kept up row by
 * row (Welford, "Note on a method for calculating corrected sums of squares and products", Technometrics
 * 4, 1962) and added for merged groups as Chan, Golub and LeVeque do (1979). Doubles; big integers and
 * decimals are rounded to them.
 */
import { Tag } from '../../record/index.js';
import type { Cells } from '../keyed-cells/cells.js';
import { doubleAt } from './inputs.js';
import type { Input, Part, Parts, Rows } from './part.js';

export interface MomentsPart extends Part {
  readonly offset: number;
}

function addRows(cells: Cells, offset: number, input: Input, { rows, slots, count }: Rows): void {
  const { column } = input;
  const { numbers, stride } = cells;
  for (let k = 0; k < count; k++) {
    const row = rows[k]!;
    if (column.tags[row]! <= Tag.null) continue;
    const value = doubleAt(column, row);
    const at = slots[k]! * stride + offset;
    const n = numbers[at]! + 1;
    const distance = value - numbers[at + 1]!;
    const mean = numbers[at + 1]! + distance / n;
    numbers[at] = n;
    numbers[at + 1] = mean;
    numbers[at + 2]! += distance * (value - mean);
  }
}

function mergeMoments({ numbers, stride }: Cells, offset: number, into: number, from: number): void {
  const a = into * stride + offset;
  const b = from * stride + offset;
  const count = numbers[a]! + numbers[b]!;
  if (count === 0) return;
  const distance = numbers[b + 1]! - numbers[a + 1]!;
  numbers[a + 2]! += numbers[b + 2]! + (distance * distance * numbers[a]! * numbers[b]!) / count;
  numbers[a + 1]! += (distance * numbers[b]!) / count;
  numbers[a] = count;
}

/** The moments of a numeric argument. */
export function moments(parts: Parts, name: string, input: Input): MomentsPart {
  return parts.part(`moments ${name}`, [0, 0, 0], undefined, ({ offset }) => ({
    offset,
    update: (cells, rows) => addRows(cells, offset, input, rows),
    merge: (cells, into, from) => mergeMoments(cells, offset, into, from),
  }));
}

/**
 * The variance of a group: of a population over at least one value, of a sample over at least two; else NaN.
 */
export function varianceOf({ offset }: MomentsPart, cells: Cells, slot: number, sample: boolean): number {
  const at = slot * cells.stride + offset;
  const divisor = cells.numbers[at]! - (sample ? 1 : 0);
  return divisor > 0 ? cells.numbers[at + 2]! / divisor : Number.NaN;
}
