/** Objects and arrays: kept as JSON text, parsed only when somebody looks inside. */
import type { Nested } from './value.js';

/** A nested value of its JSON text, which must be valid. */
export function makeNested(text: string): Nested {
  return { type: 'nested', text, json: () => text };
}
