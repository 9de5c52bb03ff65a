/** The last records of keys as entries: one for each key, from which the next gap of it begins. */
import { type EntryEditor, type ShownEntry, secondEntry } from '../entry.js';
import { refuseBounds } from '../entry-bounds.js';
import { checkRecordKey, type EntryKeys, keyOfEntry, spelledKey } from '../entry-key.js';
import { createEntryNumbers } from '../entry-numbers.js';
import { keptMembers, keptOfPlain, plainKept, textOfKept } from '../entry-record.js';
import { checkState, checkValue, shownEntry, valueName } from '../entry-value.js';
import type { KeptRecord } from '../window/kept.js';
import type { KeptKeys } from '../window/kept-entries.js';

/** The last record of a key, with its number among all. */
export interface Last {
  readonly record: KeptRecord;
  readonly number: number;
}

const shownLast = ({ names }: KeptKeys, record: KeptRecord): ReadonlyMap<string, string> =>
  new Map([[valueName('record', names), textOfKept(record)]]);

export function* showLasts(
  { kept, spell }: EntryKeys,
  lasts: ReadonlyMap<string, Last>,
): Generator<ShownEntry> {
  for (const [key, { record, number }] of lasts) {
    const { members, exact } = spelledKey(kept, Buffer.from(key, 'latin1'), spell);
    yield shownEntry({
      key: members,
      value: shownLast(kept, record),
      state: () => ({ ...exact, number, ...plainKept(record) }),
    });
  }
}

/** Begins to replace the last records; `mostKeys` is called with how many there are. */
export function editLasts(
  entries: EntryKeys,
  lasts: Map<string, Last>,
  checkCount: (keys: number) => void,
  done: (next: number) => void,
): EntryEditor {
  const { kept, spell } = entries;
  const numbers = createEntryNumbers();
  const all = new Map<
    string,
    Pick<Last, 'record'> & { readonly key: string; readonly number: number | undefined }
  >();
  return {
    add(entry) {
      refuseBounds(entry, 'what is kept is the last record of a key');
      checkState(entry, ['key', 'number', ...keptMembers]);
      const key = keyOfEntry(kept, entry, spell).toString('latin1');
      const record = keptOfPlain(entry.state, true);
      checkRecordKey(entries, entry, key, textOfKept(record));
      checkValue(entry, shownLast(kept, record));
      if (all.has(key)) throw secondEntry();
      all.set(key, { key, record, number: numbers.take(entry.state['number']) });
      checkCount(all.size);
    },
    finish() {
      lasts.clear();
      for (const { key, ...last } of numbers.inOrder(all.values())) lasts.set(key, last);
      done(numbers.next());
    },
  };
}
