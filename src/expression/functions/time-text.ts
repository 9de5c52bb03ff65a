/**
 * Functions between times and texts or epoch numbers. Patterns are in letters, as in Flink: `yyyy-MM-dd
 * HH:mm:ss`. A text that cannot be read as a time is NULL, as in Flink; a pattern that makes no sense
 * refuses the record.
 */
import { compileLetterPattern, dayMs, localToEpoch, type ParsedTime } from '../../time/index.js';
import type { Temporal, Value } from '../value.js';
import { valueError } from '../value-error.js';
import { makeTemporal, parseTemporal } from '../value-temporal.js';
import {
  bigintOf,
  doubleOf,
  isDecimal,
  isTemporal,
  refusing,
  remembering,
  temporalOf,
  textOf,
  wallClock,
  wholeOf,
  zoneOf,
} from './argument.js';
import type { FunctionDefinition, FunctionSession } from './definition.js';

const defaultPattern = 'yyyy-MM-dd HH:mm:ss';
const patternOf = remembering((text) => refusing(() => compileLetterPattern(text)));

function formatted(value: Temporal, pattern: string, session: FunctionSession): string {
  const { localMs, offsetMs } = wallClock(value, session);
  const zone = value.type === 'timestamp_ltz' ? session.zone : 'UTC';
  return patternOf(pattern).spell({ localMs, nanos: value.nanos, offsetMs, zone });
}

/** What a text says by a pattern, or without one in the usual forms; undefined when it does not fit. */
function readText(text: string, pattern: Value | undefined): ParsedTime | undefined {
  if (pattern !== undefined) return patternOf(textOf(pattern)).read(text);
  const value = parseTemporal(text);
  if (value === undefined || value.type === 'time') return undefined;
  const local = { localMs: value.ms, nanos: value.nanos };
  return value.type === 'timestamp_ltz' ? { ...local, offsetMs: 0 } : local;
}

/** The instant of what was read: by its own offset or zone, else in the given zone. */
function instantOf(read: ParsedTime, zone: string): number {
  if (read.offsetMs !== undefined) return read.localMs - read.offsetMs;
  return localToEpoch(read.zone ?? zone, read.localMs);
}

function toTimestamp([value, pattern]: readonly Value[], session: FunctionSession): Value {
  if (isTemporal(value!)) return makeTemporal('timestamp', wallClock(value, session).localMs, value.nanos);
  const read = readText(textOf(value), pattern);
  if (read === undefined) return null;
  return makeTemporal('timestamp', read.localMs - (read.offsetMs ?? 0), read.nanos);
}

/** Powers of ten of a second that the precision of TO_TIMESTAMP_LTZ counts in, in units per ms. */
const ltzUnits: Readonly<Record<number, number>> = { 0: 1e-3, 3: 1, 6: 1e3, 9: 1e6 };

function ltzFromNumber(value: Value, precision: number): Value {
  const perMs = ltzUnits[precision];
  if (perMs === undefined) throw valueError('the precision of TO_TIMESTAMP_LTZ is 0, 3, 6 or 9');
  if (perMs < 1) {
    const ms = Math.floor(Math.round(doubleOf(value) * 1e6) / 1000);
    return makeTemporal('timestamp_ltz', ms, 0);
  }
  const units = typeof value === 'number' && perMs === 1 ? BigInt(Math.floor(value)) : bigintOf(value);
  const divisor = BigInt(perMs);
  const rest = ((units % divisor) + divisor) % divisor;
  const nanos = Number(rest) * (1e6 / perMs);
  return makeTemporal('timestamp_ltz', Number((units - rest) / divisor), nanos);
}

function toTimestampLtz([value, second, third]: readonly Value[], session: FunctionSession): Value {
  if (isTemporal(value!)) {
    const { localMs } = wallClock(value, session);
    const ms = value.type === 'timestamp_ltz' ? value.ms : localToEpoch(session.zone, localMs);
    return makeTemporal('timestamp_ltz', ms, value.nanos);
  }
  if (typeof value === 'number' || typeof value === 'bigint' || isDecimal(value!)) {
    return ltzFromNumber(value!, second === undefined ? 3 : wholeOf(second));
  }
  const read = readText(textOf(value), second);
  if (read === undefined) return null;
  const zone = third === undefined ? session.zone : zoneOf(third);
  return makeTemporal('timestamp_ltz', instantOf(read, zone), read.nanos);
}

function unixTimestamp([value, pattern]: readonly Value[], session: FunctionSession): Value {
  if (value === undefined) return Math.floor(session.nowMs() / 1000);
  if (isTemporal(value!)) {
    const { localMs } = wallClock(value, session);
    const ms = value.type === 'timestamp_ltz' ? value.ms : localToEpoch(session.zone, localMs);
    return Math.floor(ms / 1000);
  }
  const read = readText(textOf(value), pattern);
  return read === undefined ? null : Math.floor(instantOf(read, session.zone) / 1000);
}

/** Functions that read and spell times. */
export const timeTextFunctions: readonly FunctionDefinition[] = [
  {
    name: 'DATE_FORMAT',
    family: 'time',
    usage: 'DATE_FORMAT(time, pattern)',
    summary: 'A time as a text by a pattern of letters such as yyyy-MM-dd HH:mm:ss.SSS.',
    example: ["DATE_FORMAT(TIMESTAMP '2026-11-24 10:05:00', 'd MMM yyyy, HH:mm')", '"24 Nov 2026, 10:05"'],
    parameters: ['any', 'text'],
    returns: 'text',
    evaluate: ([value, pattern], session) => formatted(temporalOf(value!), textOf(pattern), session),
  },
  {
    name: 'TO_TIMESTAMP',
    family: 'time',
    usage: 'TO_TIMESTAMP(text [, pattern])',
    summary: 'The timestamp that a text says; NULL if it says none. An offset in the text takes it to UTC.',
    example: ["TO_TIMESTAMP('24/11/2026 10:05', 'dd/MM/yyyy HH:mm')", '"2026-11-24 10:05:00.000"'],
    parameters: ['any', 'text'],
    required: 1,
    returns: 'timestamp',
    evaluate: toTimestamp,
  },
  {
    name: 'TO_TIMESTAMP_LTZ',
    family: 'time',
    usage: 'TO_TIMESTAMP_LTZ(number, precision) or (text [, pattern [, zone]])',
    summary:
      'The instant of an epoch number in seconds (precision 0), ms (3), µs (6) or ns (9), or of a text.',
    example: ['UNIX_TIMESTAMP(TO_TIMESTAMP_LTZ(1795514700000, 3))', '1795514700'],
    parameters: ['any', 'any', 'text'],
    required: 1,
    returns: 'timestamp_ltz',
    evaluate: toTimestampLtz,
  },
  {
    name: 'TO_DATE',
    family: 'time',
    usage: 'TO_DATE(text [, pattern])',
    summary: 'The date that a text says, by default as yyyy-MM-dd; NULL if it says none.',
    example: ["TO_DATE('24.11.2026', 'dd.MM.yyyy')", '"2026-11-24"'],
    parameters: ['any', 'text'],
    required: 1,
    returns: 'date',
    evaluate: ([value, pattern], session) => {
      const timestamp = toTimestamp(
        [value!, ...(pattern === undefined ? [] : [pattern])],
        session,
      ) as Temporal | null;
      return timestamp === null ? null : makeTemporal('date', Math.floor(timestamp.ms / dayMs) * dayMs, 0);
    },
  },
  {
    name: 'UNIX_TIMESTAMP',
    family: 'time',
    usage: 'UNIX_TIMESTAMP([text [, pattern]])',
    summary: 'Epoch seconds of a time in the session’s zone, or of now; NULL if the text says none.',
    example: ["UNIX_TIMESTAMP('1970-01-01 00:01:00')", '60'],
    parameters: ['any', 'text'],
    required: 0,
    returns: 'number',
    volatile: true,
    evaluate: unixTimestamp,
  },
  {
    name: 'FROM_UNIXTIME',
    family: 'time',
    usage: 'FROM_UNIXTIME(seconds [, pattern])',
    summary: 'Epoch seconds as a text in the session’s zone, by default as yyyy-MM-dd HH:mm:ss.',
    example: ['FROM_UNIXTIME(44)', '"1970-01-01 00:00:44"'],
    parameters: ['number', 'text'],
    required: 1,
    returns: 'text',
    evaluate: ([seconds, pattern], session) => {
      const instant = makeTemporal('timestamp_ltz', wholeOf(seconds) * 1000, 0);
      return formatted(instant, pattern === undefined ? defaultPattern : textOf(pattern), session);
    },
  },
];
