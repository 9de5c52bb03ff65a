/**
 * Calls a built-in function by name with given values, as the compiled expressions do; results come as JSON
 * text.
 */
import { conditionalFunctions } from '../../../src/expression/functions/conditional.js';
import type { FunctionDefinition } from '../../../src/expression/functions/definition.js';
import { hashFunctions } from '../../../src/expression/functions/hash.js';
import { jsonFunctions } from '../../../src/expression/functions/json.js';
import { numberFunctions } from '../../../src/expression/functions/number.js';
import { regexpFunctions } from '../../../src/expression/functions/regexp.js';
import { stringFunctions } from '../../../src/expression/functions/string.js';
import { timeFunctions } from '../../../src/expression/functions/time.js';
import { urlFunctions } from '../../../src/expression/functions/url.js';
import { convertArgument, isValueError, spellValue, type Value } from '../../../src/expression/index.js';

/** Every definition of every family. */
export const allFunctions: readonly FunctionDefinition[] = [
  ...stringFunctions,
  ...numberFunctions,
  ...timeFunctions,
  ...regexpFunctions,
  ...jsonFunctions,
  ...conditionalFunctions,
  ...hashFunctions,
  ...urlFunctions,
];

/** 2026-11-24T10:00:00.123Z. */
export const nowMs = 1_795_514_400_123;

/** The JSON text of a call, or `error: ` and the message when it refuses the record. */
export function call(name: string, arguments_: readonly Value[], zone = 'UTC'): string {
  const definition = allFunctions.find((known) => known.name === name || known.aliases?.includes(name));
  if (definition === undefined) throw new Error(`no function ${name}`);
  if (definition.acceptsNull !== true && arguments_.includes(null)) return 'null';
  try {
    const converted = arguments_.map((value, index) => {
      const type = definition.parameters[Math.min(index, definition.parameters.length - 1)]!;
      return value === null ? null : convertArgument(value, type, zone);
    });
    return spellValue(definition.evaluate(converted, { nowMs: () => nowMs, zone }));
  } catch (error) {
    if (isValueError(error)) return `error: ${error.message}`;
    throw error;
  }
}
