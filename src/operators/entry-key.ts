/**
 * The key of an entry: the members that people read, and the bytes that an operator keeps it under. A key is read from its
 * members as from any record. Where that would not give the very bytes again, they go with the entry, in base64.
 */
import type { NamedExpression } from '../plan/index.js';
import { keysJson, membersOf } from '../record/index.js';
import { bareField } from './bare-field.js';
import { type GivenEntry, type Plain, samePlain, wrongEntry } from './entry.js';
import type { KeptKeys } from './window/kept-entries.js';

/** Spells an instant that is part of a key as JSON. */
export type SpellKey = (instant: number) => string;

export interface SpelledKey {
  readonly members: readonly string[];
  readonly exact: { readonly key?: string };
}

const membersOfBytes = ({ names }: KeptKeys, key: Buffer, spell: SpellKey): readonly string[] => {
  const values = keysJson(key, spell);
  return names.map((name, index) => `${JSON.stringify(name)}:${values[index]!}`);
};

/** The members of a key, and the key itself where they do not say it exactly. */
export function spelledKey(kept: KeptKeys, key: Buffer, spell: SpellKey): SpelledKey {
  const members = membersOfBytes(kept, key, spell);
  const isExact = kept.read(Buffer.from(`{${members.join(',')}}`)).key === key.toString('latin1');
  return { members, exact: isExact ? {} : { key: key.toString('base64') } };
}

/** What bytes of a key say; undefined when they are none. */
function readBytes(
  kept: KeptKeys,
  key: Buffer,
  spell: SpellKey,
): Readonly<Record<string, Plain>> | undefined {
  try {
    return JSON.parse(`{${membersOfBytes(kept, key, spell).join(',')}}`) as Readonly<Record<string, Plain>>;
  } catch {
    return undefined;
  }
}

function exactKey(kept: KeptKeys, { key, state }: GivenEntry, spell: SpellKey): Buffer {
  const { key: exact } = state;
  const bytes = Buffer.from(typeof exact === 'string' ? exact : '', 'base64');
  const said = readBytes(kept, bytes, spell);
  const given = Object.fromEntries([...key].map(([name, json]) => [name, JSON.parse(json) as unknown]));
  if (said !== undefined && samePlain(said, given)) return bytes;
  throw wrongEntry(
    'its key is not what the bytes in state.key say',
    'take key out of the state, so that the key is read from its fields',
  );
}

/** The key bytes of an entry. Throws a problem of the code state when it has another key than the operator. */
export function keyOfEntry(kept: KeptKeys, entry: GivenEntry, spell: SpellKey): Buffer {
  if (entry.state['key'] !== undefined) return exactKey(kept, entry, spell);
  const names = kept.names.length === 0 ? 'nothing: write {}' : kept.names.join(', ');
  const members = kept.names.map((name) => {
    const value = entry.key.get(name);
    if (value !== undefined) return `${JSON.stringify(name)}:${value}`;
    throw wrongEntry(`its key has no ${name}`, `a key is of ${names}`);
  });
  if (members.length !== entry.key.size) throw wrongEntry('it has another key', `a key is of ${names}`);
  return Buffer.from(kept.read(Buffer.from(`{${members.join(',')}}`)).key, 'latin1');
}

/** What keys of entries are read and checked by. */
export interface EntryKeys {
  readonly kept: KeptKeys;
  /** Said at the operator itself; empty for a key from upstream. */
  readonly by: readonly NamedExpression[];
  readonly spell: SpellKey;
}

/** Whether the parts of the key are fields of the records themselves. */
const isOfFields = (by: readonly NamedExpression[]): boolean =>
  by.length > 0 && by.every(({ name, expression }) => bareField(expression) === name);

/** Refuses a record of an entry that has another key, as far as its fields say it. */
export function checkRecordKey({ kept, by }: EntryKeys, entry: GivenEntry, key: string, text: string): void {
  if (entry.state['key'] !== undefined || !isOfFields(by)) return;
  const members = new Map<string, string>(membersOf(text));
  const said = kept.names.map((name) => `${JSON.stringify(name)}:${members.get(name) ?? 'null'}`);
  if (kept.read(Buffer.from(`{${said.join(',')}}`)).key === key) return;
  throw wrongEntry('its record has another key', 'a key and its record say the same');
}
