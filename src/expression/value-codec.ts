/**
 * Values as bytes and back, for state that is kept: type and spelling survive, so a decimal keeps its scale, a nested
 * value its text and -0 its sign. The bytes are no order and no key: equal values may be spelled differently.
 */
import { problem } from '../diagnostics/index.js';
import {
  type ByteReader,
  type ByteWriter,
  putBigint,
  putByte,
  putCount,
  putDouble,
  putText,
  takeBigint,
  takeByte,
  takeCount,
  takeDouble,
  takeText,
} from '../record/index.js';
import type { Temporal, Value } from './value.js';
import { makeDecimal } from './value-decimal.js';
import { makeInterval } from './value-interval.js';
import { makeNested } from './value-nested.js';
import { makeTemporal } from './value-temporal.js';

/** First byte of each value. Stored: never renumber. */
const Kind = {
  null: 0,
  false: 1,
  true: 2,
  double: 3,
  count: 4, // an integer of 0 to 2^53 - 1
  negative: 5, // the magnitude of one below 0
  bigint: 6,
  text: 7,
  decimal: 8,
  interval: 9,
  nested: 10,
  timestamp: 11,
  timestamp_ltz: 12,
  date: 13,
  time: 14,
} as const;

const temporals: readonly Temporal['type'][] = ['timestamp', 'timestamp_ltz', 'date', 'time'];

function encodeNumber(out: ByteWriter, value: number): void {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
    putByte(out, value < 0 ? Kind.negative : Kind.count);
    putCount(out, Math.abs(value));
  } else {
    putByte(out, Kind.double);
    putDouble(out, value);
  }
}

function encodeObject(out: ByteWriter, value: Extract<Value, { type: string }>): void {
  putByte(out, Kind[value.type]);
  switch (value.type) {
    case 'decimal':
      putBigint(out, value.unscaled);
      putCount(out, value.scale);
      return;
    case 'interval':
      putDouble(out, value.months);
      putDouble(out, value.ms);
      return;
    case 'nested':
      putText(out, value.text);
      return;
    default:
      putDouble(out, value.ms);
      putCount(out, value.nanos);
  }
}

/** Appends a value. */
export function encodeValue(out: ByteWriter, value: Value): void {
  switch (typeof value) {
    case 'boolean':
      putByte(out, value ? Kind.true : Kind.false);
      return;
    case 'number':
      encodeNumber(out, value);
      return;
    case 'bigint':
      putByte(out, Kind.bigint);
      putBigint(out, value);
      return;
    case 'string':
      putByte(out, Kind.text);
      putText(out, value);
      return;
    default:
      if (value === null) putByte(out, Kind.null);
      else encodeObject(out, value);
  }
}

function decodeTemporal(from: ByteReader, kind: number): Value {
  const type = temporals.find((one) => Kind[one] === kind);
  if (type === undefined) {
    throw problem({ code: 'state', message: `stored bytes hold a value of the unknown kind ${kind}` });
  }
  return makeTemporal(type, takeDouble(from), takeCount(from));
}

/** Reads the next value. Throws a problem of the code state when the bytes are not those of a value. */
export function decodeValue(from: ByteReader): Value {
  const kind = takeByte(from);
  switch (kind) {
    case Kind.null:
      return null;
    case Kind.false:
      return false;
    case Kind.true:
      return true;
    case Kind.double:
      return takeDouble(from);
    case Kind.count:
      return takeCount(from);
    case Kind.negative:
      return -takeCount(from);
    case Kind.bigint:
      return takeBigint(from);
    case Kind.text:
      return takeText(from);
    case Kind.decimal: {
      const unscaled = takeBigint(from);
      return makeDecimal(unscaled, takeCount(from));
    }
    case Kind.interval: {
      const months = takeDouble(from);
      return makeInterval(months, takeDouble(from));
    }
    case Kind.nested:
      return makeNested(takeText(from));
    default:
      return decodeTemporal(from, kind);
  }
}
