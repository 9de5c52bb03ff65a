/**
 * Sums and means. The sum of a group is a double and its compensation. Every addition also computes what
 * it lost (the error term of Knuth's TwoSum, TAOCP volume 2, 4.2.2): nothing in the usual case; if it was
 * lost by adding fractions, it goes to the compensation; if integers would lose something or values are no
 * plain doubles, the sum moves to an exact one in the list.
 * -0 stands for a sum of nothing, NaN for a sum that has moved: neither can come out of an addition here.
 */
import type { Value } from '../../expression/index.js';
import { Tag } from '../../record/index.js';
import { type Cells, keep } from '../keyed-cells/cells.js';
import { addSum, addToSum, createSum, type ExactSum, meanOf, sumCodec, sumOf } from './exact-sum.js';
import { numberAt } from './inputs.js';
import type { Input, Part, Parts, Rows, Site } from './part.js';

export interface SumPart extends Part {
  readonly site: Site;
}

const most = Number.MAX_SAFE_INTEGER;

/** The exact sum of a group, which its double is moved to. */
function exactOfGroup(cells: Cells, { offset, list }: Site, slot: number): ExactSum {
  const at = slot * cells.stride + offset;
  const moved = cells.kept[list]![slot] as ExactSum | undefined;
  if (moved !== undefined) return moved;
  const sum = createSum();
  const plain = cells.numbers[at]!;
  if (Number.isInteger(plain) && cells.numbers[at + 1] === 0) sum.integer = BigInt(plain);
  else {
    sum.fraction = plain;
    sum.carry = cells.numbers[at + 1]!;
    sum.inexact = true;
  }
  cells.numbers[at] = Number.NaN;
  keep(cells.kept[list]!, slot, sum);
  return sum;
}

function addNumbers(cells: Cells, site: Site, input: Input, at: Rows): void {
  const { rows, slots, count } = at;
  const { tags, numbers: values } = input.column;
  const { numbers, stride } = cells;
  const { offset } = site;
  for (let k = 0; k < count; k++) {
    const row = rows[k]!;
    const tag = tags[row]!;
    if (tag !== Tag.number) {
      if (tag > Tag.null) addToSum(exactOfGroup(cells, site, slots[k]!), numberAt(input.column, row));
      continue;
    }
    const cell = slots[k]! * stride + offset;
    const before = numbers[cell]!;
    const value = values[row]! + 0;
    const sum = before + value;
    const part = sum - before;
    const lost = before - (sum - part) + (value - part);
    if (sum >= -most && sum <= most) {
      if (lost === 0) {
        numbers[cell] = sum;
        continue;
      }
      if (numbers[cell + 1] !== 0 || Math.floor(before) !== before || Math.floor(value) !== value) {
        numbers[cell] = sum;
        numbers[cell + 1]! += lost;
        continue;
      }
    }
    addToSum(exactOfGroup(cells, site, slots[k]!), value);
  }
}

function mergeSums(cells: Cells, site: Site, into: number, from: number): void {
  const { numbers, stride } = cells;
  const source = from * stride + site.offset;
  if (Object.is(numbers[source], -0)) return;
  const target = into * stride + site.offset;
  if (Object.is(numbers[target], -0)) {
    numbers[target] = numbers[source]!;
    numbers[target + 1] = numbers[source + 1]!;
    if (Number.isNaN(numbers[source])) keep(cells.kept[site.list]!, into, cells.kept[site.list]![from]);
    return;
  }
  addSum(exactOfGroup(cells, site, into), exactOfGroup(cells, site, from));
}

/** Sums the values of an argument that holds numbers and nulls alone. */
export function sumValues(parts: Parts, name: string, input: Input): SumPart {
  return parts.part(
    `sum ${name}`,
    [-0, 0],
    sumCodec,
    (site) => ({
      site,
      update: (cells, rows) => addNumbers(cells, site, input, rows),
      merge: (cells, into, from) => mergeSums(cells, site, into, from),
    }),
    { hasThing: Number.isNaN, isArrival: false },
  );
}

/** The sum of a group, null over nothing. */
export function sumOfGroup({ site }: SumPart, cells: Cells, slot: number): Value {
  const at = slot * cells.stride + site.offset;
  const sum = cells.numbers[at]!;
  if (Number.isNaN(sum)) return sumOf(cells.kept[site.list]![slot] as ExactSum);
  return Object.is(sum, -0) ? null : sum + cells.numbers[at + 1]!;
}

/** The mean of a group whose values are so many, null over nothing. */
export function meanOfGroup(part: SumPart, cells: Cells, slot: number, count: number): Value {
  const sum = sumOfGroup(part, cells, slot);
  return sum === null ? null : meanOf(sum as Exclude<ReturnType<typeof sumOf>, null>, count);
}
