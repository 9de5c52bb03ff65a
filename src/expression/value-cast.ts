/**
 * CAST: the explicit conversions, by Flink's rules, with two differences that lose nothing: a number that
 * is out of the range of the wanted type is a value error (Flink wraps around), and decimals too. Integers
 * are cut towards zero, decimals rounded half away from zero.
 */
import { dayMs, epochToLocal, localToEpoch } from '../time/index.js';
import type { Temporal, Value } from './value.js';
import { toNumber, toNumeric } from './value-convert.js';
import { decimalDigits, decimalOf, parseDecimal, rescale } from './value-decimal.js';
import { valueError } from './value-error.js';
import { finite, integerOf, quoted } from './value-number.js';
import { makeTemporal, parseTemporal } from './value-temporal.js';
import { describeValue, toText } from './value-text.js';

/** The types that CAST knows; other spellings (VARCHAR, INTEGER, NUMERIC) are aliases of these. */
export type CastName =
  | 'BOOLEAN'
  | 'TINYINT'
  | 'SMALLINT'
  | 'INT'
  | 'BIGINT'
  | 'FLOAT'
  | 'DOUBLE'
  | 'DECIMAL'
  | 'STRING'
  | 'CHAR'
  | 'VARCHAR'
  | 'TIMESTAMP'
  | 'TIMESTAMP_LTZ'
  | 'DATE'
  | 'TIME';

/**
 * A type as written in a CAST; `precision` is a length for CHAR and VARCHAR and the digits of a fraction for
 * times.
 */
export interface CastType {
  readonly name: CastName;
  readonly precision?: number;
  readonly scale?: number;
}

type Present = Exclude<Value, null>;

const integerBits: Readonly<Partial<Record<CastName, bigint>>> = {
  TINYINT: 8n,
  SMALLINT: 16n,
  INT: 32n,
  BIGINT: 64n,
};

function castBoolean(value: Present): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    const lower = value.trim().toLowerCase();
    if (['true', 't', 'yes', 'y', '1'].includes(lower)) return true;
    if (['false', 'f', 'no', 'n', '0'].includes(lower)) return false;
    throw valueError(`${quoted(value)} is not a boolean`);
  }
  return toNumber(value) !== 0;
}

function wholeOf(value: Present, name: CastName): bigint {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  // A text is an integer, or a decimal whose fraction is cut off; Flink takes no exponents here.
  const numeric = typeof value === 'string' && /[eE]/.test(value) ? Number.NaN : toNumeric(value);
  if (typeof numeric === 'bigint') return numeric;
  if (typeof numeric === 'object') return numeric.unscaled / 10n ** BigInt(numeric.scale);
  if (Number.isNaN(numeric)) throw valueError(`${describeValue(value)} is not of type ${name}`);
  return BigInt(Math.trunc(finite(numeric)));
}

function castInteger(value: Present, name: CastName): number | bigint {
  const whole = wholeOf(value, name);
  if (BigInt.asIntN(Number(integerBits[name]), whole) !== whole) {
    throw valueError(`${describeValue(value)} is out of the range of ${name}`);
  }
  return integerOf(whole);
}

/** The double that prints as the shortest spelling of the nearest single-precision number. */
function singleOf(value: number): number {
  const single = Math.fround(value);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return short;
  }
  return Number(single.toPrecision(9));
}

function castDecimal(value: Present, type: CastType): Value {
  const precision = type.precision ?? 10;
  const numeric = typeof value === 'boolean' ? Number(value) : value;
  const exact = typeof numeric === 'string' ? parseDecimal(numeric) : toNumeric(numeric);
  if (exact === undefined) throw valueError(`${describeValue(value)} is not a decimal number`);
  const rounded = rescale(typeof exact === 'object' ? exact : decimalOf(exact), type.scale ?? 0);
  if (decimalDigits(rounded) <= precision || rounded.unscaled === 0n) return rounded;
  throw valueError(
    `${describeValue(value)} is out of the range of DECIMAL(${precision}, ${type.scale ?? 0})`,
  );
}

function castText(value: Present, type: CastType, zone: string): string {
  const text = toText(value, zone);
  if (type.name === 'STRING' || type.precision === undefined) return text;
  const cut = text.slice(0, type.precision);
  return type.name === 'CHAR' ? cut.padEnd(type.precision) : cut;
}

/** Cuts what is finer than the digits of a fraction; undefined keeps everything. */
function cutFraction(value: Temporal, digits: number | undefined): Temporal {
  if (digits === undefined || digits >= 9) return value;
  if (digits <= 3)
    return makeTemporal(value.type, Math.floor(value.ms / 10 ** (3 - digits)) * 10 ** (3 - digits));
  const unit = 10 ** (9 - digits);
  return makeTemporal(value.type, value.ms, Math.floor(value.nanos / unit) * unit);
}

const temporalTypes: Readonly<Partial<Record<CastName, Temporal['type']>>> = {
  TIMESTAMP: 'timestamp',
  TIMESTAMP_LTZ: 'timestamp_ltz',
  DATE: 'date',
  TIME: 'time',
};

function castTemporal(value: Present, type: CastType, zone: string): Temporal {
  const wanted = temporalTypes[type.name]!;
  const from = typeof value === 'string' ? parseTemporal(value) : value;
  if (typeof from !== 'object' || !('nanos' in from)) {
    const hint = typeof value === 'number' ? '; TO_TIMESTAMP_LTZ(number, 3) reads epoch milliseconds' : '';
    throw valueError(`${describeValue(value)} is not of type ${type.name}${hint}`);
  }
  if (from.type === wanted) return cutFraction(from, type.precision);
  if (from.type === 'time')
    throw valueError(`${describeValue(value)} has no date and cannot be a ${type.name}`);
  if (wanted === 'timestamp_ltz') {
    return cutFraction(makeTemporal(wanted, localToEpoch(zone, from.ms), from.nanos), type.precision);
  }
  const local = from.type === 'timestamp_ltz' ? epochToLocal(zone, from.ms) : from.ms;
  if (wanted === 'time') {
    if (from.type === 'date') throw valueError(`${describeValue(value)} has no time of day`);
    return cutFraction(
      makeTemporal('time', local - Math.floor(local / dayMs) * dayMs, from.nanos),
      type.precision,
    );
  }
  return cutFraction(makeTemporal(wanted, local, from.nanos), type.precision);
}

/**
 * CAST(value AS type). Null stays null. `zone` is the session's, in which wall clocks become instants and
 * instants wall clocks. Throws a value error when the value has no such form; TRY_CAST gives null then.
 */
export function castValue(value: Value, type: CastType, zone = 'UTC'): Value {
  if (value === null) return null;
  switch (type.name) {
    case 'BOOLEAN':
      return castBoolean(value);
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'BIGINT':
      return castInteger(value, type.name);
    case 'FLOAT':
      return singleOf(finite(Math.fround(typeof value === 'boolean' ? Number(value) : toNumber(value))));
    case 'DOUBLE':
      return finite(typeof value === 'boolean' ? Number(value) : toNumber(value));
    case 'DECIMAL':
      return castDecimal(value, type);
    case 'STRING':
    case 'CHAR':
    case 'VARCHAR':
      return castText(value, type, zone);
    default:
      return castTemporal(value, type, zone);
  }
}
