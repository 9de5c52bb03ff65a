/**
 * Entries of count windows. Each window under way is an entry, which says its number and how many records of its key there
 * have been; a key between two windows has one entry that says this alone.
 */
import { type EntryEditor, type GivenEntry, type PlainObject, wrongEntry } from '../entry.js';
import { type Cells, openCells } from '../keyed-cells/cells.js';
import type { GroupKeys } from '../keyed-cells/group-keys.js';
import { countOfPlain } from '../keyed-cells/plain-things.js';
import { beginEditing, endEditing, fillGroup, keyOfEntry, refuseTwice, windowOfEntry } from './edit.js';
import type { GroupSlots } from './entries.js';
import { countGroups, type Running } from './running.js';

/** The windows of all keys, as far as entries go. */
export interface CountTable {
  readonly size: number;
  readonly slide: number;
  readonly most: number;
  readonly keys: GroupKeys;
  readonly cells: Cells;
  readonly counts: Float64Array;
  readonly under: Int32Array;
  used: number;
}

/** The windows that a key may have under way after so many records: those that hold the next or one before it. */
function windowsAfter(
  { size, slide }: CountTable,
  seen: number,
): { readonly from: number; readonly to: number } {
  return { from: Math.floor(seen / slide) + 1, to: Math.floor((seen - 1 + size) / slide) };
}

/** All windows under way, and keys that are between two. `blank` are cells that nothing was taken into. */
export function* windowsUnderWay(table: CountTable, blank: number): Generator<GroupSlots> {
  const { keys, most, under, counts, slide } = table;
  for (let key = 0; key < keys.table.count; key++) {
    const seen = counts[key]!;
    const { from, to } = windowsAfter(table, seen);
    let isShown = seen % slide === 0;
    for (let window = from; window <= to; window++) {
      const cell = under[key * most + (window % most)]!;
      if (cell < 0) continue;
      isShown = true;
      yield { key, cell, start: 0, end: 0, facts: { seen, window } };
    }
    if (!isShown) yield { key, cell: blank, start: 0, end: 0, facts: { seen }, isBare: true };
  }
}

function onlyFacts(state: PlainObject): void {
  const other = Object.keys(state).find((name) => name !== 'seen' && name !== 'key');
  if (other === undefined) return;
  throw wrongEntry(
    `its state has ${JSON.stringify(other)} and says no window`,
    'say the number of the window as window, such as {"seen":2,"window":1,...}',
  );
}

/** Replaces all windows; `grow` makes room for the keys of the table, which is new and empty. */
export function editCounts(running: Running, table: CountTable, grow: () => void): EntryEditor {
  const editing = beginEditing(running);
  const { keys, most } = table;
  const add = (entry: GivenEntry, key: number, window: number, seen: number): void => {
    const { from, to } = windowsAfter(table, seen);
    if (window < from || window > to) {
      throw wrongEntry(
        `window ${window} is not under way after ${seen} records of its key`,
        from <= to ? `those under way are ${from} to ${to}` : 'none is under way: take the window out',
      );
    }
    const at = key * most + (window % most);
    refuseTwice(table.under[at]! >= 0);
    const cell = table.used++;
    openCells(table.cells, cell, cell + 1);
    table.under[at] = cell;
    countGroups(running, 1);
    fillGroup(editing, entry, table, { key, cell, start: 0, end: 0 }, ['seen', 'window']);
  };
  return {
    add(entry) {
      windowOfEntry(editing, entry);
      const seen = countOfPlain(entry.state['seen']);
      const before = keys.table.count;
      const key = keyOfEntry(editing, entry, keys);
      grow();
      if (key < before && table.counts[key] !== seen) {
        throw wrongEntry(
          `seen is ${seen}, and ${table.counts[key]} in another entry of this key`,
          'all entries of a key say how many records of it there have been',
        );
      }
      table.counts[key] = seen;
      const { window } = entry.state;
      if (window !== undefined) add(entry, key, countOfPlain(window), seen);
      else {
        onlyFacts(entry.state);
        refuseTwice(key < before);
      }
    },
    finish: () => endEditing(editing),
  };
}
