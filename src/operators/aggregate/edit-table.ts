/** Entries of operators whose groups stand in one table, or in one table a window. */
import { createWindowTables } from '../../state/index.js';
import { type EntryEditor, type GivenEntry, wrongEntry } from '../entry.js';
import { openCells } from '../keyed-cells/cells.js';
import {
  beginEditing,
  endEditing,
  fillGroup,
  type GroupEditing,
  keyOfEntry,
  refuseTwice,
  windowOfEntry,
} from './edit.js';
import { type FiringWindows, windowAt } from './fire.js';
import type { Groups } from './groups.js';
import { countGroups, type Running } from './running.js';

function addGroup(
  editing: GroupEditing,
  entry: GivenEntry,
  groups: Groups,
  start: number,
  end: number,
): void {
  const { keys, cells } = groups;
  const before = keys.table.count;
  const slot = keyOfEntry(editing, entry, keys);
  refuseTwice(slot < before);
  openCells(cells, slot, slot + 1);
  countGroups(editing.running, 1);
  fillGroup(editing, entry, groups, { key: slot, cell: slot, start, end });
}

/** Replaces the groups of a table without windows; `groups` are the new ones, empty. */
export function editTable(running: Running, groups: Groups): EntryEditor {
  const editing = beginEditing(running);
  return {
    add(entry) {
      const { start, end } = windowOfEntry(editing, entry);
      addGroup(editing, entry, groups, start, end);
    },
    finish: () => endEditing(editing),
  };
}

/**
 * Replaces the groups of all open windows. `isWindow` says whether there is a window of these bounds; `shape` is for
 * people; by `watermark` windows have fired, where that is not the one that was passed on.
 */
export function editWindows(
  running: Running,
  windows: FiringWindows,
  isWindow: (start: number, end: number) => boolean,
  shape: string,
  watermark?: number,
): EntryEditor {
  const editing = beginEditing(running, watermark);
  Object.assign(windows.tables, createWindowTables<Groups>());
  windows.due = Number.POSITIVE_INFINITY;
  return {
    add(entry) {
      const { start, end } = windowOfEntry(editing, entry);
      if (!isWindow(start, end)) {
        throw wrongEntry('its bounds are not those of a window of this operator', `it has ${shape}`);
      }
      const { table } = windowAt(windows, running, start, end);
      addGroup(editing, entry, table, start, end);
    },
    finish: () => endEditing(editing),
  };
}
