/**
 * All built-in functions by name. A name is known once, whichever family it comes from; a second
 * definition of it is a defect and stops the program when this is loaded.
 */
import { conditionalFunctions } from './conditional.js';
import type { FunctionDefinition } from './definition.js';
import { hashFunctions } from './hash.js';
import { jsonFunctions } from './json.js';
import { numberFunctions } from './number.js';
import { regexpFunctions } from './regexp.js';
import { stringFunctions } from './string.js';
import { timeFunctions } from './time.js';
import { urlFunctions } from './url.js';

const table: readonly FunctionDefinition[] = [
  ...stringFunctions,
  ...numberFunctions,
  ...timeFunctions,
  ...regexpFunctions,
  ...jsonFunctions,
  ...conditionalFunctions,
  ...hashFunctions,
  ...urlFunctions,
];

const byName = new Map<string, FunctionDefinition>();
for (const definition of table) {
  for (const name of [definition.name, ...(definition.aliases ?? [])]) {
    if (byName.has(name)) throw new Error(`the function ${name} is defined twice`);
    byName.set(name, definition);
  }
}

/** All functions, by family, for help and documents. */
export function functionTable(): readonly FunctionDefinition[] {
  return table;
}

/** The function of a name or alias in capitals. */
export function findFunction(name: string): FunctionDefinition | undefined {
  return byName.get(name);
}

/** All names and aliases. */
export function functionNames(): readonly string[] {
  return [...byName.keys()];
}
