/**
 * Where in a record something does not fit its schema, for messages: `items[3].price`.
 */
import type { Problem } from '../../diagnostics/index.js';
import { badValue } from './bad-value.js';
import { type JsonTree, kindOf } from './json-tree.js';

export type RecordPlace = readonly (string | number)[];

export function spellPlace(place: RecordPlace): string {
  const text = place.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  return text === '' ? 'the record' : text.replace(/^\./, '');
}

/** `price is the text "12", and the schema wants a long`. */
export function unfit(place: RecordPlace, tree: JsonTree, wanted: string): Problem {
  return badValue(`${spellPlace(place)} is ${kindOf(tree)}, and the schema wants ${wanted}`);
}
