/**
 * The last values of a group in the order of its records, nulls among them: for lag. Groups are merged in that order, the
 * later one into the earlier.
 */
import { decodeValue, encodeValue, type Value } from '../../expression/index.js';
import { putCount, takeCount } from '../../record/index.js';
import { type Cells, keep } from '../keyed-cells/cells.js';
import { arrayOfPlain, plainValue, type ThingCodec, valueOfPlain } from '../keyed-cells/plain-things.js';
import type { Input, Part, Parts } from './part.js';

/** The last values, the newest at the end. */
type LastValues = Value[];

export interface LastValuesPart extends Part {
  /** The value so many records before the last one; null when there were fewer. */
  before(cells: Cells, slot: number): Value;
}

const lastValuesCodec: ThingCodec<LastValues> = {
  write(out, values) {
    putCount(out, values.length);
    for (const value of values) encodeValue(out, value);
  },
  read: (from) => Array.from({ length: takeCount(from) }, () => decodeValue(from)),
  toPlain: (values) => values.map(plainValue),
  fromPlain: (plain) => arrayOfPlain(plain).map(valueOfPlain),
};

/** The last value of an argument and the `back` ones before it. */
export function lastValues(parts: Parts, name: string, input: Input, back: number): LastValuesPart {
  const add = (values: LastValues, value: Value): void => {
    values.push(value);
    if (values.length > back + 1) values.shift();
  };
  return parts.part(`last ${back} ${name}`, [], lastValuesCodec, ({ list }) => {
    const of = (cells: Cells, slot: number): LastValues => {
      const kept = cells.kept[list]! as (LastValues | undefined)[];
      if (kept[slot] === undefined) keep(kept, slot, []);
      return kept[slot]!;
    };
    return {
      update(cells, { rows, slots, count }) {
        for (let k = 0; k < count; k++) add(of(cells, slots[k]!), input.read(input.column, rows[k]!));
      },
      merge(cells, into, from) {
        const values = of(cells, into);
        for (const value of of(cells, from)) add(values, value);
      },
      before(cells, slot) {
        const values = of(cells, slot);
        return values.length > back ? values[0]! : null;
      },
    };
  });
}
