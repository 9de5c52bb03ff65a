/**
 * What a program keeps as entries: one for each key, with its values by name and its timers. A list is an array, and a map
 * an array of its names with their values. Timers are spelled as event time is, and in milliseconds in the state.
 */
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
import { refuseBounds, spellBound } from '../entry-bounds.js';
import { keyOfEntry, spelledKey } from '../entry-key.js';
import { createEntryNumbers } from '../entry-numbers.js';
import { checkState, checkValue, shownEntry, valueName } from '../entry-value.js';
import type { PlaceTime } from '../place.js';
import type { KeptKeys } from '../window/kept-entries.js';
import type { KeyStates, StoredKey } from './key-states.js';

/** What entries of a program are spelled by. */
export interface ProgramEntries {
  readonly kept: KeptKeys;
  readonly time: PlaceTime | undefined;
}

const byTime = (times: readonly number[]): number[] => [...times].sort((a, b) => a - b);

/** What is kept under a key as JSON, and with timers in milliseconds. */
function plainOf({ values, event, processing }: StoredKey): PlainObject {
  return {
    values: Object.fromEntries(values.map(([name, value]) => [name, (value ?? null) as Plain])),
    event_timers: byTime(event),
    processing_timers: byTime(processing),
  };
}

/** The instants that have a date; a timer may be farther away. */
const farthestMs = 8.64e15;

function spellTimers(times: readonly number[], spell: (instant: number) => string): string {
  const spelled = byTime(times).map((time) => (Math.abs(time) > farthestMs ? String(time) : spell(time)));
  return `[${spelled.join(',')}]`;
}

const isoOf = (instant: number): string => JSON.stringify(new Date(instant).toISOString());

function shownValue({ kept, time }: ProgramEntries, stored: StoredKey): ReadonlyMap<string, string> {
  const { values } = plainOf(stored);
  const shown: readonly (readonly [string, string])[] = [
    ['values', JSON.stringify(values)],
    ['event_timers', spellTimers(stored.event, (instant) => spellBound(instant, time))],
    ['processing_timers', spellTimers(stored.processing, isoOf)],
  ];
  return new Map(shown.map(([name, json]) => [valueName(name, kept.names), json]));
}

export function* showProgram(entries: ProgramEntries, states: KeyStates): Generator<ShownEntry> {
  const { kept, time } = entries;
  for (const { number, thing } of states.stored()) {
    const key = Buffer.from(thing.key, 'latin1');
    const { members, exact } = spelledKey(kept, key, (instant) => spellBound(instant, time));
    yield shownEntry({
      key: members,
      value: shownValue(entries, thing),
      state: () => ({ ...exact, number, ...plainOf(thing) }),
    });
  }
}

function timersOf({ state }: GivenEntry, name: string): readonly number[] {
  const times = state[name] ?? [];
  if (!Array.isArray(times) || !times.every(Number.isInteger)) {
    throw wrongEntry(
      `state.${name} are no times in milliseconds`,
      `write them as [1432108800000], or leave ${name} out`,
    );
  }
  if (new Set(times).size === times.length) return times as readonly number[];
  throw wrongEntry(`state.${name} has a time twice`, 'the same instant twice is one timer');
}

function valuesOf({ state }: GivenEntry): StoredKey['values'] {
  const { values = {} } = state;
  if (isPlainObject(values)) return Object.entries(values);
  throw wrongEntry('state.values is no object', 'it has the values of the program by name: {"seen":3}');
}

const members = ['key', 'number', 'values', 'event_timers', 'processing_timers'];

function storedOf(entries: ProgramEntries, entry: GivenEntry): StoredKey {
  refuseBounds(entry, 'a program has no windows');
  checkState(entry, members);
  const { kept, time } = entries;
  const key = keyOfEntry(kept, entry, (instant) => spellBound(instant, time)).toString('latin1');
  const event = timersOf(entry, 'event_timers');
  const processing = timersOf(entry, 'processing_timers');
  const stored = { key, values: valuesOf(entry), event, processing };
  if (time === undefined && event.length > 0) {
    throw wrongEntry(
      'it has timers of event time, and the records have none',
      'take event_timers out, or say which field is the time with --time at the source',
    );
  }
  if (stored.values.length + event.length + processing.length === 0) {
    throw wrongEntry('it has no values and no timers', 'a key that keeps nothing is forgotten: take it out');
  }
  checkValue(entry, shownValue(entries, stored));
  return stored;
}

/** Begins to replace what the program keeps. */
export function editProgram(entries: ProgramEntries, states: KeyStates): EntryEditor {
  const numbers = createEntryNumbers();
  const all = new Map<string, { readonly number: number | undefined; readonly thing: StoredKey }>();
  return {
    add(entry) {
      const thing = storedOf(entries, entry);
      if (all.has(thing.key)) {
        throw secondEntry();
      }
      all.set(thing.key, { number: numbers.take(entry.state['number']), thing });
    },
    finish() {
      states.replace(numbers.inOrder(all.values()));
    },
  };
}
