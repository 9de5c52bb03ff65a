/**
 * Units of time and what can be done with them: take one out of a time, round to one, add and count them.
 * Works on the wall clock that a value shows; a TIMESTAMP_LTZ shows that of the session's zone. Weeks begin
 * on Sunday when rounding and are ISO weeks when numbered, as in Flink (Calcite).
 */
import { nearest } from '../../diagnostics/index.js';
import {
  addMonths,
  civilFromDays,
  dayMs,
  dayOfYear,
  daysFromCivil,
  isoDayOfWeek,
  isoWeek,
  localToEpoch,
} from '../../time/index.js';
import type { Temporal, Value } from '../value.js';
import { valueError } from '../value-error.js';
import { makeTemporal } from '../value-temporal.js';
import { describeValue } from '../value-text.js';
import { wallClock } from './argument.js';
import type { FunctionSession } from './definition.js';

/** Units that a length of time has: fixed in ms, or whole months. */
const unitMs: Readonly<Record<string, number>> = {
  NANOSECOND: 1e-6,
  MICROSECOND: 1e-3,
  MILLISECOND: 1,
  SECOND: 1000,
  MINUTE: 60_000,
  HOUR: 3_600_000,
  DAY: dayMs,
  WEEK: 7 * dayMs,
};
const unitMonths: Readonly<Record<string, number>> = {
  MONTH: 1,
  QUARTER: 3,
  YEAR: 12,
  DECADE: 120,
  CENTURY: 1200,
  MILLENNIUM: 12_000,
};
/** What EXTRACT takes besides. */
const partNames = ['DOW', 'ISODOW', 'DOY', 'ISOYEAR', 'EPOCH'];
const unitNames = [...Object.keys(unitMs), ...Object.keys(unitMonths), ...partNames];
const otherNames: Readonly<Record<string, string>> = {
  DAYOFWEEK: 'DOW',
  DAYOFYEAR: 'DOY',
  DAYOFMONTH: 'DAY',
};

/** The canonical name of a unit (`hours` and `SQL_TSI_HOUR` are HOUR), or undefined when there is none. */
export function unitOf(name: string): string | undefined {
  const upper = name
    .trim()
    .toUpperCase()
    .replace(/^SQL_TSI_/, '');
  if (unitNames.includes(upper)) return upper;
  if (Object.hasOwn(otherNames, upper)) return otherNames[upper];
  const singular = upper === 'CENTURIES' ? 'CENTURY' : upper.replace(/S$/, '');
  return unitNames.includes(singular) ? singular : undefined;
}

/** The unit that a function was given; there being none refuses the record. */
export function needUnit(value: Value | undefined): string {
  const unit = typeof value === 'string' ? unitOf(value) : undefined;
  if (unit !== undefined) return unit;
  const near = typeof value === 'string' ? nearest(value, unitNames) : undefined;
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  throw valueError(`${describeValue(value ?? null)} is not a unit of time${hint}`);
}

function ofDate(unit: string, days: number): number | undefined {
  const { year, month, day } = civilFromDays(days);
  switch (unit) {
    case 'YEAR':
      return year;
    case 'QUARTER':
      return Math.floor((month + 2) / 3);
    case 'MONTH':
      return month;
    case 'DAY':
      return day;
    case 'WEEK':
      return isoWeek(days).week;
    case 'ISOYEAR':
      return isoWeek(days).year;
    case 'DOW':
      return (isoDayOfWeek(days) % 7) + 1;
    case 'ISODOW':
      return isoDayOfWeek(days);
    case 'DOY':
      return dayOfYear(days);
    case 'DECADE':
      return Math.floor(year / 10);
    case 'CENTURY':
      return Math.floor((year + 99) / 100);
    case 'MILLENNIUM':
      return Math.floor((year + 999) / 1000);
    default:
      return undefined;
  }
}

function ofDay(unit: string, msOfDay: number, nanos: number): number | undefined {
  switch (unit) {
    case 'HOUR':
      return Math.floor(msOfDay / 3_600_000);
    case 'MINUTE':
      return Math.floor(msOfDay / 60_000) % 60;
    case 'SECOND':
      return Math.floor(msOfDay / 1000) % 60;
    case 'MILLISECOND':
      return msOfDay % 1000;
    case 'MICROSECOND':
      return (msOfDay % 1000) * 1000 + Math.floor(nanos / 1000);
    case 'NANOSECOND':
      return (msOfDay % 1000) * 1_000_000 + nanos;
    default:
      return undefined;
  }
}

/** The part of a time that a unit names, as a whole number. */
export function extracted(unit: string, value: Temporal, session: FunctionSession): number {
  if (unit === 'EPOCH') return Math.floor(value.ms / 1000);
  const { localMs } = wallClock(value, session);
  const days = Math.floor(localMs / dayMs);
  const part = value.type === 'time' ? undefined : ofDate(unit, days);
  const found = part ?? (value.type === 'date' ? 0 : ofDay(unit, localMs - days * dayMs, value.nanos));
  if (found === undefined) throw valueError(`a ${value.type} has no ${unit}`);
  return found;
}

function floorOfMonths(unit: string, days: number): number {
  const { year, month } = civilFromDays(days);
  switch (unit) {
    case 'MONTH':
      return daysFromCivil(year, month, 1);
    case 'QUARTER':
      return daysFromCivil(year, month - ((month - 1) % 3), 1);
    case 'YEAR':
      return daysFromCivil(year, 1, 1);
    case 'DECADE':
      return daysFromCivil(Math.floor(year / 10) * 10, 1, 1);
    case 'CENTURY':
      return daysFromCivil(Math.floor((year - 1) / 100) * 100 + 1, 1, 1);
    default:
      return daysFromCivil(Math.floor((year - 1) / 1000) * 1000 + 1, 1, 1);
  }
}

/** The unit's begin before a local time, and the next one after it. */
function boundsOf(unit: string, localMs: number): readonly [floor: number, next: number] {
  const months = unitMonths[unit];
  if (months !== undefined) {
    const first = floorOfMonths(unit, Math.floor(localMs / dayMs));
    return [first * dayMs, addMonths(first, months) * dayMs];
  }
  const length = unitMs[unit];
  if (length === undefined) throw valueError(`nothing can be rounded to ${unit}`);
  // Day number 0 is a Thursday; weeks begin on Sunday.
  const origin = unit === 'WEEK' ? 3 * dayMs : 0;
  const floor = Math.floor((localMs - origin) / length) * length + origin;
  return [floor, floor + length];
}

/** A value rounded down, or up, to a unit. Units finer than a millisecond leave it as it is. */
export function roundedTo(unit: string, value: Temporal, session: FunctionSession, up: boolean): Temporal {
  const length = unitMs[unit];
  if (length !== undefined && length < 1) return value;
  if (value.type === 'date' && length !== undefined && length <= dayMs) return value;
  if (value.type === 'time' && (length === undefined || length > dayMs)) {
    throw valueError(`a time of day cannot be rounded to ${unit}`);
  }
  const { localMs } = wallClock(value, session);
  const [floor, next] = boundsOf(unit, localMs);
  const bound = up && (floor !== localMs || value.nanos > 0) ? next : floor;
  if (value.type === 'time') return makeTemporal('time', bound % dayMs, 0);
  if (value.type !== 'timestamp_ltz') return makeTemporal(value.type, bound, 0);
  return makeTemporal(value.type, localToEpoch(session.zone, bound), 0);
}

/** A value with so many units added; a date to which hours are added becomes a timestamp. */
export function added(unit: string, count: number, value: Temporal, session: FunctionSession): Temporal {
  const months = unitMonths[unit];
  if (months !== undefined) {
    if (value.type === 'time') throw valueError(`${unit} cannot be added to a time of day`);
    const { localMs } = wallClock(value, session);
    const days = Math.floor(localMs / dayMs);
    const moved = addMonths(days, count * months) * dayMs + (localMs - days * dayMs);
    const ms = value.type === 'timestamp_ltz' ? localToEpoch(session.zone, moved) : moved;
    return makeTemporal(value.type, ms, value.nanos);
  }
  const length = unitMs[unit];
  if (length === undefined) throw valueError(`${unit} cannot be added`);
  const nanos = length < 1 ? value.nanos + count * Math.round(length * 1e6) : value.nanos;
  const carried = Math.floor(nanos / 1_000_000);
  const ms = value.ms + (length < 1 ? carried : count * length);
  const rest = nanos - carried * 1_000_000;
  if (value.type === 'time') return makeTemporal('time', ((ms % dayMs) + dayMs) % dayMs, rest);
  const type = value.type === 'date' && length < dayMs ? 'timestamp' : value.type;
  return makeTemporal(type, ms, rest);
}

/** Whole months from one local time to another, signed. */
function monthsBetween(from: number, to: number): number {
  if (to < from) return 0 - monthsBetween(to, from);
  const fromDays = Math.floor(from / dayMs);
  const toDays = Math.floor(to / dayMs);
  const a = civilFromDays(fromDays);
  const b = civilFromDays(toDays);
  const months = (b.year - a.year) * 12 + b.month - a.month;
  const before = b.day - a.day || to - toDays * dayMs - (from - fromDays * dayMs);
  return before < 0 ? months - 1 : months;
}

/** How many whole units lie between two values, negative when the second is the earlier. */
export function unitsBetween(unit: string, from: Temporal, to: Temporal, session: FunctionSession): number {
  const months = unitMonths[unit];
  const zoned = (value: Temporal): number => wallClock(value, session).localMs + value.nanos / 1e6;
  if (months !== undefined) return Math.trunc(monthsBetween(zoned(from), zoned(to)) / months) + 0;
  const length = unitMs[unit];
  if (length === undefined) throw valueError(`${unit} cannot be counted`);
  // Hours between two instants are real hours, whatever the clock did in between.
  const sameKind = from.type === to.type;
  const ms = sameKind ? to.ms - from.ms : wallClock(to, session).localMs - wallClock(from, session).localMs;
  const nanos = to.nanos - from.nanos;
  return length < 1
    ? Math.trunc((ms * 1e6 + nanos) / Math.round(length * 1e6)) + 0
    : Math.trunc((ms + nanos / 1e6) / length) + 0;
}
