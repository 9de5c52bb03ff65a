/**
 * Rows of a join as entries: one for each key, with its rows by side in the order in which they came. Rows whose key has a
 * null part find no partner; they are one entry without key. A row is taken back under the key of its entry, which is what
 * its record says wherever the key is of plain fields.
 */
import { membersOf } from '../../record/index.js';
import {
  type EntryEditor,
  type GivenEntry,
  isPlainObject,
  type Plain,
  type PlainObject,
  type ShownEntry,
  secondEntry,
  wrongEntry,
} from '../entry.js';
import { refuseBounds } from '../entry-bounds.js';
import { keyOfEntry, type SpellKey, spelledKey } from '../entry-key.js';
import { createEntryNumbers, type EntryNumbers } from '../entry-numbers.js';
import { plainRecord, recordOfPlain, timeOfPlain } from '../entry-record.js';
import { checkState, checkValue, shownEntry, valueName } from '../entry-value.js';
import { createKeptKeys, type KeptKeys } from '../window/kept-entries.js';
import type { JoinSide } from './kept-rows.js';

/** What the key of a join is for people. */
export interface JoinKeyFields {
  /** Of its parts, each once. */
  readonly names: readonly string[];
  /** The field of a record that a part is, by side; undefined where it is computed. */
  readonly fields: readonly [JoinKeySide, JoinKeySide];
  readonly spell: SpellKey;
}

export type JoinKeySide = readonly (string | undefined)[];

/** A row that is shown or was given. */
export interface EntryRow {
  readonly side: JoinSide;
  readonly number: number;
  readonly time: number;
  readonly text: string;
  readonly key: string | undefined;
  /** Whether it has had a partner; of use to some joins. */
  readonly matched?: boolean;
}

/** The names of the rows of both sides. */
export interface RowEntries {
  readonly key: JoinKeyFields;
  readonly names: readonly [string, string];
  /** Rows say whether they have had a partner. */
  readonly matches: boolean;
}

const bySide = (rows: readonly Pick<EntryRow, 'side' | 'text'>[], side: number): readonly string[] =>
  rows.filter((row) => row.side === side).map(({ text }) => text);

function shownRows(
  { names }: RowEntries,
  keys: readonly string[],
  rows: readonly Pick<EntryRow, 'side' | 'text'>[],
): ReadonlyMap<string, string> {
  return new Map(
    names.map((name, side) => [valueName(name, keys), `[${bySide(rows, side).join(',')}]`] as const),
  );
}

function plainRows({ names, matches }: RowEntries, rows: readonly EntryRow[]): PlainObject {
  const plainOf = ({ number, time, matched, text }: EntryRow): PlainObject => ({
    number,
    time,
    ...(matches ? { matched: matched === true } : {}),
    record: plainRecord(text),
  });
  return Object.fromEntries(
    names.map((name, side) => [name, rows.filter((row) => row.side === side).map(plainOf)]),
  );
}

/** Shows rows, which are given by number. */
export function* showRows(entries: RowEntries, all: readonly EntryRow[]): Generator<ShownEntry> {
  const { names, spell } = entries.key;
  const kept = createKeptKeys(names.map((name) => ({ name })));
  const groups = new Map<string | undefined, EntryRow[]>();
  for (const row of all) {
    const group = groups.get(row.key);
    if (group === undefined) groups.set(row.key, [row]);
    else group.push(row);
  }
  for (const [key, rows] of groups) {
    const { members, exact } =
      key === undefined ? { members: [], exact: {} } : spelledKey(kept, Buffer.from(key, 'latin1'), spell);
    yield shownEntry({
      key: members,
      value: shownRows(entries, names, rows),
      state: () => ({ ...exact, ...plainRows(entries, rows) }),
    });
  }
}

/** The key that a record says by itself: undefined when it has none, 'computed' when it cannot be told from its fields. */
function saidKey(kept: KeptKeys, fields: JoinKeySide, text: string): string | undefined | 'computed' {
  const members = new Map<string, string>(membersOf(text));
  const values = fields.map((field) => (field === undefined ? undefined : (members.get(field) ?? 'null')));
  if (values.includes('null')) return undefined;
  if (values.includes(undefined)) return 'computed';
  const spelled = kept.names.map((name, index) => `${JSON.stringify(name)}:${values[index]!}`);
  return kept.read(Buffer.from(`{${spelled.join(',')}}`)).key;
}

/** A row of an entry before all are known. */
type Draft = Omit<EntryRow, 'number'> & { readonly number: number | undefined };

const rowMembers = ['number', 'time', 'matched', 'record'];

function draftOf(
  { matches }: RowEntries,
  plain: Plain,
  { side, key }: Pick<EntryRow, 'side' | 'key'>,
  numbers: EntryNumbers,
): Draft {
  const row = isPlainObject(plain) ? plain : {};
  const known = rowMembers.filter((name) => matches || name !== 'matched');
  const other = Object.keys(row).find((name) => !known.includes(name));
  if (!isPlainObject(plain) || other !== undefined) {
    throw wrongEntry(
      other === undefined ? 'one of its rows is no object' : `one of its rows has ${JSON.stringify(other)}`,
      `a row has ${known.join(', ')}`,
    );
  }
  const { matched = false } = row;
  if (typeof matched !== 'boolean') {
    throw wrongEntry(`matched is ${JSON.stringify(matched)}`, 'matched is true or false');
  }
  const text = recordOfPlain(row['record']);
  return { side, key, text, matched, time: timeOfPlain(row['time']), number: numbers.take(row['number']) };
}

/** The key of an entry; undefined for the rows without one. */
function rowKeyOf({ key: { spell } }: RowEntries, kept: KeptKeys, entry: GivenEntry): string | undefined {
  if (entry.key.size === 0 && entry.state['key'] === undefined) return undefined;
  return keyOfEntry(kept, entry, spell).toString('latin1');
}

function checkKey(
  { key: { fields } }: RowEntries,
  kept: KeptKeys,
  entry: GivenEntry,
  rows: readonly Draft[],
): void {
  // Bytes that fields do not say exactly have been compared with those of the entry.
  if (entry.state['key'] !== undefined) return;
  for (const { side, key, text } of rows) {
    const said = saidKey(kept, fields[side], text);
    if (said === 'computed' || said === key) continue;
    throw wrongEntry(
      'one of its records has another key',
      said === undefined
        ? 'a record whose key is null in a part belongs to the entry of the key {}'
        : 'a key and its records say the same',
    );
  }
}

function draftsOf(
  entries: RowEntries,
  kept: KeptKeys,
  entry: GivenEntry,
  numbers: EntryNumbers,
): readonly Draft[] {
  refuseBounds(entry, 'rows are kept by key, and their times say their windows');
  checkState(entry, ['key', ...entries.names]);
  const key = rowKeyOf(entries, kept, entry);
  const rows = entries.names.flatMap((name, side) => {
    const given = entry.state[name] ?? [];
    if (!Array.isArray(given)) {
      throw wrongEntry(`state.${name} is no list`, 'it is of rows: [{"time":...,"record":{...}}]');
    }
    return (given as readonly Plain[]).map((plain) =>
      draftOf(entries, plain, { side: side as JoinSide, key }, numbers),
    );
  });
  if (rows.length === 0) throw wrongEntry('it has no rows', 'take the entry out');
  checkKey(entries, kept, entry, rows);
  checkValue(entry, shownRows(entries, entries.key.names, rows));
  return rows;
}

/** How rows are taken back. */
export interface RowTaking {
  /** Throws a problem of the code state when a row is none that could be kept. */
  check(row: Omit<EntryRow, 'number'>): void;
  /** Looks at the rows of one key together. */
  checkAll?(rows: readonly Omit<EntryRow, 'number'>[]): void;
  /** Has these rows, by number, in place of those that there are; `next` is a number after all. */
  replace(rows: readonly EntryRow[], next: number): void;
}

/** Begins to replace the rows. */
export function editRows(entries: RowEntries, taking: RowTaking): EntryEditor {
  const kept = createKeptKeys(entries.key.names.map((name) => ({ name })));
  const numbers = createEntryNumbers();
  const seen = new Set<string | undefined>();
  const all: Draft[] = [];
  return {
    add(entry) {
      const rows = draftsOf(entries, kept, entry, numbers);
      const { key } = rows[0]!;
      if (seen.has(key)) throw secondEntry();
      seen.add(key);
      for (const row of rows) taking.check(row);
      taking.checkAll?.(rows);
      for (const row of rows) all.push(row);
    },
    finish() {
      taking.replace(numbers.inOrder(all), numbers.next());
    },
  };
}
