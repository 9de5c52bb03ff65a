/**
 * How much memory groups take: their typed arrays exactly, as they stand, and the things of their lists by a sample. The
 * things of few groups say little of all, so this is an estimate and not a limit that is kept to the byte.
 */
import { createByteWriter } from '../../record/index.js';
import type { CellPlan } from './cells.js';
import type { KeyedCells } from './group-record.js';

/** What a thing takes in memory for each byte that it takes when written. */
const bytesPerByte = 4;
/** What an object takes at least. */
const objectBytes = 64;
const samples = 8;

/** The bytes of the arrays of a table, whether they are full or not. */
export function arrayBytes({ keys, cells }: KeyedCells): number {
  const { entries, arena, starts, lengths } = keys.table;
  let bytes = entries.byteLength + arena.byteLength + starts.byteLength + lengths.byteLength;
  for (const { tags, numbers, ...spans } of keys.values) {
    bytes += tags.byteLength + numbers.byteLength + spans.starts.byteLength + spans.lengths.byteLength;
  }
  return bytes + cells.numbers.byteLength;
}

/** Whether the arrays of a table double soon. */
export function isNearlyFull({ keys: { table }, cells }: KeyedCells): boolean {
  const full = table.count * 3 > table.mask * 1.8;
  return full || table.used > table.arena.length * 0.9 || table.count > cells.room * 0.9;
}

const scratch = createByteWriter(1 << 12);

/** About what the things of the lists of all groups take. */
export function thingBytes({ keys: { table }, cells }: KeyedCells, plan: CellPlan): number {
  let bytes = 0;
  plan.lists.forEach((codec, list) => {
    const things = cells.kept[list]!;
    const count = Math.min(things.length, table.count);
    if (count === 0) return;
    bytes += things.length * 8;
    const step = Math.max(1, Math.floor(count / samples));
    let found = 0;
    let sampled = 0;
    for (let slot = count - 1; slot >= 0; slot -= step) {
      sampled++;
      if (things[slot] === undefined) continue;
      scratch.length = 0;
      codec.write(scratch, things[slot]);
      found += scratch.length * bytesPerByte + objectBytes;
    }
    bytes += (found / sampled) * count;
  });
  return bytes;
}
