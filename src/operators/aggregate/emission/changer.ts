/** Takes in one record at a time and gives what it changes: a new row, or a row as it was and as it is. */
import type { Batch } from '../../../record/index.js';
import { findSlots, type Groups, updateGroups } from '../groups.js';
import { countGroups, type Running } from '../running.js';
import type { ChangeRows } from './change-rows.js';
import { areSame, createValueReader, valuesNow } from './result-values.js';

export interface Changer {
  /** Takes a row of a batch into the groups of the window [start, end); 0 and 0 where there is none. */
  change(groups: Groups, batch: Batch, row: number, start: number, end: number): void;
  /** The same without a word. Returns the slot of the row's group. */
  take(groups: Groups, batch: Batch, row: number): number;
}

/** Without rows to put changes into, it only takes records in. */
export function createChanger(running: Running, changes: ChangeRows | undefined): Changer {
  const reader = createValueReader(running.result.fills);
  const rows = new Int32Array(1);
  const slots = new Int32Array(1);
  const find = (groups: Groups, batch: Batch, row: number): boolean => {
    rows[0] = row;
    const opened = findSlots(running, groups, batch, rows, 1, slots);
    countGroups(running, opened);
    return opened > 0;
  };
  return {
    change(groups, batch, row, start, end) {
      const isNew = find(groups, batch, row);
      const slot = slots[0]!;
      const before = isNew ? undefined : valuesNow(reader, groups.cells, slot, start, end);
      updateGroups(running, groups, rows, slots, 1);
      const after = valuesNow(reader, groups.cells, slot, start, end);
      if (before === undefined) changes?.put('+I', groups, slot, after, start, end);
      else if (!areSame(before, after)) {
        changes?.put('-U', groups, slot, before, start, end);
        changes?.put('+U', groups, slot, after, start, end);
      }
    },
    take(groups, batch, row) {
      find(groups, batch, row);
      updateGroups(running, groups, rows, slots, 1);
      return slots[0]!;
    },
  };
}
