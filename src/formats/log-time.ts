/**
 * The clocks of log lines: nginx's and Apache's `24/Nov/2026:10:00:00 +0100`, syslog's `Nov 24 10:00:00`,
 * epoch numbers, ISO 8601. All of them become epoch milliseconds, spelled alike as ISO 8601 in UTC. Nothing
 * here reads the clock: the year that RFC 3164 leaves out is found from a time that is handed in.
 */
import {
  dayMs,
  daysFromCivil,
  daysInMonth,
  instantFromBytes,
  spellInstant,
  type TimeForm,
} from '../time/index.js';

/** How every text format spells its event time. */
export const logTimeForm: TimeForm = { kind: 'iso', quoted: false, fractionDigits: 3, suffix: 'Z' };

/** Epoch ms as `2026-11-24T10:00:00.000Z`. */
export const isoText = spellInstant(logTimeForm);

/** Epoch ms of ISO 8601 with an offset, Z or nothing (UTC); NaN if it is something else. */
export function isoInstant(bytes: Uint8Array, start: number, end: number): number {
  return instantFromBytes(logTimeForm, bytes, start, end - start);
}

/** Three small letters as one number, so that a month is found by comparing numbers. */
const monthKeys = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'].map(
  (name) => (name.charCodeAt(0) << 16) | (name.charCodeAt(1) << 8) | name.charCodeAt(2),
);

/** 1 to 12 for a month's English name in three letters, 0 for anything else. */
function monthAt(bytes: Uint8Array, at: number): number {
  const key = ((bytes[at]! | 0x20) << 16) | ((bytes[at + 1]! | 0x20) << 8) | (bytes[at + 2]! | 0x20);
  return monthKeys.indexOf(key) + 1;
}

/** The number that two digits say; negative when they are none. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - 0x30;
  const ones = bytes[at + 1]! - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** Milliseconds of the day that hh:mm:ss says, a leap second included; NaN when it is none. */
function clockAt(bytes: Uint8Array, at: number): number {
  const hour = twoDigits(bytes, at);
  const minute = twoDigits(bytes, at + 3);
  const second = twoDigits(bytes, at + 6);
  if (bytes[at + 2] !== 0x3a || bytes[at + 5] !== 0x3a) return Number.NaN;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return Number.NaN;
  return ((hour * 60 + minute) * 60 + second) * 1000;
}

let lastDate = -1;
let lastDateMs = 0;

/**
 * Epoch ms of midnight, NaN for a date that does not exist. Log lines repeat their day: the last one is
 * kept.
 */
function midnight(year: number, month: number, day: number): number {
  const date = (year * 16 + month) * 32 + day;
  if (date === lastDate) return lastDateMs;
  if (month < 1 || day < 1 || day > daysInMonth(year, month)) return Number.NaN;
  lastDate = date;
  lastDateMs = daysFromCivil(year, month, day) * dayMs;
  return lastDateMs;
}

/** Epoch ms of `24/Nov/2026:10:00:00 +0100`; NaN for anything else. */
export function localTimeInstant(bytes: Uint8Array, start: number, end: number): number {
  if (end - start !== 26 || bytes[start + 2] !== 0x2f || bytes[start + 6] !== 0x2f) return Number.NaN;
  const century = twoDigits(bytes, start + 7);
  const year = twoDigits(bytes, start + 9);
  const day = twoDigits(bytes, start);
  const zoneHours = twoDigits(bytes, start + 22);
  const zoneMinutes = twoDigits(bytes, start + 24);
  if (century < 0 || year < 0 || day < 0 || zoneHours < 0 || zoneMinutes < 0) return Number.NaN;
  const sign = bytes[start + 21];
  if (bytes[start + 11] !== 0x3a || bytes[start + 20] !== 0x20) return Number.NaN;
  if (sign !== 0x2b && sign !== 0x2d) return Number.NaN;
  const zoneMs = (zoneHours * 60 + zoneMinutes) * 60_000;
  const localMs = midnight(century * 100 + year, monthAt(bytes, start + 3), day) + clockAt(bytes, start + 12);
  return sign === 0x2b ? localMs - zoneMs : localMs + zoneMs;
}

/** Epoch ms of a number of units since 1970, such as `1700000000.123` seconds; NaN for anything else. */
export function epochInstant(bytes: Uint8Array, start: number, end: number, unitMs: number): number {
  let value = 0;
  let scale = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === 0x2e && scale === 0 && at > start) scale = 1;
    else if (byte >= 0x30 && byte <= 0x39) {
      value = value * 10 + byte - 0x30;
      scale *= 10;
    } else return Number.NaN;
  }
  const units = value / (scale === 0 ? 1 : scale);
  return start === end || units > 1e16 ? Number.NaN : Math.floor(units * unitMs + 1e-6);
}

/** How far ahead of the clock a syslog time may be before it is taken for last year's. */
const aheadMs = 7 * dayMs;

/**
 * Epoch ms of `Nov 24 10:00:00` at `start`, in UTC; NaN for anything else. The year is `year`, or else the
 * latest in which the date exists and lies at most a week behind `nowMs`.
 */
export function yearlessInstant(
  bytes: Uint8Array,
  start: number,
  nowMs: number,
  year: number | undefined,
): number {
  const month = monthAt(bytes, start);
  const day = bytes[start + 4] === 0x20 ? bytes[start + 5]! - 0x30 : twoDigits(bytes, start + 4);
  const clock = clockAt(bytes, start + 7);
  if (bytes[start + 3] !== 0x20 || bytes[start + 6] !== 0x20 || month === 0 || Number.isNaN(clock))
    return Number.NaN;
  if (year !== undefined) return midnight(year, month, day) + clock;
  const latest = new Date(nowMs + aheadMs).getUTCFullYear();
  // 29 February may be eight years back.
  for (let candidate = latest; candidate > latest - 9; candidate--) {
    const instant = midnight(candidate, month, day) + clock;
    if (instant <= nowMs + aheadMs) return instant;
  }
  return Number.NaN;
}
