/**
 * An order over all values, so that min, max, top and argmin have an answer for any records: false and
 * true, then numbers, texts by code point, dates and times, intervals, objects and arrays. Within a kind
 * it is the order of expressions. And identity: which values DISTINCT, set and mode count as one.
 */
import { compareValues, type Value } from '../../expression/index.js';

const ranks: Readonly<Record<string, number>> = {
  boolean: 0,
  number: 1,
  bigint: 1,
  decimal: 1,
  string: 2,
  date: 3,
  timestamp: 3,
  timestamp_ltz: 3,
  time: 4,
  interval: 5,
  nested: 6,
};

function rankOf(value: Exclude<Value, null>): number {
  return ranks[typeof value === 'object' ? value.type : typeof value]!;
}

/** Negative, 0 or positive, for two values that are not null. Never throws. */
export function compareAny(a: Exclude<Value, null>, b: Exclude<Value, null>): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0;
  return rankOf(a) - rankOf(b) || compareValues(a, b);
}

/** What identifies a value in a Map or Set: itself, or a text that no other value has. */
export type Identity = number | bigint | boolean | string;

/** The identity of a value that is not null. 1, 1.0 and the decimal 1.00 are the same. */
export function identityOf(value: Exclude<Value, null>): Identity {
  if (typeof value === 'string') return value.startsWith('\0') ? `\0${value}` : value;
  if (typeof value !== 'object') return value;
  if (value.type === 'decimal') {
    const text = value.json();
    const short = value.scale === 0 ? text : text.replace(/\.?0+$/, '');
    const double = Number(short);
    if (String(double) === short) return double;
    return value.scale === 0 || !short.includes('.') ? BigInt(short) : `\0d${short}`;
  }
  if (value.type === 'nested') return `\0n${JSON.stringify(JSON.parse(value.text))}`;
  return `\0t${value.type === 'interval' ? 'interval' : rankOf(value)} ${value.json()}`;
}
