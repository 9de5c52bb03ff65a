/**
 * SQL date-times: made, read from text and spelled. Texts are those of SQL and ISO 8601; one with Z or an
 * offset is an instant (timestamp_ltz), one without is a wall clock. Knows no zone but UTC: conversions
 * between wall clocks and instants are in value-convert.ts and value-cast.ts.
 */
import { civilFromDays, dayMs, daysFromCivil, daysInMonth } from '../time/index.js';
import type { Temporal } from './value.js';

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

/** `YYYY-MM-DD` of a day number; years beyond 0 to 9999 are spelled with a sign and six digits. */
function spellDay(days: number): string {
  const { year, month, day } = civilFromDays(days);
  const plain = year >= 0 && year <= 9999;
  const spelled = plain ? digits(year, 4) : `${year < 0 ? '-' : '+'}${digits(Math.abs(year), 6)}`;
  return `${spelled}-${digits(month, 2)}-${digits(day, 2)}`;
}

/**
 * `HH:MM:SS` and the fraction: at least `leastDigits` digits, more (up to 9, in threes) when they are not
 * zero.
 */
function spellTimeOfDay(ms: number, nanos: number, leastDigits: 0 | 3): string {
  const seconds = Math.floor(ms / 1000);
  const fraction = digits((ms % 1000) * 1_000_000 + nanos, 9);
  const shown = nanos % 1000 !== 0 ? 9 : nanos !== 0 ? 6 : ms % 1000 !== 0 ? 3 : leastDigits;
  const clock = `${digits(Math.floor(seconds / 3600), 2)}:${digits(Math.floor(seconds / 60) % 60, 2)}`;
  return `${clock}:${digits(seconds % 60, 2)}${shown === 0 ? '' : `.${fraction.slice(0, shown)}`}`;
}

/** The SQL text of a date-time; an instant is spelled in UTC, without a suffix. */
export function spellTemporal(value: Temporal): string {
  if (value.type === 'time') return spellTimeOfDay(value.ms, value.nanos, 0);
  const days = Math.floor(value.ms / dayMs);
  if (value.type === 'date') return spellDay(days);
  return `${spellDay(days)} ${spellTimeOfDay(value.ms - days * dayMs, value.nanos, 3)}`;
}

function spell(this: Temporal): string {
  return `"${spellTemporal(this)}${this.type === 'timestamp_ltz' ? 'Z' : ''}"`;
}

/**
 * A date-time; see {@link Temporal} for what `ms` counts. A date is cut to its midnight. `nanos` is 0 to
 * 999,999.
 */
export function makeTemporal(type: Temporal['type'], ms: number, nanos = 0): Temporal {
  if (type === 'date') return { type, ms: Math.floor(ms / dayMs) * dayMs, nanos: 0, json: spell };
  return { type, ms, nanos, json: spell };
}

const clockText = String.raw`(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?`;
const dateTimeText = new RegExp(
  String.raw`^([+-]\d{6}|\d{4})-(\d\d?)-(\d\d?)(?:[T ]${clockText} ?(Z|[+-]\d\d(?::?\d\d)?)?)?$`,
  'i',
);
const timeText = new RegExp(`^${clockText}$`);

/**
 * The ms and nanos of the day of the groups hour, minute, second and fraction; undefined when out of range.
 */
function clockOf(groups: readonly (string | undefined)[]): { ms: number; nanos: number } | undefined {
  const [hour, minute, second] = [Number(groups[0]), Number(groups[1]), Number(groups[2] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const fraction = Number((groups[3] ?? '').padEnd(9, '0'));
  const ms = Math.floor(fraction / 1_000_000);
  return { ms: ((hour * 60 + minute) * 60 + second) * 1000 + ms, nanos: fraction % 1_000_000 };
}

function offsetMsOf(text: string): number {
  if (text.toUpperCase() === 'Z') return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(3).replace(':', ''));
  return (text.startsWith('-') ? -minutes : minutes) * 60_000;
}

/**
 * The date-time that a text spells: a date, a timestamp, an instant (with Z or an offset) or a time of day; undefined
 * when it is none. White space around it is ignored; dates must exist.
 */
export function parseTemporal(text: string): Temporal | undefined {
  const trimmed = text.trim();
  const time = timeText.exec(trimmed);
  if (time !== null) {
    const clock = clockOf(time.slice(1));
    return clock === undefined ? undefined : makeTemporal('time', clock.ms, clock.nanos);
  }
  const match = dateTimeText.exec(trimmed);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  const midnight = daysFromCivil(year, month, day) * dayMs;
  if (match[4] === undefined) return makeTemporal('date', midnight);
  const clock = clockOf(match.slice(4, 8));
  if (clock === undefined) return undefined;
  if (match[8] === undefined) return makeTemporal('timestamp', midnight + clock.ms, clock.nanos);
  return makeTemporal('timestamp_ltz', midnight + clock.ms - offsetMsOf(match[8]), clock.nanos);
}
