/**
 * Takes groups in from entries that a person may have written: finds the key, puts the accumulators in, and compares what
 * comes of it with the value that the entry expects, so that nobody changes a value and wonders that nothing happened.
 */

import { recordText } from '../../record/index.js';
import { isLate } from '../../time/index.js';
import { type GivenEntry, samePlain, wrongEntry } from '../entry.js';
import { boundsOfEntry, type EntryBounds, refuseBounds } from '../entry-bounds.js';
import type { GroupKeys } from '../keyed-cells/group-keys.js';
import { createPlainKeys, otherKey, type PlainKeys, takePlainKey } from '../keyed-cells/plain-keys.js';
import type { Arrivals } from '../keyed-cells/plain-things.js';
import { forgetSpilled } from '../keyed-cells/table-spill.js';
import { fillRows, type GroupSlots, type GroupTable, keyNames } from './entries.js';
import { takePlainCells } from './plain-cells.js';
import type { Running } from './running.js';

/** An aggregation whose groups are replaced. */
export interface GroupEditing {
  readonly running: Running;
  readonly plainKeys: PlainKeys;
  readonly arrivals: Arrivals;
  /** Windows whose end this watermark has passed, and the lateness, are there no more. */
  readonly watermark: number;
}

/** Begins anew; the owner of the groups forgets those that there are. `watermark`: how far time has gone on for windows. */
export function beginEditing(running: Running, watermark = running.result.watermark): GroupEditing {
  running.groups = 0;
  forgetSpilled(running.spill);
  return {
    running,
    plainKeys: createPlainKeys(keyNames(running.result)),
    arrivals: { highest: running.arrival - 1 },
    watermark,
  };
}

/** Records that come later are higher in number than all that were taken in. */
export function endEditing({ running, arrivals }: GroupEditing): void {
  running.arrival = Math.max(running.arrival, arrivals.highest + 1);
}

const spelledNames = (names: Iterable<string>): string => [...names].join(', ') || 'none';

/** Finds or adds the key of an entry; returns its slot. */
export function keyOfEntry({ plainKeys }: GroupEditing, { key, state }: GivenEntry, keys: GroupKeys): number {
  const { names } = plainKeys;
  if (key.size !== names.length || !names.every((name) => key.has(name))) {
    throw wrongEntry(
      `its key has the fields ${spelledNames(key.keys())}`,
      `the key of this operator has ${spelledNames(names)}`,
    );
  }
  if (state['key'] !== undefined) return takePlainKey(keys, state['key']);
  return plainKeys.slotOf(
    keys,
    `{${names.map((name) => `${JSON.stringify(name)}:${key.get(name)}`).join(',')}}`,
  );
}

/** The bounds of an entry's window, which must not have fired; 0 and 0 where there are no windows of time. */
export function windowOfEntry({ running, watermark }: GroupEditing, entry: GivenEntry): EntryBounds {
  const { bounds, time } = running.result;
  if (bounds === undefined) {
    refuseBounds(entry, 'this operator has no windows of time');
    return { start: 0, end: 0 };
  }
  const window = boundsOfEntry(entry, time);
  if (!isLate(window.end + (running.emission?.latenessMs ?? 0), watermark)) return window;
  throw wrongEntry(
    'its window has fired already: nothing of it can come out any more',
    'take the entry out, or give it a later window',
  );
}

/** Refuses an entry whose group is there already. */
export function refuseTwice(isThere: boolean): void {
  if (!isThere) return;
  throw wrongEntry('there is an entry of this key and window already', 'keep one of the two');
}

function checkResults({ running }: GroupEditing, entry: GivenEntry, record: string): void {
  const shown = JSON.parse(record) as Readonly<Record<string, unknown>>;
  if (entry.state['key'] !== undefined) {
    for (const [name, json] of entry.key) if (!samePlain(shown[name], JSON.parse(json))) throw otherKey(name);
  }
  const names = running.result.batch.image.fields.map(({ name }) => name).slice(-running.result.fills.length);
  for (const [name, json] of entry.value ?? []) {
    const is = names.includes(name) ? JSON.stringify(shown[name]) : undefined;
    if (is !== undefined && samePlain(shown[name], JSON.parse(json))) continue;
    throw wrongEntry(
      is === undefined ? `value has a field ${name}` : `value.${name} is ${json}, but its state gives ${is}`,
      is === undefined
        ? `the results of this operator are ${names.join(', ')}`
        : 'the state is what counts: change it, and leave value out or let it say the same',
    );
  }
}

/** Puts what an entry has accumulated into the cells of its group, which have been opened. */
export function fillGroup(
  editing: GroupEditing,
  entry: GivenEntry,
  table: GroupTable,
  group: GroupSlots,
  facts: readonly string[] = [],
): void {
  const { running, arrivals } = editing;
  takePlainCells(running, table.cells, group.cell, entry.state, arrivals, ['key', 'bounds', ...facts]);
  fillRows(running.result, table, [group]);
  checkResults(editing, entry, recordText(running.result.batch, 0));
}
