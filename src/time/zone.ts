/**
 * Time zones: the offset of a zone at an instant, and the instant of a local time, by the zone data that
 * comes with Node (Intl). Asking Intl takes microseconds, so each zone keeps, per UTC day it was asked for,
 * the one or two offsets of that day. Gaps and overlaps of daylight saving are resolved as java.time does,
 * which is what Flink's users get.
 */
import { didYouMean, problem } from '../diagnostics/index.js';
import { dayMs, daysFromCivil } from './civil.js';

/** The offsets of one UTC day: `before` holds until the instant `change`, `after` from then on. */
interface DayOffsets {
  readonly day: number;
  readonly before: number;
  readonly change: number;
  readonly after: number;
}

interface Zone {
  readonly ask: (epochMs: number) => number;
  readonly days: Map<number, DayOffsets>;
  last: DayOffsets;
}

const zones = new Map<string, Zone>();
/** Days kept per zone before they are forgotten: ten years, which is more than a stream spans at a time. */
const mostDays = 3653;

const fixedOffset = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d\d))?$/;

/** The offset in ms that a name such as UTC, Z, +02:00 or GMT-3 says by itself, or undefined. */
function offsetOfName(name: string): number | undefined {
  if (name === 'UTC' || name === 'Z' || name === 'GMT') return 0;
  const match = fixedOffset.exec(name);
  if (match === null) return undefined;
  const hours = Number(match[2]);
  const minutes = Number(match[3] ?? 0);
  if (hours > 18 || minutes > 59) return undefined;
  const ms = hours * 3_600_000 + minutes * 60_000;
  return match[1] === '-' ? -ms : ms;
}

function askIntl(name: string): (epochMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (epochMs) => {
    const second = Math.floor(epochMs / 1000) * 1000;
    const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
    for (const { type, value } of format.formatToParts(second)) parts[type] = value;
    const year = parts.era === 'BC' ? 1 - Number(parts.year) : Number(parts.year);
    const days = daysFromCivil(year, Number(parts.month), Number(parts.day));
    const seconds = Number(parts.hour) * 3600 + Number(parts.minute) * 60 + Number(parts.second);
    return days * dayMs + seconds * 1000 - second;
  };
}

function openZone(name: string): Zone | undefined {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const fixed = offsetOfName(name);
  let ask: (epochMs: number) => number;
  if (fixed !== undefined) {
    ask = () => fixed;
  } else {
    try {
      ask = askIntl(name);
    } catch {
      return undefined;
    }
  }
  const zone: Zone = {
    ask,
    days: new Map(),
    last: { day: Number.NaN, before: 0, change: 0, after: 0 },
  };
  zones.set(name, zone);
  return zone;
}

/**
 * The first instant of (from, to] at which the offset is no longer that of `from`; offsets change on whole
 * seconds.
 */
function findChange(ask: (epochMs: number) => number, from: number, to: number, before: number): number {
  let low = from / 1000;
  let high = to / 1000;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (ask(middle * 1000) === before) low = middle;
    else high = middle;
  }
  return high * 1000;
}

function offsetsOfDay(zone: Zone, day: number): DayOffsets {
  const kept = zone.days.get(day);
  if (kept !== undefined) return kept;
  const from = day * dayMs;
  const before = zone.ask(from);
  const after = zone.ask(from + dayMs);
  const change = before === after ? from : findChange(zone.ask, from, from + dayMs, before);
  const offsets = { day, before, change, after };
  if (zone.days.size >= mostDays) zone.days.clear();
  zone.days.set(day, offsets);
  return offsets;
}

function existing(name: string): Zone {
  const zone = openZone(name);
  if (zone !== undefined) return zone;
  const hint = didYouMean(name, Intl.supportedValuesOf('timeZone'));
  throw problem({
    code: 'unknown-name',
    message: `unknown time zone ${name}`,
    hint: hint ?? 'a zone is written Area/City, such as Europe/Oslo, or +02:00, or UTC',
  });
}

/** Whether a name is that of a time zone: UTC, an offset such as +02:00, or a name of the tz database. */
export function isZone(name: string): boolean {
  return openZone(name) !== undefined;
}

/** Returns the name if it is that of a time zone; else throws a problem that offers the nearest one. */
export function checkZone(name: string): string {
  existing(name);
  return name;
}

/** How far a zone is ahead of UTC at an instant, in ms. Throws a problem when there is no such zone. */
export function zoneOffsetMs(zone: string, epochMs: number): number {
  if (!Number.isFinite(epochMs) || Math.abs(epochMs) > 8.639e15) return 0;
  const opened = existing(zone);
  const day = Math.floor(epochMs / dayMs);
  let offsets = opened.last;
  if (offsets.day !== day) {
    offsets = offsetsOfDay(opened, day);
    opened.last = offsets;
  }
  return epochMs < offsets.change ? offsets.before : offsets.after;
}

/** The local time of an instant, as ms since 1970-01-01T00:00 of that zone's wall clock. */
export function epochToLocal(zone: string, epochMs: number): number {
  return epochMs + zoneOffsetMs(zone, epochMs);
}

/**
 * The instant of a local time. A time that the clock skipped is moved forward by the length of the gap; of a
 * time that it showed twice the first is meant.
 */
export function localToEpoch(zone: string, localMs: number): number {
  // No zone is a day away from UTC, so these two are surely before and after whatever changes around that
  // time.
  const before = zoneOffsetMs(zone, localMs - dayMs);
  const after = zoneOffsetMs(zone, localMs + dayMs);
  const early = localMs - before;
  if (before === after || zoneOffsetMs(zone, early) === before) return early;
  const late = localMs - after;
  return zoneOffsetMs(zone, late) === after ? late : early;
}

/**
 * The first instant at which the wall clock of a zone shows a local time or has gone past it. Unlike
 * {@link localToEpoch} this never goes down as the local time goes up, which is what bounds of windows need.
 */
export function firstInstantOf(zone: string, localMs: number): number {
  const early = localToEpoch(zone, localMs);
  if (epochToLocal(zone, early) === localMs) return early;
  // Skipped: the instant of the jump lies within the length of the gap before the time that localToEpoch
  // moved it to.
  const opened = existing(zone);
  const lastDay = Math.floor(early / dayMs);
  for (let day = lastDay; day >= lastDay - 1; day--) {
    const { before, after, change } = offsetsOfDay(opened, day);
    if (before < after && change <= early) return change;
  }
  return early;
}

/** An offset in ms as `+hh:mm`, or `+hhmm` with an empty separator. */
export function spellOffset(offsetMs: number, separator: ':' | ''): string {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const hh = String(Math.floor(minutes / 60)).padStart(2, '0');
  const mm = String(minutes % 60).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${hh}${separator}${mm}`;
}
