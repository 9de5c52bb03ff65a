/**
 * The cells of a group as plain JSON under the names of their parts, and back. A part is a number, an array of its numbers,
 * its thing, or {"numbers", "kept"} where it has both; numbers at the end that are as at first may be left out.
 */
import { isProblem } from '../../diagnostics/index.js';
import { isPlainObject, type Plain, type PlainObject, wrongEntry } from '../entry.js';
import { type CellPlan, type Cells, keep } from '../keyed-cells/cells.js';
import {
  type Arrivals,
  arrayOfPlain,
  arrivalOfPlain,
  notPlain,
  numberOfPlain,
  plainNumber,
} from '../keyed-cells/plain-things.js';
import type { NamedSite } from './part.js';

/** The parts of an aggregation, and what their cells are. */
export interface CellParts {
  readonly sites: readonly NamedSite[];
  readonly cellPlan: CellPlan;
}

function plainNumbers(numbers: readonly number[], initial: readonly number[]): Plain {
  const rest = numbers.slice(1);
  const isShort = rest.every((number, index) => Object.is(number, initial[index + 1]));
  return isShort ? plainNumber(numbers[0]!) : numbers.map(plainNumber);
}

/** What a group has accumulated. */
export function plainCells({ sites, cellPlan }: CellParts, cells: Cells, slot: number): PlainObject {
  const parts = sites.map(({ name, offset, list, numbers: count, first }) => {
    const at = slot * cells.stride + offset;
    const numbers = [...cells.numbers.subarray(at, at + count)];
    const kept = list < 0 ? undefined : cells.kept[list]![slot];
    // What a list still holds of an earlier value means nothing.
    const thing = first === undefined || first.hasThing(numbers[0]!) ? kept : undefined;
    const plain = thing === undefined ? undefined : cellPlan.lists[list]!.toPlain(thing);
    if (count === 0) return [name, plain ?? null] as const;
    const initial = cellPlan.initial.slice(offset, offset + count);
    const its = plainNumbers(numbers, initial);
    return [name, plain === undefined ? its : { numbers: its, kept: plain }] as const;
  });
  return Object.fromEntries(parts);
}

interface GivenPart {
  readonly numbers: readonly Plain[];
  readonly kept: Plain | undefined;
}

function partOf({ numbers: count }: NamedSite, plain: Plain): GivenPart {
  if (count === 0) return { numbers: [], kept: plain ?? undefined };
  if (!isPlainObject(plain)) return { numbers: Array.isArray(plain) ? plain : [plain], kept: undefined };
  const { numbers, kept, ...others } = plain;
  const [other] = Object.keys(others);
  if (numbers === undefined || other !== undefined)
    throw notPlain('a part: {"numbers": ..., "kept": ...}', plain);
  return { numbers: Array.isArray(numbers) ? arrayOfPlain(numbers) : [numbers], kept };
}

function takePart(
  { cellPlan }: CellParts,
  site: NamedSite,
  plain: Plain,
  cells: Cells,
  slot: number,
  arrivals: Arrivals,
): void {
  const { offset, list, first, numbers: count } = site;
  const { numbers, kept } = partOf(site, plain);
  if (numbers.length > count || (count > 0 && numbers.length === 0))
    throw notPlain(`${count} numbers`, plain);
  const at = slot * cells.stride + offset;
  numbers.forEach((number, index) => {
    cells.numbers[at + index] = numberOfPlain(number);
  });
  const head = cells.numbers[at]!;
  if (first?.isArrival === true && head !== -1) arrivalOfPlain(head, arrivals);
  if (first !== undefined && first.hasThing(head) !== (kept !== undefined)) {
    throw wrongEntry(
      kept === undefined
        ? `its number is ${head}, and nothing is kept`
        : `its number is ${head}, with something kept`,
      'numbers and what is kept go together: take both from an entry that is like it',
    );
  }
  if (kept === undefined) return;
  if (list < 0) throw notPlain('numbers', plain);
  keep(cells.kept[list]!, slot, cellPlan.lists[list]!.fromPlain(kept, arrivals));
}

/** Names what went wrong by its part; what is no problem comes of bytes that were changed. */
function inPart(name: string, error: unknown): Error {
  const details = isProblem(error) ? error.details : undefined;
  return wrongEntry(
    `state[${JSON.stringify(name)}]: ${details?.message ?? 'it cannot be read'}`,
    details?.hint ?? 'take it as leat state export --exact prints it',
  );
}

/** Puts what was given into the cells of a slot, which have been opened. `facts` are names of other things than parts. */
export function takePlainCells(
  parts: CellParts,
  cells: Cells,
  slot: number,
  state: PlainObject,
  arrivals: Arrivals,
  facts: readonly string[],
): void {
  const names = parts.sites.map(({ name }) => name);
  const wanted = `the parts are ${names.map((name) => JSON.stringify(name)).join(', ')}`;
  const unknown = Object.keys(state).find((name) => !names.includes(name) && !facts.includes(name));
  if (unknown !== undefined) throw wrongEntry(`state has no part ${JSON.stringify(unknown)}`, wanted);
  for (const site of parts.sites) {
    const plain = state[site.name];
    if (plain === undefined) throw wrongEntry(`state says nothing of ${JSON.stringify(site.name)}`, wanted);
    try {
      takePart(parts, site, plain, cells, slot, arrivals);
    } catch (error) {
      throw inPart(site.name, error);
    }
  }
}
