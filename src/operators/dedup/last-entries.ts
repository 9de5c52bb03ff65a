/** Records that wait whether another one follows them, as entries: one for each key. */

import { createWindowQueue } from '../../state/index.js';
import { type EntryEditor, type PlainObject, type ShownEntry, wrongEntry } from '../entry.js';
import type { PlaceKey } from '../place.js';
import { createKeptKeys, editRecords, shownRecords } from '../window/kept-entries.js';
import { type LastState, putBack, timesAt } from './last-within.js';

export function* showLast(key: readonly PlaceKey[], { groups }: LastState): Generator<ShownEntry> {
  const keys = createKeptKeys(key);
  for (const group of groups.values()) {
    const records = group.waiting.map((one, at) => {
      const times = timesAt(group, at);
      return times.length === 0 ? one : { ...one, facts: { times } };
    });
    yield shownRecords(keys, group.key, records, { members: [], state: {} });
  }
}

/** The times that a record brings along. */
function timesOf({ times = [] }: PlainObject): readonly number[] {
  if (Array.isArray(times) && times.every((time) => typeof time === 'number'))
    return times as readonly number[];
  throw wrongEntry(
    'the times of a record are no list of numbers',
    'leave them out, or write them in milliseconds',
  );
}

export function editLast(key: readonly PlaceKey[], state: LastState, withinMs: number): EntryEditor {
  state.groups.clear();
  state.queued.clear();
  state.queue = createWindowQueue();
  return editRecords(
    createKeptKeys(key),
    (records) => {
      for (const { key: bytes, number, record, facts } of records) {
        putBack(state, bytes, { number, record }, timesOf(facts), withinMs);
        state.arrivals = Math.max(state.arrivals, number + 1);
      }
    },
    (_entry, { records }) => {
      for (const { facts } of records) timesOf(facts);
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
