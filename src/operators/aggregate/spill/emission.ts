/**
 * The groups of a table that is partly in memory and partly not, leaving in order of first arrival: a batch at a
 * time, so that the end of the input, when everything leaves, does not have to hold it all. What is in memory is newer
 * than what was written of the same group.
 */
import { batchCapacity, createByteReader, createByteWriter } from '../../../record/index.js';
import type { SpillSpace } from '../../../state/index.js';
import { addGroup, writeGroup } from '../../keyed-cells/group-record.js';
import { recordOf, type SpilledGroups, slotsInMemory } from '../../keyed-cells/spilled-groups.js';
import { createGroups, emptyGroups, type Groups } from '../groups.js';
import { emitGroups } from '../result.js';
import type { Running } from '../running.js';

/** Emits the next batch; returns whether there are more. */
export type Emission = () => boolean;

const record = createByteWriter(1 << 10);

/** The groups [from, to) by number, each in the next slot of `into`. */
function gather(
  space: SpillSpace,
  running: Running,
  groups: Groups,
  spilled: SpilledGroups,
  memory: Int32Array,
  range: { readonly from: number; readonly to: number },
  into: Groups,
): void {
  for (let number = range.from; number < range.to; number++) {
    const slot = memory[number]! - 1;
    if (slot < 0) {
      addGroup(recordOf(space, spilled, number), into, running.cellPlan);
      continue;
    }
    record.length = 0;
    writeGroup(record, groups, running.cellPlan, slot);
    addGroup(createByteReader(record.bytes.subarray(0, record.length)), into, running.cellPlan);
  }
}

/** Groups that are next to each other in order of first arrival, up to a batch of them, by their slots. */
export interface GroupPiece {
  readonly groups: Groups;
  readonly slots: Int32Array;
  readonly count: number;
  readonly isLast: boolean;
}

function* spilledPieces(space: SpillSpace, running: Running, groups: Groups): Generator<GroupPiece> {
  const spilled = groups.spilled!;
  const memory = slotsInMemory(spilled, groups.keys.table.count);
  const gathered = createGroups(running);
  const spellsOf = groups.keys.values.map(({ spell }, column) => spell ?? spilled.spells[column]);
  gathered.keys.values.forEach((values, column) => {
    values.spell = spellsOf[column];
  });
  const slots = new Int32Array(batchCapacity);
  for (let from = 0; from < spilled.count; ) {
    const to = Math.min(spilled.count, from + batchCapacity);
    const isLast = to === spilled.count;
    let inMemory = 0;
    for (let number = from; number < to; number++) {
      const slot = memory[number]! - 1;
      if (slot < 0) break;
      slots[inMemory++] = slot;
    }
    if (inMemory === to - from) yield { groups, slots, count: inMemory, isLast };
    else {
      gather(space, running, groups, spilled, memory, { from, to }, gathered);
      for (let slot = 0; slot < to - from; slot++) slots[slot] = slot;
      yield { groups: gathered, slots, count: to - from, isLast };
      emptyGroups(gathered);
    }
    from = to;
  }
}

function* memoryPieces(groups: Groups): Generator<GroupPiece> {
  const { count: all } = groups.keys.table;
  const slots = new Int32Array(Math.min(batchCapacity, all));
  for (let from = 0; from < all; from += batchCapacity) {
    const count = Math.min(batchCapacity, all - from);
    for (let row = 0; row < count; row++) slots[row] = from + row;
    yield { groups, slots, count, isLast: from + count === all };
  }
}

/** All groups of a table, wherever they are; a piece is good until the next one is asked for. */
export function groupPieces(running: Running, groups: Groups): Generator<GroupPiece> {
  if (groups.spilled === undefined) return memoryPieces(groups);
  return spilledPieces(running.spill!.space, running, groups);
}

/** Emits all groups of a table that was written out at least once, as rows of the window [start, end). */
export function emitSpilled(
  space: SpillSpace,
  running: Running,
  groups: Groups,
  start: number,
  end: number,
): Emission {
  const pieces = spilledPieces(space, running, groups);
  return () => {
    const next = pieces.next();
    if (next.done === true) return false;
    const { groups: its, slots, count, isLast } = next.value;
    emitGroups(running.result, its, slots, count, start, end);
    return !isLast;
  };
}
