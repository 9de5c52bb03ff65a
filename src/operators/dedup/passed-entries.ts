/** What dedup remembers, as entries: one for each key, with the times of the records that were passed on. */

import { type EntryEditor, type GivenEntry, type ShownEntry, secondEntry, wrongEntry } from '../entry.js';
import { keyOfEntry, spelledKey } from '../entry-key.js';
import { shownEntry, valueName } from '../entry-value.js';
import type { PlaceKey } from '../place.js';
import { createKeptKeys } from '../window/kept-entries.js';
import { type FirstState, type Passed, remember } from './first-within.js';

export function* showPassed(key: readonly PlaceKey[], { passed }: FirstState): Generator<ShownEntry> {
  const kept = createKeptKeys(key);
  for (const [bytes, all] of passed) {
    const { members, exact } = spelledKey(kept, Buffer.from(bytes, 'latin1'), String);
    yield shownEntry({
      key: members,
      value: new Map([[valueName('records', kept.names), String(all.length)]]),
      state: () => ({ ...exact, passed: all.map(({ time, number }) => ({ time, number })) }),
    });
  }
}

function passedOf({ state }: GivenEntry): readonly Passed[] {
  const { passed } = state;
  const hint = 'state.passed is a list: [{"time":1432108800000,"number":0}]';
  if (!Array.isArray(passed) || passed.length === 0) throw wrongEntry('its state is not of times', hint);
  return passed.map((one: Partial<Passed> | null) => {
    const { time, number } = one ?? {};
    if (typeof time === 'number' && Number.isSafeInteger(number) && number! >= 0)
      return { time, number: number! };
    throw wrongEntry('a time or its number is not there', hint);
  });
}

export function editPassed(
  key: readonly PlaceKey[],
  state: FirstState,
  isOver: (one: Passed) => boolean,
): EntryEditor {
  const kept = createKeptKeys(key);
  const numbers = new Set<number>();
  state.passed.clear();
  return {
    add(entry) {
      const all = passedOf(entry);
      const bytes = keyOfEntry(kept, entry, String).toString('latin1');
      if (state.passed.has(bytes)) throw secondEntry();
      for (const one of all) {
        if (isOver(one)) throw wrongEntry('it is of a time that is over already', 'take the entry out');
        if (numbers.has(one.number))
          throw wrongEntry(`the number ${one.number} is there twice`, 'give it another');
        numbers.add(one.number);
        remember(state, bytes, one, () => false);
        state.count = Math.max(state.count, one.number + 1);
      }
    },
    finish() {},
  };
}
