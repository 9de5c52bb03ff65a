/**
 * The least and the greatest value. Plain numbers are compared where they lie; NaN says that the best
 * value so far is of another kind and stands in the list. Values of different kinds have an order too: see
 * value-order.ts.
 */
import type { Value } from '../../expression/index.js';
import { Tag } from '../../record/index.js';
import { type Cells, keep } from '../keyed-cells/cells.js';
import { valueCodec } from '../keyed-cells/plain-things.js';
import type { Input, Part, Parts, Rows, Site } from './part.js';
import { compareAny } from './value-order.js';

export interface ExtremePart extends Part {
  readonly site: Site;
  /** 1 for the greatest value, -1 for the least. */
  readonly sign: 1 | -1;
}

/** The best value of a group so far, null when there is none. */
export function extremeOf({ site, sign }: ExtremePart, cells: Cells, slot: number): Value {
  const number = cells.numbers[slot * cells.stride + site.offset]!;
  if (Number.isNaN(number)) return cells.kept[site.list]![slot] as Value;
  return number === sign * Number.NEGATIVE_INFINITY ? null : number;
}

function offer(part: ExtremePart, cells: Cells, slot: number, value: Value): void {
  if (value === null || Number.isNaN(value)) return;
  const best = extremeOf(part, cells, slot);
  if (best !== null && compareAny(value, best) * part.sign <= 0) return;
  const at = slot * cells.stride + part.site.offset;
  if (typeof value === 'number') cells.numbers[at] = value;
  else {
    cells.numbers[at] = Number.NaN;
    keep(cells.kept[part.site.list]!, slot, value);
  }
}

function updateLeast(part: ExtremePart, cells: Cells, input: Input, { rows, slots, count }: Rows): void {
  const { column } = input;
  const { tags, numbers: values } = column;
  const { numbers, stride } = cells;
  const { offset } = part.site;
  for (let k = 0; k < count; k++) {
    const row = rows[k]!;
    if (tags[row] === Tag.number) {
      const at = slots[k]! * stride + offset;
      if (values[row]! >= numbers[at]!) continue;
      if (values[row]! < numbers[at]!) {
        numbers[at] = values[row]!;
        continue;
      }
    } else if (tags[row]! <= Tag.null) continue;
    offer(part, cells, slots[k]!, input.read(column, row));
  }
}

function updateGreatest(part: ExtremePart, cells: Cells, input: Input, { rows, slots, count }: Rows): void {
  const { column } = input;
  const { tags, numbers: values } = column;
  const { numbers, stride } = cells;
  const { offset } = part.site;
  for (let k = 0; k < count; k++) {
    const row = rows[k]!;
    if (tags[row] === Tag.number) {
      const at = slots[k]! * stride + offset;
      if (values[row]! <= numbers[at]!) continue;
      if (values[row]! > numbers[at]!) {
        numbers[at] = values[row]!;
        continue;
      }
    } else if (tags[row]! <= Tag.null) continue;
    offer(part, cells, slots[k]!, input.read(column, row));
  }
}

/** The least (sign -1) or greatest (sign 1) value of an argument. */
export function extreme(parts: Parts, name: string, input: Input, sign: 1 | -1): ExtremePart {
  const update = sign < 0 ? updateLeast : updateGreatest;
  const worst = sign * Number.NEGATIVE_INFINITY;
  return parts.part(
    `${sign < 0 ? 'min' : 'max'} ${name}`,
    [worst],
    valueCodec,
    (site) => {
      const part: ExtremePart = {
        site,
        sign,
        update: (cells, rows) => update(part, cells, input, rows),
        merge: (cells, into, from) => offer(part, cells, into, extremeOf(part, cells, from)),
      };
      return part;
    },
    { hasThing: Number.isNaN, isArrival: false },
  );
}
