/**
 * One value of a group: of its first or last record, or of the record where another value is least or greatest.
 * Records count by arrival; of equals the first to arrive wins. Nulls are skipped.
 */
import { decodeValue, encodeValue, type Value } from '../../expression/index.js';
import { putCount, Tag, takeCount } from '../../record/index.js';
import { type Cells, keep } from '../keyed-cells/cells.js';
import {
  arrayOfPlain,
  arrivalOfPlain,
  plainValue,
  presentOfPlain,
  type ThingCodec,
  valueCodec,
  valueOfPlain,
} from '../keyed-cells/plain-things.js';
import type { Input, Part, Parts, Rows, Site } from './part.js';
import { compareAny } from './value-order.js';

export interface PickPart extends Part {
  /** The value of a group, null when there is none. */
  valueOf(cells: Cells, slot: number): Value;
}

function keptValue(cells: Cells, { list }: Site, slot: number): Value {
  return (cells.kept[list]![slot] as Value | undefined) ?? null;
}

function addFirst(cells: Cells, { offset, list }: Site, input: Input, at: Rows): void {
  const { rows, slots, count, arrival } = at;
  for (let k = 0; k < count; k++) {
    const cell = slots[k]! * cells.stride + offset;
    if (cells.numbers[cell] !== -1 || input.column.tags[rows[k]!]! <= Tag.null) continue;
    cells.numbers[cell] = arrival + rows[k]!;
    keep(cells.kept[list]!, slots[k]!, input.read(input.column, rows[k]!));
  }
}

/** Only the last row of each group in the batch is read: the pass goes backwards. */
function addLast(cells: Cells, { offset, list }: Site, input: Input, at: Rows): void {
  const { rows, slots, count, arrival } = at;
  for (let k = count - 1; k >= 0; k--) {
    const cell = slots[k]! * cells.stride + offset;
    if (cells.numbers[cell]! >= arrival + rows[k]! || input.column.tags[rows[k]!]! <= Tag.null) continue;
    cells.numbers[cell] = arrival + rows[k]!;
    keep(cells.kept[list]!, slots[k]!, input.read(input.column, rows[k]!));
  }
}

function mergePicks(cells: Cells, { offset, list }: Site, into: number, from: number, last: boolean): void {
  const { numbers, stride } = cells;
  const mine = numbers[into * stride + offset]!;
  const its = numbers[from * stride + offset]!;
  if (its === -1 || (mine !== -1 && its < mine === last)) return;
  numbers[into * stride + offset] = its;
  keep(cells.kept[list]!, into, cells.kept[list]![from]);
}

/** The value of the first or last record in which it is not null. */
export function firstOrLast(parts: Parts, name: string, input: Input, last: boolean): PickPart {
  const update = last ? addLast : addFirst;
  return parts.part(
    `${last ? 'last' : 'first'} ${name}`,
    [-1],
    valueCodec,
    (site) => ({
      update: (cells, rows) => update(cells, site, input, rows),
      merge: (cells, into, from) => mergePicks(cells, site, into, from, last),
      valueOf: (cells, slot) => keptValue(cells, site, slot),
    }),
    { hasThing: (arrival) => arrival >= 0, isArrival: true },
  );
}

/** The best record of a group so far. */
interface Best {
  readonly by: Exclude<Value, null>;
  readonly value: Value;
  readonly arrival: number;
}

const bestCodec: ThingCodec<Best> = {
  write(out, { by, value, arrival }) {
    encodeValue(out, by);
    encodeValue(out, value);
    putCount(out, arrival);
  },
  read(from) {
    const by = decodeValue(from) as Best['by'];
    const value = decodeValue(from);
    return { by, value, arrival: takeCount(from) };
  },
  toPlain: ({ by, value, arrival }) => [plainValue(by), plainValue(value), arrival],
  fromPlain(plain, arrivals) {
    const [by, value, arrival] = arrayOfPlain(plain, 3);
    return {
      by: presentOfPlain(by),
      value: valueOfPlain(value),
      arrival: arrivalOfPlain(arrival, arrivals),
    };
  },
};

function isBetter(offered: Best, best: Best | undefined, sign: number): boolean {
  if (best === undefined) return true;
  const order = compareAny(offered.by, best.by) * sign;
  return order > 0 || (order === 0 && offered.arrival < best.arrival);
}

/**
 * The value of x in the record in which `by` is least (sign -1) or greatest (sign 1); both must not be null.
 */
export function argExtreme(parts: Parts, name: string, x: Input, by: Input, sign: 1 | -1): PickPart {
  return parts.part(`${sign < 0 ? 'argmin' : 'argmax'} ${name}`, [], bestCodec, ({ list }) => ({
    update(cells, { rows, slots, count, arrival }) {
      const kept = cells.kept[list]! as (Best | undefined)[];
      for (let k = 0; k < count; k++) {
        const row = rows[k]!;
        if (x.column.tags[row]! <= Tag.null || by.column.tags[row]! <= Tag.null) continue;
        const best = kept[slots[k]!];
        const value = by.read(by.column, row);
        if (value === null || (best !== undefined && compareAny(value, best.by) * sign <= 0)) continue;
        keep(kept, slots[k]!, { by: value, value: x.read(x.column, row), arrival: arrival + row });
      }
    },
    merge(cells, into, from) {
      const kept = cells.kept[list]! as (Best | undefined)[];
      const offered = kept[from];
      if (offered !== undefined && isBetter(offered, kept[into], sign)) keep(kept, into, offered);
    },
    valueOf: (cells, slot) => (cells.kept[list]![slot] as Best | undefined)?.value ?? null,
  }));
}
