/**
 * SQL intervals: whole months, or milliseconds. Read from the quoted text and the unit of an INTERVAL
 * literal, spelled as Flink prints them: +1-02 for months, +0 00:05:00.000 for days and time.
 */
import type { Interval } from './value.js';

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

/** The text of an interval. */
export function spellInterval(value: Interval): string {
  if (value.months !== 0) {
    const months = Math.abs(value.months);
    return `${value.months < 0 ? '-' : '+'}${Math.floor(months / 12)}-${digits(months % 12, 2)}`;
  }
  const ms = Math.abs(value.ms);
  const seconds = Math.floor(ms / 1000);
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const spelled = clock.map((part) => digits(part, 2)).join(':');
  return `${value.ms < 0 ? '-' : '+'}${Math.floor(seconds / 86_400)} ${spelled}.${digits(ms % 1000, 3)}`;
}

function spell(this: Interval): string {
  return `"${spellInterval(this)}"`;
}

/** An interval of months or of ms; one of the two is 0. */
export function makeInterval(months: number, ms: number): Interval {
  return { type: 'interval', months, ms, json: spell };
}

const monthUnits: Readonly<Record<string, number>> = { YEAR: 12, QUARTER: 3, MONTH: 1 };
const msUnits: Readonly<Record<string, number>> = {
  WEEK: 604_800_000,
  DAY: 86_400_000,
  HOUR: 3_600_000,
  MINUTE: 60_000,
  SECOND: 1_000,
  MILLISECOND: 1,
};

/** The single units that an interval may have. */
export const intervalUnits: readonly string[] = [...Object.keys(monthUnits), ...Object.keys(msUnits)];

const dayPart = String.raw`(?:(\d+)(?: |$))?`;
const ranges: Readonly<Record<string, RegExp>> = {
  'YEAR TO MONTH': /^(\d+)-(\d{1,2})$/,
  'DAY TO HOUR': new RegExp(String.raw`^${dayPart}(\d{1,2})$`),
  'DAY TO MINUTE': new RegExp(String.raw`^${dayPart}(\d{1,2}):(\d{1,2})$`),
  'DAY TO SECOND': new RegExp(String.raw`^${dayPart}(\d{1,2}):(\d{1,2}):(\d{1,2}(?:\.\d{1,3})?)$`),
  'HOUR TO MINUTE': /^(\d+):(\d{1,2})$/,
  'HOUR TO SECOND': /^(\d+):(\d{1,2}):(\d{1,2}(?:\.\d{1,3})?)$/,
  'MINUTE TO SECOND': /^(\d+):(\d{1,2}(?:\.\d{1,3})?)$/,
};

/** What each group of a range's pattern counts, in ms; by the first unit of the range. */
const partsMs: Readonly<Record<string, readonly number[]>> = {
  DAY: [86_400_000, 3_600_000, 60_000, 1_000],
  HOUR: [3_600_000, 60_000, 1_000],
  MINUTE: [60_000, 1_000],
};

function rangeInterval(text: string, unit: string, sign: number): Interval | undefined {
  const match = ranges[unit]?.exec(text);
  if (match === null || match === undefined) return undefined;
  if (unit === 'YEAR TO MONTH') return makeInterval(sign * (Number(match[1]) * 12 + Number(match[2])), 0);
  const parts = partsMs[unit.slice(0, unit.indexOf(' '))]!;
  const ms = match.slice(1).reduce((sum, part, i) => sum + Number(part ?? 0) * parts[i]!, 0);
  return makeInterval(0, sign * Math.round(ms));
}

/**
 * The interval of the text and unit of a literal: '5' and MINUTE, '1.5' and SECOND, '1 10:00:00' and DAY TO SECOND.
 * `unit` is in capitals with single spaces. Undefined when the text does not fit the unit.
 */
export function parseInterval(text: string, unit: string): Interval | undefined {
  const trimmed = text.trim();
  const sign = trimmed.startsWith('-') ? -1 : 1;
  const rest = trimmed.replace(/^[+-]/, '');
  if (unit.includes(' ')) return rangeInterval(rest, unit, sign);
  if (!/^\d+(?:\.\d{1,3})?$/.test(rest)) return undefined;
  const count = sign * Number(rest);
  const months = monthUnits[unit];
  if (months !== undefined) return Number.isInteger(count) ? makeInterval(count * months, 0) : undefined;
  const ms = msUnits[unit];
  if (ms === undefined || (!Number.isInteger(count) && unit !== 'SECOND')) return undefined;
  return makeInterval(0, Math.round(count * ms));
}
