/**
 * A part is a piece of accumulated state that one or several aggregates are read from: sum(x) and avg(x)
 * share the sum of x, avg(x) and count(x) its count. A part says what it keeps of a group, how rows change
 * it, and how two groups become one; it holds no state of its own, so that tables can be dropped, merged
 * and written out.
 */
import type { Value } from '../../expression/index.js';
import type { Column } from '../../record/index.js';
import type { Cells } from '../keyed-cells/cells.js';
import type { ThingCodec } from '../keyed-cells/plain-things.js';

/** The values of an argument in the batch at hand; see inputs.ts. */
export interface Input {
  column: Column;
  /**
   * Reads one value of the column. What was computed for this node keeps its type: decimals, dates and
   * times.
   */
  readonly read: (column: Column, row: number) => Value;
}

/** Rows of the batch at hand and the slots of their groups. */
export interface Rows {
  readonly rows: Int32Array;
  readonly slots: Int32Array;
  readonly count: number;
  /** Number of row 0 of the batch among all rows so far; orders first and last when groups are merged. */
  readonly arrival: number;
}

export interface Part {
  /** Takes in rows. Never fails: what cannot be taken has been refused before. */
  update(cells: Cells, rows: Rows): void;
  /** Adds what group `from` has to group `into`; `from` is dropped after. */
  merge(cells: Cells, into: number, from: number): void;
}

/** Where the cells of a part are: its first number in the stride, and its list. */
export interface Site {
  readonly offset: number;
  readonly list: number;
}

/** What the first number of a part says of the rest; by this what a person wrote is judged. */
export interface FirstNumber {
  /** Whether a group with this number has a thing that means something. */
  hasThing(first: number): boolean;
  /** It is the number of a record, or -1. */
  readonly isArrival: boolean;
}

/** A part by its name, and where its cells are. */
export interface NamedSite extends Site {
  readonly name: string;
  /** How many numbers it has. */
  readonly numbers: number;
  /** Undefined when there is nothing to be said. */
  readonly first: FirstNumber | undefined;
}

/** Collects parts while the calls of a node are read; a part of the same name is made once. */
export interface Parts {
  /**
   * The part of this name. `initial` are its numbers at first; with a codec it has a list too, whose things the codec
   * writes out and reads back.
   */
  part<Kind extends Part>(
    name: string,
    initial: readonly number[],
    things: ThingCodec<unknown> | undefined,
    make: (site: Site) => Kind,
    first?: FirstNumber,
  ): Kind;
}

/** The parts of a node, and what cells they need. */
export interface PartList extends Parts {
  readonly parts: Part[];
  readonly initial: number[];
  readonly lists: ThingCodec<unknown>[];
  readonly sites: NamedSite[];
}

export function createPartList(): PartList {
  const known = new Map<string, Part>();
  const list: PartList = {
    parts: [],
    initial: [],
    lists: [],
    sites: [],
    part(name, initial, things, make, first) {
      const before = known.get(name);
      if (before !== undefined) return before as ReturnType<typeof make>;
      const site = { offset: list.initial.length, list: things === undefined ? -1 : list.lists.length };
      const made = make(site);
      list.sites.push({ ...site, name, numbers: initial.length, first });
      list.initial.push(...initial);
      if (things !== undefined) list.lists.push(things);
      list.parts.push(made);
      known.set(name, made);
      return made;
    },
  };
  return list;
}
