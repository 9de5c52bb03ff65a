/**
 * The value of an entry: what its state comes to, for people. It is compared with the state when the entry is taken back, so
 * that nobody changes a value and wonders that nothing happened.
 */
import { type GivenEntry, type PlainObject, type ShownEntry, samePlain, wrongEntry } from './entry.js';

/** What an entry shows: members are `"name":json`, values JSON texts by name. */
export interface EntryParts {
  readonly bounds?: readonly string[];
  readonly key: readonly string[];
  readonly value: ReadonlyMap<string, string>;
  state(): PlainObject;
}

/** The name of a value beside a key that may have a field of this name. */
export function valueName(name: string, keys: readonly string[]): string {
  return keys.includes(name) ? valueName(`${name}_`, keys) : name;
}

/** Puts an entry together. No name is to be there twice: see valueName. */
export function shownEntry({ bounds = [], key, value, state }: EntryParts): ShownEntry {
  const values = [...value].map(([name, json]) => `${JSON.stringify(name)}:${json}`);
  return {
    record: `{${[...bounds, ...key, ...values].join(',')}}`,
    bounds: bounds.length === 0 ? 0 : 2,
    keys: key.length,
    state,
  };
}

/** Refuses an entry whose value is not what its state comes to. */
export function checkValue({ value }: GivenEntry, shown: ReadonlyMap<string, string>): void {
  for (const [name, json] of value ?? []) {
    const is = shown.get(name);
    if (is !== undefined && samePlain(JSON.parse(is), JSON.parse(json))) continue;
    if (is === undefined) {
      throw wrongEntry(
        `value has a field ${name}`,
        `a value of this operator has ${[...shown.keys()].join(', ')}`,
      );
    }
    throw wrongEntry(
      `value.${name} is ${shortened(json)}, but its state gives ${shortened(is)}`,
      'the state is what counts: change it, and leave value out or let it say the same',
    );
  }
}

const mostShown = 120;

const shortened = (json: string): string =>
  json.length > mostShown ? `${json.slice(0, mostShown)}...` : json;

/** Refuses members of a state that the operator knows nothing of. */
export function checkState({ state }: GivenEntry, names: readonly string[]): void {
  const other = Object.keys(state).find((name) => !names.includes(name));
  if (other === undefined) return;
  throw wrongEntry(
    `its state has ${JSON.stringify(other)}`,
    `a state of this operator has ${names.join(', ')}`,
  );
}
