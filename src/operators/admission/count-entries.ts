/** Counts as entries: one for each key of each window, with how many of its records have been passed on. */
import { hasFired } from '../../time/index.js';
import { type EntryEditor, type GivenEntry, type ShownEntry, secondEntry, wrongEntry } from '../entry.js';
import { boundsOfEntry, plainBounds, spellBound } from '../entry-bounds.js';
import { keyOfEntry, spelledKey } from '../entry-key.js';
import { checkValue, shownEntry, valueName } from '../entry-value.js';
import { forgetSpilled } from '../keyed-cells/table-spill.js';
import { createKeptKeys, type KeptKeys } from '../window/kept-entries.js';
import { type Admission, type AdmissionState, nextFiringOf } from './admission.js';
import { allCounts, createCounts, keyCount, keysIn, slotOf } from './counts.js';

const shownCount = ({ names }: KeptKeys, count: number): ReadonlyMap<string, string> =>
  new Map([[valueName('count', names), String(count)]]);

export function* showCounts(
  { keys, windows }: Admission,
  { open, spill }: AdmissionState,
): Generator<ShownEntry> {
  const kept = createKeptKeys(keys.key);
  const spell = (instant: number): string => spellBound(instant, windows.time);
  for (const counts of open.values()) {
    const { start, end } = counts;
    const isBounded = windows.kind !== 'none';
    const bounds = isBounded ? [`"window_start":${spell(start)}`, `"window_end":${spell(end)}`] : [];
    for (const { key, count } of allCounts(counts, spill)) {
      const { members, exact } = spelledKey(kept, key, spell);
      yield shownEntry({
        bounds,
        key: members,
        value: shownCount(kept, count),
        state: () => ({ ...(isBounded ? plainBounds({ start, end }, windows.time) : {}), ...exact, count }),
      });
    }
  }
}

function countOf(kept: KeptKeys, entry: GivenEntry, limit: number): number {
  const { count } = entry.state;
  if (!Number.isSafeInteger(count) || (count as number) < 1 || (count as number) > limit) {
    throw wrongEntry('its state has no count of records', `state.count is a number from 1 to ${limit}`);
  }
  checkValue(entry, shownCount(kept, count as number));
  return count as number;
}

export function editCounts({ keys, windows, limit }: Admission, state: AdmissionState): EntryEditor {
  const kept = createKeptKeys(keys.key);
  const { open } = state;
  const spell = (instant: number): string => spellBound(instant, windows.time);
  open.clear();
  forgetSpilled(state.spill);
  return {
    add(entry) {
      const count = countOf(kept, entry, limit);
      const bounds = windows.kind === 'none' ? { start: 0, end: 0 } : boundsOfEntry(entry, windows.time);
      if (windows.kind !== 'none' && hasFired(bounds.end, state.watermark)) {
        throw wrongEntry('its window is complete already', 'take the entry out');
      }
      const name = `${bounds.start}/${bounds.end}`;
      const counts = open.get(name) ?? createCounts(bounds.start, bounds.end);
      open.set(name, counts);
      const key = keyOfEntry(kept, entry, spell);
      const before = keyCount(counts);
      const slot = slotOf(counts, key, key.length, state.spill);
      if (keyCount(counts) === before) throw secondEntry();
      counts.cells.numbers[slot] = count;
    },
    finish() {
      state.keys = keysIn(open);
      state.nextFiring = nextFiringOf(open, windows);
    },
  };
}
