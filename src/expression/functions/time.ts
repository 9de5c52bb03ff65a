/**
 * Functions on dates and times: their parts, arithmetic and the clock. time-text.ts has those between times
 * and texts.
 */
import { dayMs, localToEpoch } from '../../time/index.js';
import type { Temporal, Value } from '../value.js';
import { makeTemporal } from '../value-temporal.js';
import { temporalOf, textOf, wallClock, wholeOf, zoneOf } from './argument.js';
import type { FunctionDefinition, FunctionSession } from './definition.js';
import { timeTextFunctions } from './time-text.js';
import { added, extracted, needUnit, unitsBetween } from './time-unit.js';

function part(name: string, unit: string, summary: string, result: string): FunctionDefinition {
  return {
    name,
    family: 'time',
    usage: `${name}(time)`,
    summary,
    example: [`${name}(TIMESTAMP '1994-09-27 13:14:15')`, result],
    parameters: ['any'],
    returns: 'number',
    evaluate: ([value], session) => extracted(unit, temporalOf(value!), session),
  };
}

const partFunctions: readonly FunctionDefinition[] = [
  part('YEAR', 'YEAR', 'The year.', '1994'),
  part('QUARTER', 'QUARTER', 'The quarter of the year, 1 to 4.', '3'),
  part('MONTH', 'MONTH', 'The month, 1 to 12.', '9'),
  part('WEEK', 'WEEK', 'The ISO week of the year, 1 to 53.', '39'),
  part('DAYOFYEAR', 'DOY', 'The day of the year, 1 to 366.', '270'),
  part('DAYOFMONTH', 'DAY', 'The day of the month, 1 to 31.', '27'),
  part('DAYOFWEEK', 'DOW', 'The day of the week, 1 (Sunday) to 7 (Saturday).', '3'),
  part('HOUR', 'HOUR', 'The hour, 0 to 23.', '13'),
  part('MINUTE', 'MINUTE', 'The minute, 0 to 59.', '14'),
  part('SECOND', 'SECOND', 'The second, 0 to 59.', '15'),
  {
    name: 'EXTRACT',
    family: 'time',
    usage: 'EXTRACT(unit FROM time)',
    summary: 'One part of a time: YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, DOW, DOY, WEEK, EPOCH and so on.',
    example: ["EXTRACT(DAY FROM DATE '2006-06-05')", '5'],
    parameters: ['text', 'any'],
    returns: 'number',
    evaluate: ([unit, value], session) => extracted(needUnit(unit), temporalOf(value!), session),
  },
];

const arithmeticFunctions: readonly FunctionDefinition[] = [
  {
    name: 'TIMESTAMPADD',
    family: 'time',
    usage: 'TIMESTAMPADD(unit, count, time)',
    summary: 'A time so many units later. Months end on the last day where the day does not exist.',
    example: ["TIMESTAMPADD(MONTH, 1, DATE '2026-01-31')", '"2026-02-28"'],
    parameters: ['text', 'number', 'any'],
    returns: 'any',
    evaluate: ([unit, count, value], session) =>
      added(needUnit(unit), wholeOf(count), temporalOf(value!), session),
  },
  {
    name: 'TIMESTAMPDIFF',
    family: 'time',
    usage: 'TIMESTAMPDIFF(unit, from, to)',
    summary: 'How many whole units lie between two times.',
    example: ["TIMESTAMPDIFF(HOUR, TIMESTAMP '2026-11-24 10:30:00', TIMESTAMP '2026-11-24 13:00:00')", '2'],
    parameters: ['text', 'any', 'any'],
    returns: 'number',
    evaluate: ([unit, from, to], session) =>
      unitsBetween(needUnit(unit), temporalOf(from!), temporalOf(to!), session),
  },
  {
    name: 'CONVERT_TZ',
    family: 'time',
    usage: 'CONVERT_TZ(time, from zone, to zone)',
    summary: 'What the clock of one zone shows at a time of another.',
    example: ["CONVERT_TZ('1970-01-01 00:00:00', 'UTC', 'America/Los_Angeles')", '"1969-12-31 16:00:00"'],
    parameters: ['any', 'text', 'text'],
    returns: 'text',
    evaluate: ([value, from, to], session) => {
      const { localMs } = wallClock(temporalOf(value!), session);
      const instant = makeTemporal('timestamp_ltz', localToEpoch(zoneOf(from!), localMs), 0);
      const shown = wallClock(instant, { ...session, zone: zoneOf(to!) }).localMs;
      return textOf(makeTemporal('timestamp', shown, 0)).slice(0, 19);
    },
  },
];

/** The wall clock of the session's zone now. */
function localNow(session: FunctionSession): number {
  return wallClock(makeTemporal('timestamp_ltz', session.nowMs(), 0), session).localMs;
}

function clock(
  name: string,
  aliases: readonly string[],
  summary: string,
  returns: Temporal['type'],
  read: (session: FunctionSession) => Value,
): FunctionDefinition {
  return {
    name,
    aliases,
    family: 'time',
    usage: `${name}()`,
    summary,
    example: [`${name}() IS NOT NULL`, 'true'],
    parameters: [],
    returns,
    volatile: true,
    evaluate: (_none, session) => read(session),
  };
}

const clockFunctions: readonly FunctionDefinition[] = [
  clock(
    'NOW',
    ['CURRENT_TIMESTAMP', 'CURRENT_ROW_TIMESTAMP'],
    'The present instant.',
    'timestamp_ltz',
    (session) => makeTemporal('timestamp_ltz', session.nowMs(), 0),
  ),
  clock('LOCALTIMESTAMP', [], 'What the clock of the session’s zone shows now.', 'timestamp', (session) =>
    makeTemporal('timestamp', localNow(session), 0),
  ),
  clock('CURRENT_DATE', [], 'Today in the session’s zone.', 'date', (session) =>
    makeTemporal('date', Math.floor(localNow(session) / dayMs) * dayMs, 0),
  ),
  clock('LOCALTIME', ['CURRENT_TIME'], 'The time of day in the session’s zone.', 'time', (session) => {
    const seconds = Math.floor(localNow(session) / 1000) * 1000;
    return makeTemporal('time', seconds - Math.floor(seconds / dayMs) * dayMs, 0);
  }),
];

/** All functions on dates and times, but FLOOR and CEIL, which round numbers as well. */
export const timeFunctions: readonly FunctionDefinition[] = [
  ...partFunctions,
  ...arithmeticFunctions,
  ...timeTextFunctions,
  ...clockFunctions,
];
