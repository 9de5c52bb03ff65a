/**
 * Functions on dates and times: parts, units, patterns, zones. Values are those of Flink's documentation and
 * tests.
 */
import t, { type Test } from 'tap';
import { makeTemporal, parseTemporal, type Temporal, type Value } from '../../../src/expression/index.js';
import { call, nowMs } from './functions-call.js';

type Case = readonly [name: string, arguments_: readonly Value[], result: string | RegExp, zone?: string];

function check(t: Test, cases: readonly Case[]): void {
  cases.forEach(([name, values, result, zone], index) => {
    if (typeof result === 'string') t.equal(call(name, values, zone), result, `${name}, case ${index}`);
    else t.match(call(name, values, zone), result, `${name}, case ${index}`);
  });
}

function timestamp(text: string): Temporal {
  const value = parseTemporal(text);
  if (value === undefined) throw new Error(text);
  return value.type === 'date' ? makeTemporal('timestamp', value.ms) : value;
}

function date(text: string): Temporal {
  return makeTemporal('date', timestamp(text).ms);
}

const instant = (text: string): Temporal => makeTemporal('timestamp_ltz', timestamp(text).ms);
const timeOfDay = (h: number, m: number, s: number): Temporal =>
  makeTemporal('time', ((h * 60 + m) * 60 + s) * 1000);

t.test('parts of a time', (t) => {
  const monday = timestamp('2000-01-31 11:22:33.123456789');
  const saturday = timestamp('2020-02-29 01:56:59.987654321');
  const parts: Readonly<Record<string, readonly [number, number]>> = {
    NANOSECOND: [123456789, 987654321],
    MICROSECOND: [123456, 987654],
    MILLISECOND: [123, 987],
    SECOND: [33, 59],
    MINUTE: [22, 56],
    HOUR: [11, 1],
    DAY: [31, 29],
    WEEK: [5, 9],
    MONTH: [1, 2],
    QUARTER: [1, 1],
    YEAR: [2000, 2020],
    DECADE: [200, 202],
    CENTURY: [20, 21],
    MILLENNIUM: [2, 3],
    DOW: [2, 7],
    ISODOW: [1, 6],
    DOY: [31, 60],
    ISOYEAR: [2000, 2020],
    EPOCH: [949317753, 1582941419],
  };
  for (const [unit, [first, second]] of Object.entries(parts)) {
    t.equal(call('EXTRACT', [unit, monday]), String(first), unit);
    t.equal(call('EXTRACT', [unit.toLowerCase(), saturday]), String(second), unit);
  }
  check(t, [
    ['EXTRACT', ['DAY', date('1990-10-14')], '14'],
    ['EXTRACT', ['HOUR', date('1990-10-14')], '0'],
    ['EXTRACT', ['MINUTE', timeOfDay(12, 44, 31)], '44'],
    ['EXTRACT', ['YEAR', timeOfDay(12, 44, 31)], /^error: a time has no YEAR/],
    ['EXTRACT', ['JEAR', monday], /^error: .*did you mean YEAR\?/],
    ['YEAR', ['2026-11-24T10:00:00Z'], '2026'],
    ['HOUR', ['2026-11-24 10:00:00'], '10'],
    ['YEAR', [1795514400000], /^error: .*TO_TIMESTAMP_LTZ/],
    ['YEAR', ['soon'], /^error/],
    ['WEEK', ['2027-01-01'], '53'],
    ['HOUR', [instant('2026-07-01 23:30:00')], '1', 'Europe/Oslo'],
    ['DAYOFMONTH', [instant('2026-07-01 23:30:00')], '2', 'Europe/Oslo'],
  ]);
  t.end();
});

t.test('rounding to units', (t) => {
  const value = timestamp('2020-02-29 01:56:59.987654321');
  const bounds: Readonly<Record<string, readonly [down: string, up: string]>> = {
    MILLISECOND: ['2020-02-29 01:56:59.987', '2020-02-29 01:56:59.988'],
    SECOND: ['2020-02-29 01:56:59.000', '2020-02-29 01:57:00.000'],
    MINUTE: ['2020-02-29 01:56:00.000', '2020-02-29 01:57:00.000'],
    HOUR: ['2020-02-29 01:00:00.000', '2020-02-29 02:00:00.000'],
    DAY: ['2020-02-29 00:00:00.000', '2020-03-01 00:00:00.000'],
    WEEK: ['2020-02-23 00:00:00.000', '2020-03-01 00:00:00.000'],
    MONTH: ['2020-02-01 00:00:00.000', '2020-03-01 00:00:00.000'],
    QUARTER: ['2020-01-01 00:00:00.000', '2020-04-01 00:00:00.000'],
    YEAR: ['2020-01-01 00:00:00.000', '2021-01-01 00:00:00.000'],
    DECADE: ['2020-01-01 00:00:00.000', '2030-01-01 00:00:00.000'],
    CENTURY: ['2001-01-01 00:00:00.000', '2101-01-01 00:00:00.000'],
    MILLENNIUM: ['2001-01-01 00:00:00.000', '3001-01-01 00:00:00.000'],
  };
  for (const [unit, [down, up]] of Object.entries(bounds)) {
    t.equal(call('FLOOR', [unit, value]), `"${down}"`, `down to ${unit}`);
    t.equal(call('CEIL', [value, unit]), `"${up}"`, `up to ${unit}`);
  }
  check(t, [
    ['FLOOR', ['HOUR', timestamp('1969-12-31 23:30:00')], '"1969-12-31 23:00:00.000"'],
    ['CEIL', ['HOUR', timestamp('2020-02-29 02:00:00')], '"2020-02-29 02:00:00.000"'],
    ['CEIL', ['WEEK', date('1990-10-14')], '"1990-10-14"'],
    ['CEIL', ['MONTH', date('1990-10-14')], '"1990-11-01"'],
    ['FLOOR', ['HOUR', date('1990-10-14')], '"1990-10-14"'],
    ['FLOOR', ['MINUTE', timeOfDay(12, 44, 31)], '"12:44:00"'],
    ['CEIL', ['MINUTE', timeOfDay(12, 44, 31)], '"12:45:00"'],
    ['CEIL', ['HOUR', timeOfDay(23, 44, 31)], '"00:00:00"'],
    ['FLOOR', ['YEAR', timeOfDay(23, 44, 31)], /^error/],
    ['FLOOR', ['DOW', value], /^error/],
    ['FLOOR', ['DAY', instant('2026-07-01 23:30:00')], '"2026-07-01 22:00:00.000Z"', 'Europe/Oslo'],
  ]);
  t.end();
});

t.test('adding units and counting them', (t) => {
  const noon = timestamp('2026-11-24 12:00:00');
  check(t, [
    ['TIMESTAMPADD', ['HOUR', -13, noon], '"2026-11-23 23:00:00.000"'],
    ['TIMESTAMPADD', ['WEEK', 1, date('2026-11-24')], '"2026-12-01"'],
    ['TIMESTAMPADD', ['HOUR', 1, date('2026-11-24')], '"2026-11-24 01:00:00.000"'],
    ['TIMESTAMPADD', ['YEAR', 1, date('2024-02-29')], '"2025-02-28"'],
    ['TIMESTAMPADD', ['MONTH', -12, date('2024-02-29')], '"2023-02-28"'],
    ['TIMESTAMPADD', ['QUARTER', 1, noon], '"2027-02-24 12:00:00.000"'],
    ['TIMESTAMPADD', ['HOUR', 13, timeOfDay(12, 0, 0)], '"01:00:00"'],
    ['TIMESTAMPADD', ['SQL_TSI_DAY', 1, '2026-11-24'], /^"2026-11-25/],
    ['TIMESTAMPADD', ['DOW', 1, noon], /^error/],
    [
      'TIMESTAMPADD',
      ['MONTH', 1, instant('2026-03-15 23:30:00')],
      '"2026-04-15 22:30:00.000Z"',
      'Europe/Oslo',
    ],
    ['TIMESTAMPDIFF', ['DAY', date('2003-01-02'), date('2003-01-03')], '1'],
    ['TIMESTAMPDIFF', ['MONTH', date('2001-02-01'), date('2001-05-01')], '3'],
    ['TIMESTAMPDIFF', ['MONTH', timestamp('2026-01-31 10:00:00'), timestamp('2026-02-28 10:00:00')], '0'],
    ['TIMESTAMPDIFF', ['MONTH', timestamp('2026-01-15 10:00:00'), timestamp('2026-02-15 09:59:59')], '0'],
    ['TIMESTAMPDIFF', ['YEAR', date('2002-05-01'), date('2001-01-01')], '-1'],
    ['TIMESTAMPDIFF', ['SECOND', noon, timestamp('2026-11-24 11:59:58.500')], '-1'],
    ['TIMESTAMPDIFF', ['HOUR', noon, noon], '0'],
    ['TIMESTAMPDIFF', ['DAY', '2026-11-24T00:00:00Z', '2026-11-25T00:00:00Z'], '1'],
  ]);
  t.end();
});

t.test('times to texts and back', (t) => {
  const time = timestamp('2026-11-24 10:05:06.078');
  check(t, [
    ['DATE_FORMAT', [time, 'yyyy-MM-dd HH:mm:ss.SSS'], '"2026-11-24 10:05:06.078"'],
    ['DATE_FORMAT', ['2026-11-24 10:05:06', 'EEE dd/MM/yy hh:mm a'], '"Tue 24/11/26 10:05 AM"'],
    ['DATE_FORMAT', [time, 'yyyy-ww'], /^error: ww means nothing/],
    ['DATE_FORMAT', [instant('2026-07-01 23:30:00'), 'dd HH:mm XXX'], '"02 01:30 +02:00"', 'Europe/Oslo'],
    ['TO_TIMESTAMP', ['2026-11-24 10:05:06'], '"2026-11-24 10:05:06.000"'],
    ['TO_TIMESTAMP', ['2026-11-24T10:05:06.5+02:00'], '"2026-11-24 08:05:06.500"'],
    ['TO_TIMESTAMP', ['24 Nov 2026', 'd MMM yyyy'], '"2026-11-24 00:00:00.000"'],
    ['TO_TIMESTAMP', ['24 Nov', 'd MMM yyyy'], 'null'],
    ['TO_TIMESTAMP', ['soon'], 'null'],
    ['TO_DATE', ['2026-11-24'], '"2026-11-24"'],
    ['TO_DATE', ['2026-02-30'], 'null'],
    ['TO_TIMESTAMP_LTZ', [1795514400, 0], '"2026-11-24 10:00:00.000Z"'],
    ['TO_TIMESTAMP_LTZ', [nowMs, 3], '"2026-11-24 10:00:00.123Z"'],
    ['TO_TIMESTAMP_LTZ', [nowMs], '"2026-11-24 10:00:00.123Z"'],
    ['TO_TIMESTAMP_LTZ', [1795514400123456789n, 9], /^"2026-11-24 10:00:00\.123456789Z"/],
    ['TO_TIMESTAMP_LTZ', [-1, 3], '"1969-12-31 23:59:59.999Z"'],
    ['TO_TIMESTAMP_LTZ', [1, 4], /^error/],
    [
      'TO_TIMESTAMP_LTZ',
      ['2026-07-01 12:00', 'yyyy-MM-dd HH:mm', 'Europe/Oslo'],
      '"2026-07-01 10:00:00.000Z"',
    ],
    ['TO_TIMESTAMP_LTZ', ['2026-07-01', 'yyyy-MM-dd', 'Europe/Olso'], /^error: .*Europe\/Oslo/],
    ['UNIX_TIMESTAMP', [], '1795514400'],
    ['UNIX_TIMESTAMP', ['1970-01-01 08:00:01.001', 'yyyy-MM-dd HH:mm:ss.SSS'], '25201', 'Europe/Berlin'],
    ['UNIX_TIMESTAMP', ['1970-01-01 08:00:01.001 +0800', 'yyyy-MM-dd HH:mm:ss.SSS X'], '1', 'Europe/Berlin'],
    ['UNIX_TIMESTAMP', ['1970-01-01 08:00:01', 'yyyy-MM-dd'], 'null'],
    ['FROM_UNIXTIME', [44], '"1970-01-01 09:00:44"', 'Asia/Tokyo'],
    ['FROM_UNIXTIME', [0, 'yyyy'], '"1970"'],
    ['CONVERT_TZ', ['2026-07-01 12:00:00', 'Europe/Oslo', 'Asia/Kolkata'], '"2026-07-01 15:30:00"'],
    ['CONVERT_TZ', ['2026-07-01 12:00:00', 'PST!', 'UTC'], /^error: unknown time zone/],
  ]);
  t.end();
});

t.test('the clock is the session’s, on the clock of its zone', (t) => {
  check(t, [
    ['NOW', [], '"2026-11-24 10:00:00.123Z"', 'Asia/Kolkata'],
    ['LOCALTIMESTAMP', [], '"2026-11-24 15:30:00.123"', 'Asia/Kolkata'],
    ['CURRENT_DATE', [], '"2026-11-24"', 'Asia/Kolkata'],
    ['CURRENT_DATE', [], '"2026-11-25"', 'Pacific/Kiritimati'],
    ['LOCALTIME', [], '"15:30:00"', 'Asia/Kolkata'],
  ]);
  t.end();
});
