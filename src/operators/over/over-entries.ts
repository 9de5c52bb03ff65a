/**
 * What an over keeps as entries: one for each key, with what its frames keep and the records of it that wait for the
 * watermark.
 */
import type { Value } from '../../expression/index.js';
import { createByteWriter, createColumn, writeValue } from '../../record/index.js';
import { putValue } from '../aggregate/put-value.js';
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
import { checkRecordKey, type EntryKeys, keyOfEntry, spelledKey } from '../entry-key.js';
import { createEntryNumbers, type EntryNumbers } from '../entry-numbers.js';
import { checkFields, keptOfPlain, plainKept, textOfKept } from '../entry-record.js';
import { checkState, checkValue, shownEntry, valueName } from '../entry-value.js';
import { plainValue } from '../keyed-cells/plain-things.js';
import type { Folding } from './folding.js';
import type { Frames, ShownFrame } from './frames.js';
import { valuesOfPlain } from './slide-entries.js';
import type { WaitingRecord } from './waiting.js';

/** What entries of an over are made of. */
export interface OverEntries {
  readonly keys: EntryKeys;
  readonly folding: Folding;
  readonly frames: Frames;
  /** The names of the results. */
  readonly names: readonly string[];
}

const one = createColumn(1);

function jsonOf(value: Value): string {
  const out = createByteWriter(1 << 6);
  putValue(one, 0, value);
  writeValue(one, 0, out);
  return out.bytes.toString('utf8', 0, out.length);
}

type Waits = Pick<WaitingRecord, 'bytes' | 'time' | 'source'>;

function shownOver(
  { keys, names }: OverEntries,
  frame: Pick<ShownFrame, 'value'> | undefined,
  waiting: readonly Waits[],
): ReadonlyMap<string, string> {
  const shown = new Map<string, string>();
  const put = (name: string, json: string): void =>
    void shown.set(valueName(name, [...keys.kept.names, ...shown.keys()]), json);
  if (typeof frame?.value === 'number') put('kept', String(frame.value));
  else if (frame !== undefined)
    for (const [index, name] of names.entries()) put(name, jsonOf(frame.value[index]!));
  put('waiting', `[${waiting.map(textOfKept).join(',')}]`);
  return shown;
}

const plainWaiting = (record: WaitingRecord): PlainObject => ({
  number: record.arrival,
  ...plainKept(record),
  values: record.values.map(plainValue),
});

/** Shows what is kept by key, and the records that wait, given by arrival. */
export function* showOver(entries: OverEntries, waiting: readonly WaitingRecord[]): Generator<ShownEntry> {
  const { kept, spell } = entries.keys;
  const waitingOf = new Map<string, WaitingRecord[]>();
  for (const record of waiting) waitingOf.set(record.key, [...(waitingOf.get(record.key) ?? []), record]);
  const entryOf = (key: string, frame: ShownFrame | undefined): ShownEntry => {
    const { members, exact } = spelledKey(kept, Buffer.from(key, 'latin1'), spell);
    const its = waitingOf.get(key) ?? [];
    waitingOf.delete(key);
    const state = () => ({ ...exact, ...frame?.state(), waiting: its.map(plainWaiting) });
    return shownEntry({ key: members, value: shownOver(entries, frame, its), state });
  };
  for (const frame of entries.frames.shown()) yield entryOf(frame.key, frame);
  for (const key of [...waitingOf.keys()]) yield entryOf(key, undefined);
}

type Draft = Omit<WaitingRecord, 'arrival'> & { readonly number: number | undefined };

function draftsOf(
  { keys, folding }: OverEntries,
  entry: GivenEntry,
  key: string,
  numbers: EntryNumbers,
): readonly Draft[] {
  const { waiting = [] } = entry.state;
  if (!Array.isArray(waiting)) throw wrongEntry('state.waiting is no list', 'it is of the records that wait');
  return (waiting as readonly Plain[]).map((plain) => {
    if (!isPlainObject(plain))
      throw wrongEntry('one that waits is no object', 'it is {"time":...,"record":...}');
    const record = keptOfPlain(plain, true);
    const values = valuesOfPlain(plain['values'], folding);
    checkFields(textOfKept(record), values, folding.fields, 'values');
    checkRecordKey(keys, entry, key, textOfKept(record));
    return { ...record, key, values, number: numbers.take(plain['number']) };
  });
}

/** How what is kept is taken back. */
export interface OverTaking {
  readonly watermark: number;
  /** Throws a problem when there are more keys than may be. */
  checkKeys(keys: number): void;
  /** Has these records wait; numbers of records and turns to come are not below these. */
  replace(waiting: readonly WaitingRecord[], arrivals: number, turns: number): void;
}

/** Begins to replace what is kept. */
export function editOver(entries: OverEntries, taking: OverTaking): EntryEditor {
  const { keys, frames } = entries;
  const numbers = createEntryNumbers();
  const turns = { highest: -1 };
  const editor = frames.edit({ numbers, turns, watermark: taking.watermark });
  const seen = new Set<string>();
  const all: Draft[] = [];
  let remembered = 0;
  return {
    add(entry) {
      refuseBounds(entry, 'an over has no windows');
      checkState(entry, ['key', ...frames.members, 'waiting']);
      const key = keyOfEntry(keys.kept, entry, keys.spell).toString('latin1');
      if (seen.has(key)) throw secondEntry();
      seen.add(key);
      const frame = editor.add(key, entry.state);
      if (frame !== undefined) taking.checkKeys(++remembered);
      const waiting = draftsOf(entries, entry, key, numbers);
      if (frame === undefined && waiting.length === 0) {
        throw wrongEntry('it keeps nothing', 'take the entry out');
      }
      if (waiting.some(({ time }) => time <= editor.lastTime(key))) {
        throw wrongEntry('one that waits is not after those that are kept', 'give it a later time');
      }
      checkValue(entry, shownOver(entries, frame, waiting));
      for (const record of waiting) all.push(record);
    },
    finish() {
      editor.finish();
      const numbered = numbers.inOrder(all);
      const waiting = numbered.map(({ number, ...record }) => ({ ...record, arrival: number }));
      taking.replace(waiting, numbers.next(), turns.highest + 1);
    },
  };
}
