/** The last records of keys as entries: one for each key, from which the next gap of it begins. */
import type { NamedExpression } from '../../plan/index.js';
import { membersOf } from '../../record/index.js';
import { bareField } from '../bare-field.js';
import { type EntryEditor, type GivenEntry, type ShownEntry, wrongEntry } from '../entry.js';
import { keyOfEntry, type SpellKey, spelledKey } from '../entry-key.js';
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

export interface LastEntries {
  readonly kept: KeptKeys;
  /** Said at the operator itself; empty for a key from upstream. */
  readonly by: readonly NamedExpression[];
  readonly spell: SpellKey;
}

const shownLast = ({ names }: KeptKeys, record: KeptRecord): ReadonlyMap<string, string> =>
  new Map([[valueName('record', names), textOfKept(record)]]);

export function* showLasts(
  { kept, spell }: LastEntries,
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

/** Whether the parts of the key are fields of the record itself. */
const isOfFields = (by: readonly NamedExpression[]): boolean =>
  by.length > 0 && by.every(({ name, expression }) => bareField(expression) === name);

function checkKey({ kept, by }: LastEntries, entry: GivenEntry, key: string, record: KeptRecord): void {
  if (entry.state['key'] !== undefined || !isOfFields(by)) return;
  const members = new Map<string, string>(membersOf(textOfKept(record)));
  const said = kept.names.map((name) => `${JSON.stringify(name)}:${members.get(name) ?? 'null'}`);
  if (kept.read(Buffer.from(`{${said.join(',')}}`)).key === key) return;
  throw wrongEntry('its record has another key', 'a key and its record say the same');
}

/** Begins to replace the last records; `mostKeys` is called with how many there are. */
export function editLasts(
  entries: LastEntries,
  lasts: Map<string, Last>,
  checkCount: (keys: number) => void,
  done: (next: number) => void,
): EntryEditor {
  const { kept, spell } = entries;
  const numbers = createEntryNumbers();
  const all = new Map<string, { readonly record: KeptRecord; readonly number: number | undefined }>();
  return {
    add(entry) {
      if (entry.window !== undefined) {
        throw wrongEntry(
          'it has the bounds of a window',
          'what is kept is the last record of a key: take them out',
        );
      }
      checkState(entry, ['key', 'number', ...keptMembers]);
      const key = keyOfEntry(kept, entry, spell).toString('latin1');
      const record = keptOfPlain(entry.state, true);
      checkKey(entries, entry, key, record);
      checkValue(entry, shownLast(kept, record));
      if (all.has(key)) throw wrongEntry('there is an entry of this key already', 'make one of the two');
      all.set(key, { record, number: numbers.take(entry.state['number']) });
      checkCount(all.size);
    },
    finish() {
      lasts.clear();
      for (const [key, { record, number }] of all) {
        lasts.set(key, { record, number: number ?? numbers.next() });
      }
      done(numbers.next());
    },
  };
}
