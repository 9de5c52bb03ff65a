/** Counts as entries: one for each key of each window, with how many of its records have been passed on. */
import { hashBytes, keysJson } from '../../record/index.js';
import { hasFired } from '../../time/index.js';
import { type EntryEditor, type GivenEntry, type ShownEntry, wrongEntry } from '../entry.js';
import { boundsOfEntry, plainBounds, spellBound } from '../entry-bounds.js';
import { createKeptKeys, type KeptKeys } from '../window/kept-entries.js';
import { type Admission, type AdmissionState, nextFiringOf } from './admission.js';
import { createCounts, keysIn, slotOf } from './counts.js';

/** The members of a key, and the key itself where they do not say it exactly. */
export function spelledKey(
  kept: KeptKeys,
  key: Buffer,
  spellInstant: (instant: number) => string,
): { readonly members: readonly string[]; readonly exact: { readonly key?: string } } {
  const values = keysJson(key, spellInstant);
  const members = kept.names.map((name, index) => `${JSON.stringify(name)}:${values[index]!}`);
  const isExact = kept.read(Buffer.from(`{${members.join(',')}}`)).key === key.toString('latin1');
  return { members, exact: isExact ? {} : { key: key.toString('base64') } };
}

/** The key bytes of an entry. */
export function keyOfEntry(kept: KeptKeys, entry: GivenEntry): Buffer {
  const { key: exact } = entry.state;
  if (typeof exact === 'string') return Buffer.from(exact, 'base64');
  const members = kept.names.map((name) => {
    const value = entry.key.get(name);
    if (value !== undefined) return `${JSON.stringify(name)}:${value}`;
    throw wrongEntry(`its key has no ${name}`, `a key is of ${kept.names.join(', ')}`);
  });
  if (members.length !== entry.key.size)
    throw wrongEntry('it has another key', `a key is of ${kept.names.join(', ')}`);
  return Buffer.from(kept.read(Buffer.from(`{${members.join(',')}}`)).key, 'latin1');
}

export function* showCounts({ keys, windows }: Admission, { open }: AdmissionState): Generator<ShownEntry> {
  const kept = createKeptKeys(keys.key);
  const spell = (instant: number): string => spellBound(instant, windows.time);
  for (const { start, end, table, counts } of open.values()) {
    const isBounded = windows.kind !== 'none';
    const bounds = isBounded ? [`"window_start":${spell(start)}`, `"window_end":${spell(end)}`] : [];
    for (let slot = 0; slot < table.count; slot++) {
      const from = table.starts[slot]!;
      const key = Buffer.from(table.arena.subarray(from, from + table.lengths[slot]!));
      const { members, exact } = spelledKey(kept, key, spell);
      const count = counts[slot]!;
      yield {
        record: `{${[...bounds, ...members, `"count":${count}`].join(',')}}`,
        bounds: isBounded ? 2 : 0,
        keys: members.length,
        state: () => ({ ...(isBounded ? plainBounds({ start, end }, windows.time) : {}), ...exact, count }),
      };
    }
  }
}

function countOf({ state, value }: GivenEntry, limit: number): number {
  const { count } = state;
  if (!Number.isSafeInteger(count) || (count as number) < 1 || (count as number) > limit) {
    throw wrongEntry('its state has no count of records', `state.count is a number from 1 to ${limit}`);
  }
  const said = value?.get('count');
  if (said === undefined || JSON.parse(said) === count) return count as number;
  throw wrongEntry(
    `value.count is ${said}, but its state has ${String(count)}`,
    'the state is what counts: change it, and leave value out or let it say the same',
  );
}

export function editCounts({ keys, windows, limit }: Admission, state: AdmissionState): EntryEditor {
  const kept = createKeptKeys(keys.key);
  const { open } = state;
  open.clear();
  return {
    add(entry) {
      const count = countOf(entry, limit);
      const bounds = windows.kind === 'none' ? { start: 0, end: 0 } : boundsOfEntry(entry, windows.time);
      if (windows.kind !== 'none' && hasFired(bounds.end, state.watermark)) {
        throw wrongEntry('its window is complete already', 'take the entry out');
      }
      const name = `${bounds.start}/${bounds.end}`;
      const counts = open.get(name) ?? createCounts(bounds.start, bounds.end);
      open.set(name, counts);
      const key = keyOfEntry(kept, entry);
      const before = counts.table.count;
      const slot = slotOf(counts, key, key.length, hashBytes(key, 0, key.length));
      if (counts.table.count === before)
        throw wrongEntry('there is an entry of this key already', 'make one of the two');
      counts.counts[slot] = count;
    },
    finish() {
      state.keys = keysIn(open);
      state.nextFiring = nextFiringOf(open, windows);
    },
  };
}
