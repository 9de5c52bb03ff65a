/** Dates, times of day and timestamps: making, reading and spelling them in SQL's form. */
import { dayMs, daysFromCivil, daysInMonth, spellDate } from '../time/index.js';
import type { Temporal } from './value.js';

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

function spellTime(ms: number, nanos: number, leastDigits: number): string {
  const seconds = Math.floor(ms / 1000);
  let fraction = pad(ms % 1000, 3) + pad(nanos, 6);
  fraction = fraction.replace(/0+$/, '').padEnd(leastDigits, '0');
  const text = `${pad(Math.floor(seconds / 3600), 2)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}`;
  return fraction === '' ? text : `${text}.${fraction}`;
}

/** The SQL text of a temporal value: `2026-11-24 10:00:00.000`, with `Z` behind a timestamp_ltz. */
export function spellTemporal(value: Temporal): string {
  if (value.type === 'time') return spellTime(value.ms, value.nanos, 0);
  const days = Math.floor(value.ms / dayMs);
  if (value.type === 'date') return spellDate(days);
  const text = `${spellDate(days)} ${spellTime(value.ms - days * dayMs, value.nanos, 3)}`;
  return value.type === 'timestamp_ltz' ? `${text}Z` : text;
}

/** A temporal value; `ms` as described at Temporal, `nanos` 0 to 999,999. */
export function makeTemporal(type: Temporal['type'], ms: number, nanos = 0): Temporal {
  const value: Temporal = { type, ms, nanos, json: () => `"${spellTemporal(value)}"` };
  return value;
}

const form =
  /^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?\s*$/;
const timeForm = /^\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*$/;

function timeOfDay(
  hour: string,
  minute: string,
  second = '0',
  fraction = '',
): { ms: number; nanos: number } | undefined {
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  if (h > 23 || m > 59 || s > 59) return undefined;
  const digits = fraction.padEnd(9, '0');
  const ms = ((h * 60 + m) * 60 + s) * 1000 + Number(digits.slice(0, 3));
  return { ms, nanos: Number(digits.slice(3)) };
}

function zoneMs(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '') || '0');
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

/**
 * Reads `2026-11-24`, `2026-11-24 10:00[:00[.fff]]` or ISO 8601. With a zone it is a timestamp_ltz, else a timestamp.
 * Undefined when it is neither or no such day exists.
 */
export function parseTemporal(text: string): Temporal | undefined {
  const parts = form.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = parts;
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  if (m < 1 || m > 12 || d < 1 || d > daysInMonth(y, m)) return undefined;
  const midnight = daysFromCivil(y, m, d) * dayMs;
  if (hour === undefined) return makeTemporal('timestamp', midnight);
  const time = timeOfDay(hour, minute!, second, fraction);
  if (time === undefined) return undefined;
  const type = zone === undefined ? 'timestamp' : 'timestamp_ltz';
  return makeTemporal(type, midnight + time.ms - (zone === undefined ? 0 : zoneMs(zone)), time.nanos);
}

/** Reads a time of day, `10:00[:00[.fff]]`. */
export function parseTimeOfDay(text: string): Temporal | undefined {
  const parts = timeForm.exec(text);
  if (parts === null) return undefined;
  const time = timeOfDay(parts[1]!, parts[2]!, parts[3], parts[4]);
  return time === undefined ? undefined : makeTemporal('time', time.ms, time.nanos);
}
