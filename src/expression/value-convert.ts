/**
 * Conversions that happen by themselves, where an operator or function wants a type: texts that spell the wanted type
 * are converted (log formats know only texts), everything else is refused. Explicit ones are in value-cast.ts.
 */
import { epochToLocal, localToEpoch } from '../time/index.js';
import type { Decimal, Nested, Temporal, Value, ValueType } from './value.js';
import { decimalOf, decimalToNumber } from './value-decimal.js';
import { valueError } from './value-error.js';
import { parseJson } from './value-nested.js';
import { parseNumber, quoted } from './value-number.js';
import { makeTemporal, parseTemporal } from './value-temporal.js';
import { describeValue, nameType, toText } from './value-text.js';

/** A value that counts. */
export type Numeric = number | bigint | Decimal;

/** Whether a value is a number or a decimal. */
export function isNumeric(value: Value): value is Numeric {
  return (
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    (typeof value === 'object' && value?.type === 'decimal')
  );
}

/** The number of a value, exactly: a text is read, anything else but numbers is a value error. */
export function toNumeric(value: Exclude<Value, null>): Numeric {
  if (isNumeric(value)) return value;
  if (typeof value !== 'string') throw valueError(`${describeValue(value)} is not a number`);
  const number = parseNumber(value);
  if (number === undefined) throw valueError(`${quoted(value)} is not a number`);
  return number;
}

/** The nearest double of a value; see {@link toNumeric}. */
export function toNumber(value: Exclude<Value, null>): number {
  const numeric = toNumeric(value);
  return typeof numeric === 'object' ? decimalToNumber(numeric) : Number(numeric);
}

/**
 * The value as a condition: booleans and null as they are, the texts true and false; others are a value
 * error.
 */
export function toBoolean(value: Value): boolean | null {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    const lower = value.trim().toLowerCase();
    if (lower === 'true') return true;
    if (lower === 'false') return false;
    throw valueError(`${quoted(value)} is neither true nor false`);
  }
  throw valueError(`${describeValue(value)} is not a condition`);
}

/** A date-time as another kind of date-time; undefined for a time of day, which has no other kind. */
function changeTemporal(value: Temporal, type: Temporal['type'], zone: string): Temporal | undefined {
  if (value.type === type) return value;
  if (value.type === 'time' || type === 'time') return undefined;
  let ms = value.ms;
  if (type === 'timestamp_ltz') ms = localToEpoch(zone, ms);
  else if (value.type === 'timestamp_ltz') ms = epochToLocal(zone, ms);
  return makeTemporal(type, ms, value.nanos);
}

/**
 * The date-time of a value: a date-time, or a text that spells one. With `type`, as that kind; wall clocks
 * are those of `zone` where an instant is wanted and the other way round. Others, numbers too, are a value
 * error.
 */
export function toTemporal(value: Exclude<Value, null>, type?: Temporal['type'], zone = 'UTC'): Temporal {
  if (typeof value === 'number' || typeof value === 'bigint') {
    throw valueError(
      `${describeValue(value)} is not a timestamp; TO_TIMESTAMP_LTZ(number, 3) reads epoch milliseconds`,
    );
  }
  const temporal = typeof value === 'string' ? parseTemporal(value) : value;
  if (temporal === undefined) throw valueError(`${quoted(String(value))} is not a ${type ?? 'timestamp'}`);
  const isTemporal = typeof temporal === 'object' && 'nanos' in temporal;
  const changed = isTemporal
    ? type === undefined
      ? temporal
      : changeTemporal(temporal, type, zone)
    : undefined;
  if (changed === undefined) throw valueError(`${describeValue(value)} is not a ${type ?? 'timestamp'}`);
  return changed;
}

function toNested(value: Exclude<Value, null>): Nested {
  const nested = typeof value === 'string' ? parseJson(value) : value;
  if (typeof nested === 'object' && nested?.type === 'nested') return nested;
  throw valueError(`${describeValue(value)} is not an object or array`);
}

/**
 * An argument as a function wants it. `number` gives a number, bigint or Decimal (the function decides
 * what to do with each; {@link toNumber} makes doubles); `text` makes text of everything but intervals.
 * Not called with null.
 */
export function convertArgument(value: Exclude<Value, null>, type: ValueType, zone?: string): Value {
  switch (type) {
    case 'any':
      return value;
    case 'boolean':
      return toBoolean(value);
    case 'number':
      return toNumeric(value);
    case 'decimal': {
      const numeric = toNumeric(value);
      return typeof numeric === 'object' ? numeric : decimalOf(numeric);
    }
    case 'text':
      return toText(value, zone);
    case 'timestamp':
    case 'timestamp_ltz':
    case 'date':
    case 'time':
      return toTemporal(value, type, zone);
    case 'nested':
      return toNested(value);
    case 'interval':
      if (typeof value === 'object' && value.type === 'interval') return value;
      throw valueError(`${describeValue(value)} is not ${nameType('interval')}`);
    case 'null':
      throw valueError(`${describeValue(value)} is not NULL`);
  }
}
