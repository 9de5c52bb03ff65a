/**
 * Chosen records as entries: one for each key of each window, with the records that are kept of it. A record says its rank,
 * and which record of its key came first, because both decide where it leaves.
 */
import { decodeValue, encodeValue, type Value } from '../../expression/index.js';
import { createByteReader, createByteWriter } from '../../record/index.js';
import { hasFired } from '../../time/index.js';
import {
  type EntryEditor,
  type GivenEntry,
  type Plain,
  type PlainObject,
  type ShownEntry,
  secondEntry,
  wrongEntry,
} from '../entry.js';
import { boundsOfEntry, plainBounds, spellBound } from '../entry-bounds.js';
import { createKeptKeys, editRecords, type GivenRecord, shownRecords } from '../window/kept-entries.js';
import { type Choice, type ChooserState, nextFiringOf } from './chooser.js';
import { putBack } from './chosen-pages.js';

/** A rank as JSON where that says it exactly, else as the bytes of its value. */
function plainRank(rank: Value): PlainObject {
  const isPlain =
    rank === null ||
    typeof rank === 'boolean' ||
    typeof rank === 'string' ||
    (typeof rank === 'number' && Number.isFinite(rank) && !Object.is(rank, -0));
  if (isPlain) return { rank: rank as Plain };
  const out = createByteWriter(1 << 6);
  encodeValue(out, rank);
  return { rank_bytes: Buffer.from(out.bytes.subarray(0, out.length)).toString('base64') };
}

function rankOfFacts({ rank, rank_bytes: bytes }: PlainObject): Value {
  if (typeof bytes === 'string') return decodeValue(createByteReader(Buffer.from(bytes, 'base64')));
  if (rank !== undefined && (rank === null || typeof rank !== 'object')) return rank;
  throw wrongEntry(
    'a record has no rank',
    'rank is what it is compared by: a number, a text, true, false or null',
  );
}

/** All groups, as people may see them. */
export function* showChosen(
  { keys, windows }: Choice,
  { panes, locator }: ChooserState,
): Generator<ShownEntry> {
  const kept = createKeptKeys(keys.key);
  for (const pane of panes.values()) {
    const isBounded = locator.windowed === true;
    const spelled = [pane.start, pane.end].map((bound) => spellBound(bound, windows.time));
    const members = isBounded ? [`"window_start":${spelled[0]}`, `"window_end":${spelled[1]}`] : [];
    const state = isBounded ? plainBounds(pane, windows.time) : {};
    for (const { key, first, best } of pane.groups.values()) {
      const records = best.map(({ record, number, rank }) => ({
        record,
        number,
        facts: { first, ...plainRank(rank) },
      }));
      yield shownRecords(kept, key, records, { members, state });
    }
  }
}

function firstOf({ facts, number }: GivenRecord): number {
  const { first } = facts;
  if (Number.isSafeInteger(first) && (first as number) >= 0 && (first as number) <= number)
    return first as number;
  throw wrongEntry(
    'a record does not say the first of its key',
    `first is a number up to its own, ${number}`,
  );
}

/** Begins to replace the groups. */
export function editChosen(choice: Choice, state: ChooserState): EntryEditor {
  const { panes, locator } = state;
  const { time } = choice.windows;
  panes.clear();
  const boundsOf = new Map<number, { readonly start: number; readonly end: number }>();
  const seen = new Set<string>();
  const check = (entry: GivenEntry, key: string, records: readonly GivenRecord[]): void => {
    const bounds = locator.windowed === true ? boundsOfEntry(entry, time) : { start: 0, end: 0 };
    const name = `${bounds.start}/${bounds.end} ${key}`;
    if (seen.has(name)) throw secondEntry();
    seen.add(name);
    if (records.length > choice.limit) {
      throw wrongEntry(`it has ${records.length} records`, `${choice.limit} at most are kept of a key`);
    }
    if (locator.windowed === true && hasFired(bounds.end, state.watermark)) {
      throw wrongEntry('its window has fired already', 'take the entry out');
    }
    for (const record of records) {
      firstOf(record);
      rankOfFacts(record.facts);
      boundsOf.set(record.number, bounds);
    }
  };
  return editRecords(
    createKeptKeys(choice.keys.key),
    (records) => {
      for (const given of records) {
        const { number, record, key, facts } = given;
        const stored = {
          ...record,
          ...boundsOf.get(number)!,
          key,
          first: firstOf(given),
          rank: rankOfFacts(facts),
        };
        putBack(panes, number, stored, choice.before);
        state.arrivals = Math.max(state.arrivals, number + 1);
      }
      state.nextFiring = nextFiringOf(state);
    },
    (entry, { key, records }) => check(entry, key, records),
  );
}
