/**
 * Changes on their way out: rows of results with their kinds, gathered into batches. All rows of a batch are of one table of
 * groups, because the texts of their keys lie in its arena. Whoever empties a table sends what was gathered of it before.
 */
import type { Value } from '../../../expression/index.js';
import { type RowKind, rowKinds } from '../../../plan/index.js';
import { batchCapacity, type Image, Tag } from '../../../record/index.js';
import { sendAs } from '../../fields.js';
import type { GroupKeys } from '../../keyed-cells/group-keys.js';
import { putValue } from '../put-value.js';
import { beginRows, type Result } from '../result.js';

/** Whose rows they are. */
export interface KeyOwner {
  readonly keys: GroupKeys;
}

export interface ChangeRows {
  /** The row of a key, by its slot, with these results. */
  put(kind: RowKind, of: KeyOwner, slot: number, values: readonly Value[], start: number, end: number): void;
  /** Passes on what was gathered. */
  send(): void;
}

/** Where the kinds of rows stand, and the image of rows that begin with them. */
export interface ChangeImage {
  readonly column: number;
  readonly image: Image;
}

const kindBytes = Buffer.from(rowKinds.join(''));
const kindLength = 2;

/** Rows that leave through a result. */
export function createChangeRows(result: Result, { column, image }: ChangeImage): ChangeRows {
  const kinds = new Uint8Array(batchCapacity);
  const slots = new Int32Array(batchCapacity);
  const values: (readonly Value[])[] = [];
  const starts = new Float64Array(batchCapacity);
  const ends = new Float64Array(batchCapacity);
  let owner: KeyOwner | undefined;
  let count = 0;

  const fillKinds = (): void => {
    const its = result.batch.columns[column]!;
    its.bytes = kindBytes;
    its.tags.fill(Tag.text, 0, count);
    its.lengths.fill(kindLength, 0, count);
    for (let row = 0; row < count; row++) its.starts[row] = kinds[row]! * kindLength;
  };

  const send = (): void => {
    if (owner === undefined || count === 0) return;
    const { batch, bounds } = result;
    if (bounds !== undefined) {
      bounds.starts.set(starts.subarray(0, count));
      bounds.ends.set(ends.subarray(0, count));
    }
    const first = beginRows(result, owner.keys, slots, count);
    result.fills.forEach((_, index) => {
      const its = batch.columns[first + index]!;
      for (let row = 0; row < count; row++) putValue(its, row, values[row]![index]!);
    });
    fillKinds();
    sendAs(image, batch, result.output);
    count = 0;
  };

  return {
    put(kind, of, slot, its, start, end) {
      if (of !== owner || count === batchCapacity) send();
      owner = of;
      kinds[count] = rowKinds.indexOf(kind);
      slots[count] = slot;
      values[count] = its;
      starts[count] = start;
      ends[count] = end;
      count++;
    },
    send,
  };
}
