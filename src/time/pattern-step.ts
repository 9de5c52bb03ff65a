/**
 * Patterns of date-time texts as a list of steps, whatever they were written in (strptime's %, Java's
 * letters): how such a list reads a text and how it spells a date-time. Both are strict: a text must be used
 * up to its end, and its date must exist.
 */
import {
  civilFromDays,
  dayMs,
  dayOfYear,
  daysFromCivil,
  daysInMonth,
  isLeapYear,
  isoDayOfWeek,
} from './civil.js';
import { isZone, spellOffset } from './zone.js';

/** The numeric parts of a date-time, by name. */
export type NumberField =
  | 'year'
  | 'year2' // 69 to 99 in the 1900s
  | 'year2000' // always in the 2000s
  | 'quarter'
  | 'month'
  | 'day'
  | 'dayOfYear'
  | 'hour24'
  | 'hour12'
  | 'minute'
  | 'second'
  | 'epochSeconds';

export type Step =
  | { readonly kind: 'literal'; readonly text: string }
  /** Any run of white space, at least one character unless `optional`. */
  | { readonly kind: 'space'; readonly optional: boolean }
  /**
   * `least` digits when spelled, padded with zeros or spaces; up to `most` digits when read, no fewer than
   * `needs`.
   */
  | {
      readonly kind: 'number';
      readonly field: NumberField;
      readonly least: number;
      readonly most: number;
      readonly needs: number;
      readonly pad: '0' | ' ';
    }
  /** Spelled with `digits` digits; read with 1 to 9, or with just `digits` when `fixed`. */
  | { readonly kind: 'fraction'; readonly digits: number; readonly fixed: boolean }
  | { readonly kind: 'monthName'; readonly long: boolean }
  | { readonly kind: 'weekday'; readonly long: boolean }
  | { readonly kind: 'half' } // AM, PM
  | {
      readonly kind: 'offset';
      readonly separator: ':' | '';
      readonly zuluForZero: boolean;
      readonly hoursAlone?: boolean;
    }
  | { readonly kind: 'zone' };

/**
 * What a text said: a local time with what is finer than a millisecond, and where on earth if it said so.
 */
export interface ParsedTime {
  readonly localMs: number;
  /** 0 to 999,999. */
  readonly nanos: number;
  /** Offset from UTC in ms, if the text has one. */
  readonly offsetMs?: number;
  /** Name of the zone, if the text has one. */
  readonly zone?: string;
}

export const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

export const weekdayNames = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
] as const;

/** The parts as they are gathered while reading. */
interface Gathered {
  numbers: Partial<Record<NumberField, number>>;
  fraction: number; // nanoseconds of the second
  afternoon: boolean | undefined;
  offsetMs: number | undefined;
  zone: string | undefined;
}

const offsetText = /^(?:[Zz]|([+-])(\d\d):?(\d\d)(?::?(\d\d))?|([+-])(\d\d))/;
const zoneText = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*/;

function readName(names: readonly string[], text: string, at: number): readonly [index: number, end: number] {
  const lower = text.slice(at, at + 9).toLowerCase();
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!.toLowerCase();
    if (lower.startsWith(name)) return [index, at + name.length];
    if (lower.startsWith(name.slice(0, 3))) return [index, at + 3];
  }
  return [-1, -1];
}

function readDigits(text: string, at: number, most: number): number {
  let end = at;
  while (end < text.length && end - at < most && text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57)
    end++;
  return end;
}

function readNumber(step: Step & { kind: 'number' }, text: string, start: number, into: Gathered): number {
  let at = start;
  if (step.pad === ' ') while (text[at] === ' ') at++;
  const negative = step.field === 'epochSeconds' && text[at] === '-';
  if (negative) at++;
  const end = readDigits(text, at, step.most);
  if (end - at < step.needs) return -1;
  const value = Number(text.slice(at, end));
  into.numbers[step.field] = negative ? -value : value;
  return end;
}

function readOffset(text: string, at: number, into: Gathered): number {
  const match = offsetText.exec(text.slice(at, at + 9));
  if (match === null) return -1;
  const hours = Number(match[2] ?? match[6] ?? 0);
  const minutes = Number(match[3] ?? 0);
  if (hours > 23 || minutes > 59) return -1;
  const ms = (hours * 3600 + minutes * 60 + Number(match[4] ?? 0)) * 1000;
  into.offsetMs = (match[1] ?? match[5]) === '-' ? 0 - ms : ms;
  return at + match[0].length;
}

/** Reads one step at `at`; returns where it ends, or -1. */
function readStep(step: Step, text: string, at: number, into: Gathered): number {
  switch (step.kind) {
    case 'literal':
      return text.startsWith(step.text, at) ? at + step.text.length : -1;
    case 'space': {
      let end = at;
      while (end < text.length && /\s/.test(text[end]!)) end++;
      return end > at || step.optional ? end : -1;
    }
    case 'number':
      return readNumber(step, text, at, into);
    case 'fraction': {
      const end = readDigits(text, at, step.fixed ? step.digits : 9);
      if (end === at || (step.fixed && end - at !== step.digits)) return -1;
      into.fraction = Number(text.slice(at, end).padEnd(9, '0'));
      return end;
    }
    case 'monthName': {
      const [index, end] = readName(monthNames, text, at);
      into.numbers.month = index + 1;
      return end;
    }
    case 'weekday':
      return readName(weekdayNames, text, at)[1];
    case 'half': {
      const word = text.slice(at, at + 2).toUpperCase();
      if (word !== 'AM' && word !== 'PM') return -1;
      into.afternoon = word === 'PM';
      return at + 2;
    }
    case 'offset':
      return readOffset(text, at, into);
    case 'zone': {
      const name = zoneText.exec(text.slice(at))?.[0];
      if (name === undefined || !isZone(name)) return readOffset(text, at, into);
      into.zone = name;
      return at + name.length;
    }
  }
}

function yearOf({ year, year2, year2000 }: Gathered['numbers'], defaultYear: number): number {
  if (year !== undefined) return year;
  if (year2 !== undefined) return year2 < 69 ? 2000 + year2 : 1900 + year2;
  return year2000 === undefined ? defaultYear : 2000 + year2000;
}

function dayNumber(numbers: Gathered['numbers'], defaultYear: number): number {
  const year = yearOf(numbers, defaultYear);
  const inYear = numbers.dayOfYear;
  if (inYear !== undefined) {
    if (inYear < 1 || inYear > (isLeapYear(year) ? 366 : 365)) return Number.NaN;
    return daysFromCivil(year, 1, inYear);
  }
  const month = numbers.month ?? (numbers.quarter === undefined ? 1 : numbers.quarter * 3 - 2);
  const day = numbers.day ?? 1;
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return Number.NaN;
  return daysFromCivil(year, month, day);
}

function hourOf({ numbers, afternoon }: Gathered): number {
  const twelve = numbers.hour12;
  if (twelve === undefined) return numbers.hour24 ?? 0;
  if (twelve < 1 || twelve > 12) return Number.NaN;
  return (twelve % 12) + (afternoon === true ? 12 : 0);
}

/** Reads a whole text by steps; undefined when it does not fit or names a time that does not exist. */
export function readSteps(steps: readonly Step[], text: string, defaultYear = 1970): ParsedTime | undefined {
  const gathered: Gathered = {
    numbers: {},
    fraction: 0,
    afternoon: undefined,
    offsetMs: undefined,
    zone: undefined,
  };
  let at = 0;
  for (const step of steps) {
    at = readStep(step, text, at, gathered);
    if (at < 0) return undefined;
  }
  if (at !== text.length) return undefined;
  const { numbers, fraction, offsetMs, zone } = gathered;
  const nanos = fraction % 1_000_000;
  const ms = (fraction - nanos) / 1_000_000;
  if (numbers.epochSeconds !== undefined) {
    return { localMs: numbers.epochSeconds * 1000 + ms, nanos, offsetMs: 0 };
  }
  const hour = hourOf(gathered);
  const minute = numbers.minute ?? 0;
  const second = numbers.second ?? 0;
  const days = dayNumber(numbers, defaultYear);
  if (Number.isNaN(days) || !(hour <= 23) || minute > 59 || second > 59) return undefined;
  const localMs = days * dayMs + hour * 3_600_000 + minute * 60_000 + second * 1000 + ms;
  return {
    localMs,
    nanos,
    ...(offsetMs === undefined ? {} : { offsetMs }),
    ...(zone === undefined ? {} : { zone }),
  };
}

/** A date-time to spell: the local time, what is finer than a ms, and the offset and name of its zone. */
export interface SpelledTime {
  readonly localMs: number;
  readonly nanos: number;
  readonly offsetMs: number;
  readonly zone: string;
}

function numberToSpell(field: NumberField, time: SpelledTime, days: number): number {
  const ofDay = time.localMs - days * dayMs;
  const hour = Math.floor(ofDay / 3_600_000);
  switch (field) {
    case 'hour24':
      return hour;
    case 'hour12':
      return hour % 12 === 0 ? 12 : hour % 12;
    case 'minute':
      return Math.floor(ofDay / 60_000) % 60;
    case 'second':
      return Math.floor(ofDay / 1000) % 60;
    case 'epochSeconds':
      return Math.floor((time.localMs - time.offsetMs) / 1000);
    case 'dayOfYear':
      return dayOfYear(days);
    default: {
      const { year, month, day } = civilFromDays(days);
      if (field === 'year') return year;
      if (field === 'year2' || field === 'year2000') return ((year % 100) + 100) % 100;
      if (field === 'quarter') return Math.floor((month + 2) / 3);
      return field === 'month' ? month : day;
    }
  }
}

function spellStep(step: Step, time: SpelledTime, days: number): string {
  switch (step.kind) {
    case 'literal':
      return step.text;
    case 'space':
      return step.optional ? '' : ' ';
    case 'number': {
      const value = numberToSpell(step.field, time, days);
      const sign = value < 0 ? '-' : '';
      return sign + String(Math.abs(value)).padStart(step.least, step.pad);
    }
    case 'fraction': {
      const ms = (((time.localMs % 1000) + 1000) % 1000) * 1_000_000;
      return String(ms + time.nanos)
        .padStart(9, '0')
        .slice(0, step.digits);
    }
    case 'monthName': {
      const name = monthNames[civilFromDays(days).month - 1]!;
      return step.long ? name : name.slice(0, 3);
    }
    case 'weekday': {
      const name = weekdayNames[isoDayOfWeek(days) - 1]!;
      return step.long ? name : name.slice(0, 3);
    }
    case 'half':
      return time.localMs - days * dayMs < 43_200_000 ? 'AM' : 'PM';
    case 'offset': {
      if (step.zuluForZero && time.offsetMs === 0) return 'Z';
      const offset = spellOffset(time.offsetMs, step.separator);
      return step.hoursAlone === true && offset.endsWith('00') ? offset.slice(0, 3) : offset;
    }
    case 'zone':
      return time.zone;
  }
}

/** Spells a date-time by steps. */
export function spellSteps(steps: readonly Step[], time: SpelledTime): string {
  const days = Math.floor(time.localMs / dayMs);
  let text = '';
  for (const step of steps) text += spellStep(step, time, days);
  return text;
}
