/** Records that wait whether another one follows them, as entries: one for each key. */

import { createWindowQueue } from '../../state/index.js';
import { type EntryEditor, type ShownEntry, wrongEntry } from '../entry.js';
import type { PlaceKey } from '../place.js';
import { createKeptKeys, editRecords, shownRecords } from '../window/kept-entries.js';
import { addWaiting, type LastState } from './last-within.js';

export function* showLast(key: readonly PlaceKey[], { groups }: LastState): Generator<ShownEntry> {
  const keys = createKeptKeys(key);
  for (const { key: bytes, waiting } of groups.values()) {
    yield shownRecords(keys, bytes, waiting, { members: [], state: {} });
  }
}

export function editLast(key: readonly PlaceKey[], state: LastState, withinMs: number): EntryEditor {
  state.groups.clear();
  state.queued.clear();
  state.queue = createWindowQueue();
  return editRecords(
    createKeptKeys(key),
    (records) => {
      for (const { key: bytes, number, record } of records) {
        addWaiting(state, bytes, { number, record }, withinMs);
        state.arrivals = Math.max(state.arrivals, number + 1);
      }
    },
    (_entry, { records }) => {
      const times = records.map(({ record }) => record.time);
      if (times.some((time) => time + withinMs <= state.watermark)) {
        throw wrongEntry(
          'it is of a time that is over already',
          'take the entry out, or give it later records',
        );
      }
    },
  );
}
