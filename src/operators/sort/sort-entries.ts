/**
 * Records that wait for their turn in an order, as entries: one for each, in the order in which they came, without key. Those
 * that are ordered by values say these beside them.
 */

import {
  type EntryEditor,
  type GivenEntry,
  type PlainObject,
  type ShownEntry,
  wrongEntry,
} from '../entry.js';
import { createEntryNumbers } from '../entry-numbers.js';
import {
  checkFields,
  type FieldName,
  keptMembers,
  keptOfPlain,
  plainKept,
  textOfKept,
} from '../entry-record.js';
import { checkState, checkValue, shownEntry } from '../entry-value.js';
import { arrayOfPlain, plainValue, valueOfPlain } from '../keyed-cells/plain-things.js';
import type { KeptRecord } from '../window/kept.js';
import type { Sorted } from './by-values.js';

/** A record and its place in the order of arrival. */
export interface NumberedKept<Kept> {
  readonly number: number;
  readonly kept: Kept;
}

/** How entries say what is kept of a record. */
interface KeptEntries<Kept> {
  readonly members: readonly string[];
  recordOf(kept: Kept): KeptRecord;
  plainOf(kept: Kept): PlainObject;
  /** Throws a problem of the code state when it is none that could be kept. */
  ofEntry(entry: GivenEntry): Kept;
}

const shownRecord = (record: KeptRecord): ReadonlyMap<string, string> =>
  new Map([['record', textOfKept(record)]]);

function* show<Kept>(entries: KeptEntries<Kept>, all: Iterable<NumberedKept<Kept>>): Generator<ShownEntry> {
  for (const { number, kept } of all) {
    yield shownEntry({
      key: [],
      value: shownRecord(entries.recordOf(kept)),
      state: () => ({ number, ...entries.plainOf(kept) }),
    });
  }
}

function edit<Kept>(
  entries: KeptEntries<Kept>,
  replace: (all: readonly NumberedKept<Kept>[]) => void,
): EntryEditor {
  const numbers = createEntryNumbers();
  const all: { readonly number: number | undefined; readonly kept: Kept }[] = [];
  return {
    add(entry) {
      if (entry.window !== undefined || entry.key.size > 0) {
        throw wrongEntry(
          'it has a key or the bounds of a window',
          'an entry of a sort is a record, and has neither: write the key as {}',
        );
      }
      checkState(entry, ['number', ...entries.members]);
      const kept = entries.ofEntry(entry);
      checkValue(entry, shownRecord(entries.recordOf(kept)));
      all.push({ number: numbers.take(entry.state['number']), kept });
    },
    finish() {
      replace(numbers.inOrder(all));
    },
  };
}

function timed(watermark: number): KeptEntries<KeptRecord> {
  return {
    members: keptMembers,
    recordOf: (record) => record,
    plainOf: plainKept,
    ofEntry({ state }) {
      const record = keptOfPlain(state, true);
      if (record.time >= watermark) return record;
      throw wrongEntry(
        'its record is behind the watermark: later ones have left',
        'take the entry out, or give the record a later time',
      );
    },
  };
}

export const showTimed = (all: Iterable<NumberedKept<KeptRecord>>): Generator<ShownEntry> =>
  show(timed(Number.NEGATIVE_INFINITY), all);

export const editTimed = (
  watermark: number,
  replace: (all: readonly NumberedKept<KeptRecord>[]) => void,
): EntryEditor => edit(timed(watermark), replace);

function valued(fields: readonly FieldName[]): KeptEntries<Sorted> {
  return {
    members: ['by', ...keptMembers],
    recordOf: ({ record }) => record,
    plainOf: ({ record, values }) => ({ by: values.map(plainValue), ...plainKept(record) }),
    ofEntry({ state }) {
      const sorted: Sorted = {
        record: keptOfPlain(state, false),
        values: arrayOfPlain(state['by'], fields.length).map(valueOfPlain),
      };
      checkFields(textOfKept(sorted.record), sorted.values, fields, 'by');
      return sorted;
    },
  };
}

export const showValued = (
  fields: readonly FieldName[],
  all: Iterable<NumberedKept<Sorted>>,
): Generator<ShownEntry> => show(valued(fields), all);

export const editValued = (
  fields: readonly FieldName[],
  replace: (all: readonly NumberedKept<Sorted>[]) => void,
): EntryEditor => edit(valued(fields), replace);
