/** What a value is, in words, for messages about one record. */
import type { Value } from './value.js';

const longest = 40;

/** `the text 'abc'`, `the number 5`, `an object or array`, ... */
export function kindOfValue(value: Value): string {
  if (value === null) return 'NULL';
  switch (typeof value) {
    case 'string':
      return `the text '${value.length > longest ? `${value.slice(0, longest)}...` : value}'`;
    case 'boolean':
      return value ? 'TRUE' : 'FALSE';
    case 'number':
    case 'bigint':
      return `the number ${value}`;
    default:
      return value.type === 'nested' ? 'an object or array' : `the ${value.type} ${value.json()}`;
  }
}
