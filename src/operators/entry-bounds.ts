/**
 * The bounds of windows in entries: spelled as event time is, and read back. Where the spelling drops something - a window
 * of half a second, with times in whole seconds - the state of the entry has them in milliseconds besides.
 */
import { detectForm, instantFromNumber, instantFromText, spellInstant } from '../time/index.js';
import { type GivenEntry, type Plain, type PlainObject, wrongEntry } from './entry.js';
import type { PlaceTime } from './place.js';

export interface EntryBounds {
  readonly start: number;
  readonly end: number;
}

/** The instant that a JSON text says (epoch ms); NaN when it is none. */
function readBound(json: string, time: PlaceTime | undefined): number {
  const said: unknown = JSON.parse(json);
  if (typeof said !== 'number' && typeof said !== 'string') return Number.NaN;
  const { format, zone } = time?.assignment ?? {};
  // A job that never ran does not know the form of its times.
  const form = time?.cell.form ?? detectForm(said, { pattern: format, zone });
  if (form === undefined) return Number.NaN;
  return typeof said === 'number' ? instantFromNumber(form, said) : instantFromText(form, said);
}

/** An instant (epoch ms) as JSON, in the form of event time. */
export function spellBound(instant: number, time: PlaceTime | undefined): string {
  const form = time?.cell.form;
  return JSON.stringify(form === undefined ? instant : spellInstant(form)(instant));
}

/** What the state of an entry says of its bounds: nothing, when their spelling says it all. */
export function plainBounds({ start, end }: EntryBounds, time: PlaceTime | undefined): PlainObject {
  const isSpelled = [start, end].every((instant) => readBound(spellBound(instant, time), time) === instant);
  return isSpelled ? {} : { bounds: [start, end] };
}

function exactBounds(bounds: Plain, window: GivenEntry['window'], time: PlaceTime | undefined): EntryBounds {
  const [start, end] = Array.isArray(bounds) ? (bounds as readonly Plain[]) : [];
  if (typeof start !== 'number' || typeof end !== 'number') {
    throw wrongEntry('state.bounds are not two times in milliseconds', 'take them out of the state');
  }
  const isSame =
    window === undefined ||
    (JSON.parse(spellBound(start, time)) === JSON.parse(window.start) &&
      JSON.parse(spellBound(end, time)) === JSON.parse(window.end));
  if (isSame) return { start, end };
  throw wrongEntry('state.bounds are not those of the window', 'take them out of the state');
}

/** The bounds of an entry of a window. Throws a problem of the code state when they are none. */
export function boundsOfEntry({ window, state }: GivenEntry, time: PlaceTime | undefined): EntryBounds {
  const { bounds } = state;
  if (bounds !== undefined) return exactBounds(bounds, window, time);
  if (window === undefined) {
    throw wrongEntry('it says nothing of its window', 'give window_start and window_end');
  }
  const start = readBound(window.start, time);
  const end = readBound(window.end, time);
  if (start < end) return { start, end };
  throw wrongEntry(
    `${window.start} and ${window.end} are not the bounds of a window`,
    'write them as the event time of the records is written',
  );
}

/** Refuses an entry that has bounds, where there are no windows; `hint` says what there is. */
export function refuseBounds({ window }: GivenEntry, hint: string): void {
  if (window !== undefined) throw wrongEntry('it has the bounds of a window', `${hint}: take them out`);
}
