/**
 * Values as texts: what CAST(x AS STRING) and || give, what JSON spells, and what messages call a value.
 * Booleans are TRUE and FALSE as in SQL; numbers are spelled as JSON.stringify does.
 */
import { epochToLocal } from '../time/index.js';
import type { Value, ValueType } from './value.js';
import { spellInterval } from './value-interval.js';
import { quoted } from './value-number.js';
import { makeTemporal, spellTemporal } from './value-temporal.js';

/**
 * The text of a value that is not null. An instant is spelled as the wall clock of `zone` (default UTC); an object or
 * array is its JSON text.
 */
export function toText(value: Exclude<Value, null>, zone = 'UTC'): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'boolean':
      return value ? 'TRUE' : 'FALSE';
    case 'number':
    case 'bigint':
      return String(Object.is(value, -0) ? 0 : value);
  }
  switch (value.type) {
    case 'nested':
      return value.text;
    case 'decimal':
      return value.json();
    case 'interval':
      return spellInterval(value);
    default:
      if (value.type !== 'timestamp_ltz' || zone === 'UTC') return spellTemporal(value);
      return spellTemporal(makeTemporal('timestamp', epochToLocal(zone, value.ms), value.nanos));
  }
}

/** The value as JSON text. */
export function spellValue(value: Value): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return JSON.stringify(value);
  return typeof value === 'bigint' ? String(value) : value.json();
}

/** The type of a value. */
export function typeOfValue(value: Value): Exclude<ValueType, 'any'> {
  if (value === null) return 'null';
  if (typeof value === 'object') return value.type;
  if (typeof value === 'string') return 'text';
  return typeof value === 'boolean' ? 'boolean' : 'number';
}

const typeWords: Readonly<Record<ValueType, string>> = {
  any: 'any value',
  null: 'NULL',
  boolean: 'a boolean',
  number: 'a number',
  decimal: 'a decimal',
  text: 'a text',
  timestamp: 'a timestamp',
  timestamp_ltz: 'a timestamp with zone',
  date: 'a date',
  time: 'a time of day',
  interval: 'an interval',
  nested: 'an object or array',
};

/** A type as messages call it: `a number`. */
export function nameType(type: ValueType): string {
  return typeWords[type];
}

/** A value as messages call it: the type and the value, cut when it is long. */
export function describeValue(value: Value): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return `the text ${quoted(value)}`;
  const text = toText(value);
  return `${nameType(typeOfValue(value))} (${text.length > 40 ? `${text.slice(0, 37)}...` : text})`;
}
