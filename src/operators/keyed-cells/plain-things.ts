/**
 * What a group has accumulated as plain JSON, and back, exactly: numbers that JSON cannot spell are texts, values of other
 * types than JSON has are objects that name the type. For export and editing of state; checkpoints have bytes.
 */
import {
  decodeValue,
  encodeValue,
  makeDecimal,
  makeInterval,
  makeNested,
  makeTemporal,
  parseDecimal,
  type Temporal,
  type Value,
} from '../../expression/index.js';
import { createByteReader, createByteWriter, isAtEnd } from '../../record/index.js';
import type { Codec } from '../../state/index.js';
import { isPlainObject, type Plain, wrongEntry } from '../entry.js';

/** Numbers of records, which order what is merged: those that come after an edit must be higher than all in it. */
export interface Arrivals {
  highest: number;
}

/** How a thing is written out as bytes and as plain JSON, and read back. */
export interface ThingCodec<Thing> extends Codec<Thing> {
  toPlain(thing: Thing): Plain;
  /** Throws a problem of the code state for anything that toPlain does not give. */
  fromPlain(plain: Plain, arrivals: Arrivals): Thing;
}

const asItIs = 'take it as leat state export --exact prints it';

/** What is thrown for JSON that is not what it should be. */
export function notPlain(wanted: string, plain: Plain | undefined): Error {
  return wrongEntry(`${JSON.stringify(plain)?.slice(0, 60) ?? 'nothing'} is not ${wanted}`, asItIs);
}

const spelledNumbers: ReadonlyMap<string, number> = new Map([
  ['-0', -0],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

/** A double, any. */
export function plainNumber(value: number): Plain {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : String(value);
}

export function numberOfPlain(plain: Plain | undefined): number {
  if (typeof plain === 'number') return plain;
  const spelled = typeof plain === 'string' ? spelledNumbers.get(plain) : undefined;
  if (spelled === undefined) throw notPlain('a number', plain);
  return spelled;
}

/** A count, or the number of a record. */
export function countOfPlain(plain: Plain | undefined): number {
  if (typeof plain !== 'number' || !Number.isSafeInteger(plain) || plain < 0) {
    throw notPlain('a whole number that is not below 0', plain);
  }
  return plain;
}

/** The number of a record. */
export function arrivalOfPlain(plain: Plain | undefined, arrivals: Arrivals): number {
  const arrival = countOfPlain(plain);
  arrivals.highest = Math.max(arrivals.highest, arrival);
  return arrival;
}

export function arrayOfPlain(plain: Plain | undefined, length?: number): readonly Plain[] {
  if (!Array.isArray(plain) || (length !== undefined && plain.length !== length)) {
    throw notPlain(length === undefined ? 'an array' : `an array of ${length}`, plain);
  }
  return plain as readonly Plain[];
}

export function integerOfPlain(plain: Plain | undefined): bigint {
  if (typeof plain !== 'string' || !/^-?\d+$/.test(plain)) throw notPlain('a text of digits', plain);
  return BigInt(plain);
}

const temporals: readonly string[] = [
  'date',
  'time',
  'timestamp',
  'timestamp_ltz',
] satisfies Temporal['type'][];

/** A value of an expression. What JSON has is itself; the rest says its type. */
export function plainValue(value: Value): Plain {
  switch (typeof value) {
    case 'number': {
      const plain = plainNumber(value);
      return typeof plain === 'number' ? plain : { double: plain };
    }
    case 'bigint':
      return { integer: String(value) };
    case 'object':
      break;
    default:
      return value;
  }
  if (value === null) return null;
  switch (value.type) {
    case 'decimal':
      return { decimal: value.json() };
    case 'nested':
      return { json: value.text };
    case 'interval':
      return { interval: [plainNumber(value.months), plainNumber(value.ms)] };
    default:
      return { [value.type]: [plainNumber(value.ms), value.nanos] };
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function typedValue(type: string, plain: Plain | undefined): Value | undefined {
  switch (type) {
    case 'double':
      return numberOfPlain(plain);
    case 'integer':
      return integerOfPlain(plain);
    case 'decimal': {
      const decimal = typeof plain === 'string' ? parseDecimal(plain) : undefined;
      return decimal === undefined ? undefined : makeDecimal(decimal.unscaled, decimal.scale);
    }
    case 'json':
      return typeof plain === 'string' && isJson(plain) ? makeNested(plain) : undefined;
    case 'interval': {
      const [months, ms] = arrayOfPlain(plain, 2);
      return makeInterval(numberOfPlain(months), numberOfPlain(ms));
    }
  }
  if (!temporals.includes(type)) return undefined;
  const [ms, nanos] = arrayOfPlain(plain, 2);
  return makeTemporal(type as Temporal['type'], numberOfPlain(ms), countOfPlain(nanos));
}

export function valueOfPlain(plain: Plain | undefined): Value {
  if (plain === undefined) throw notPlain('a value', plain);
  if (typeof plain !== 'object' || plain === null) return plain;
  const [type, ...others] = Object.keys(plain);
  const isTyped = isPlainObject(plain) && type !== undefined && others.length === 0;
  const value = isTyped ? typedValue(type, plain[type]) : undefined;
  if (value === undefined)
    throw notPlain('a value; objects and arrays are written {"json":"their text"}', plain);
  return value;
}

export function presentOfPlain(plain: Plain | undefined): Exclude<Value, null> {
  const value = valueOfPlain(plain);
  if (value === null) throw notPlain('a value other than null', plain);
  return value;
}

/** Single values as things of a list: for parts that keep one value of a group. */
export const valueCodec: ThingCodec<Value> = {
  write: encodeValue,
  read: decodeValue,
  toPlain: plainValue,
  fromPlain: (plain) => valueOfPlain(plain),
};

/** The bytes of a text of base64 that toBase64 has made. */
export function fromBase64(plain: Plain | undefined): Buffer {
  const bytes = typeof plain === 'string' ? Buffer.from(plain, 'base64') : undefined;
  if (bytes === undefined || bytes.toString('base64') !== plain) throw notPlain('base64', plain);
  return bytes;
}

/** For things that nobody could write by hand: their bytes in base64. */
export function asBytes<Thing>(codec: Codec<Thing>): ThingCodec<Thing> {
  return {
    ...codec,
    toPlain(thing) {
      const out = createByteWriter(1 << 8);
      codec.write(out, thing);
      return out.bytes.toString('base64', 0, out.length);
    },
    fromPlain(plain) {
      const from = createByteReader(fromBase64(plain));
      const thing = codec.read(from);
      if (!isAtEnd(from)) throw notPlain('the bytes of a sketch', plain);
      return thing;
    },
  };
}
