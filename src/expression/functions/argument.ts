/**
 * How the built-in functions look at their arguments. The caller has converted them to the declared types;
 * what is declared `any`, and the number kinds behind `number`, are taken apart here. Nothing here guesses:
 * a value that is not of the kind refuses the record with a sentence that names the function's wish.
 */
import { isProblem } from '../../diagnostics/index.js';
import { checkZone, zoneOffsetMs } from '../../time/index.js';
import type { Decimal, Temporal, Value } from '../value.js';
import { toNumber, toTemporal } from '../value-convert.js';
import { valueError } from '../value-error.js';
import { describeValue, toText } from '../value-text.js';
import type { FunctionSession } from './definition.js';

/** The text of a value; of null it is empty, which no caller asks for. */
export function textOf(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '' : toText(value);
}

export function isDecimal(value: Value): value is Decimal {
  return typeof value === 'object' && value !== null && value.type === 'decimal';
}

export function isTemporal(value: Value): value is Temporal {
  if (typeof value !== 'object' || value === null) return false;
  return (
    value.type === 'timestamp' ||
    value.type === 'timestamp_ltz' ||
    value.type === 'date' ||
    value.type === 'time'
  );
}

/** A number as a double; NaN for null, which no caller asks for. */
export function doubleOf(value: Value | undefined): number {
  if (typeof value === 'number') return value;
  return value === null || value === undefined ? Number.NaN : toNumber(value);
}

/** A number as a whole one, its fraction cut off; beyond 2^53 it is only near. */
export function wholeOf(value: Value | undefined): number {
  return Math.trunc(doubleOf(value));
}

/** A number as an exact integer, its fraction cut off. */
export function bigintOf(value: Value): bigint {
  if (typeof value === 'bigint') return value;
  if (isDecimal(value)) return value.unscaled / 10n ** BigInt(value.scale);
  const number = doubleOf(value);
  if (!Number.isFinite(number)) throw valueError(`${describeValue(value)} is not an integer`);
  return BigInt(Math.trunc(number));
}

/**
 * A date-time, or what a text in SQL or ISO 8601 form spells. Numbers are refused: they do not say their
 * unit.
 */
export function temporalOf(value: Value): Temporal {
  return isTemporal(value) ? value : toTemporal(value as Exclude<Value, null>);
}

/**
 * The wall clock that a temporal value shows: ms since 1970-01-01T00:00 of that clock, and its offset from
 * UTC.
 */
export function wallClock(
  value: Temporal,
  session: FunctionSession,
): { readonly localMs: number; readonly offsetMs: number } {
  if (value.type !== 'timestamp_ltz' || session.zone === 'UTC') return { localMs: value.ms, offsetMs: 0 };
  const offsetMs = zoneOffsetMs(session.zone, value.ms);
  return { localMs: value.ms + offsetMs, offsetMs };
}

/**
 * Runs something that throws problems about its text (a pattern, a zone); they become errors of the record.
 */
export function refusing<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!isProblem(error)) throw error;
    const hint = error.details.hint === undefined ? '' : ` (${error.details.hint})`;
    throw valueError(error.details.message + hint);
  }
}

/** The name of a zone that a function was given; there being none refuses the record. */
export function zoneOf(value: Value): string {
  return refusing(() => checkZone(textOf(value)));
}

/**
 * The result for a text, kept for the texts seen last: what patterns and paths, constant as a rule, compile
 * to.
 */
export function remembering<Result>(compile: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, Result>();
  let lastText: string | undefined;
  let last: Result;
  return (text) => {
    if (text === lastText) return last;
    let result = known.get(text);
    if (result === undefined) {
      result = compile(text);
      // Patterns taken from data must not fill the memory.
      if (known.size >= 256) known.clear();
      known.set(text, result);
    }
    lastText = text;
    last = result;
    return result;
  };
}
