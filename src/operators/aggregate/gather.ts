/**
 * Parts that keep a thing of their own for each group: a list, a set, a sketch. The thing is plain data; what it does with
 * values is a Gatherer. Nulls are skipped, so a group without values has no thing.
 */
import { readColumn, type Value } from '../../expression/index.js';
import { type Column, Tag } from '../../record/index.js';
import { type Cells, keep } from './cells.js';
import type { Input, Part, Parts } from './part.js';

export interface Gatherer<Thing> {
  create(): Thing;
  /** Adds the value in a row, which is not null; `arrival` is the row's number among all. */
  add(thing: Thing, column: Column, row: number, arrival: number): void;
  /** Adds what `from` holds; it is dropped after. */
  merge(into: Thing, from: Thing): void;
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
  return parts.part(name, [], true, ({ list }) => ({
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
        gatherer.add(thing, column, row, arrival + row);
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

/** A value that is not null; a computed value that JSON cannot spell counts as 0, which no column holds. */
export function valueAt(column: Column, row: number): Exclude<Value, null> {
  return readColumn(column, row) ?? 0;
}
