/**
 * Parts that keep a thing of their own for each group: a list, a set, a sketch. The thing is plain data;
 * what it does with values is a Gatherer. Nulls are skipped, so a group without values has no thing.
 */
import type { Value } from '../../expression/index.js';
import { Tag } from '../../record/index.js';
import { type Cells, keep } from '../keyed-cells/cells.js';
import type { ThingCodec } from '../keyed-cells/plain-things.js';
import type { Input, Part, Parts } from './part.js';

export interface Gatherer<Thing> {
  create(): Thing;
  /** Adds the value of the input in a row, which is not null; `arrival` is the row's number among all. */
  add(thing: Thing, input: Input, row: number, arrival: number): void;
  /** Adds what `from` holds; it is dropped after. */
  merge(into: Thing, from: Thing): void;
  /** How a thing is written out and read back. */
  readonly codec: ThingCodec<Thing>;
}

export interface GatherPart<Thing> extends Part {
  /** The thing of a group; undefined when there was no value. */
  thingOf(cells: Cells, slot: number): Thing | undefined;
}

/** A part that gathers the values of an argument. */
export function gather<Thing>(
  parts: Parts,
  name: string,
  input: Input,
  gatherer: Gatherer<Thing>,
): GatherPart<Thing> {
  return parts.part(name, [], gatherer.codec, ({ list }) => ({
    update(cells, { rows, slots, count, arrival }) {
      const { column } = input;
      const things = cells.kept[list]! as (Thing | undefined)[];
      for (let k = 0; k < count; k++) {
        const row = rows[k]!;
        if (column.tags[row]! <= Tag.null) continue;
        const slot = slots[k]!;
        let thing = things[slot];
        if (thing === undefined) {
          thing = gatherer.create();
          keep(things, slot, thing);
        }
        gatherer.add(thing, input, row, arrival + row);
      }
    },
    merge(cells, into, from) {
      const things = cells.kept[list]! as (Thing | undefined)[];
      const its = things[from];
      if (its === undefined) return;
      const mine = things[into];
      if (mine === undefined) keep(things, into, its);
      else gatherer.merge(mine, its);
    },
    thingOf: (cells, slot) => cells.kept[list]![slot] as Thing | undefined,
  }));
}

/** The value of an input in a row where it is not null. */
export function valueAt({ column, read }: Input, row: number): Exclude<Value, null> {
  return read(column, row) as Exclude<Value, null>;
}
