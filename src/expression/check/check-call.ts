/**
 * Calls: the function exists, takes so many arguments, and none of them is of a type it can never take.
 * IF, COALESCE and IFNULL become CASE and its like here, so that what is not chosen is not computed.
 */
import { didYouMean, nearest } from '../../diagnostics/index.js';
import { aggregateWords } from '../functions/aggregate-words.js';
import type { FunctionDefinition } from '../functions/definition.js';
import { findFunction, functionNames } from '../functions/registry.js';
import type { Call } from '../syntax/tree.js';
import { nameType } from '../value-text.js';
import type { Core } from './core.js';
import { type CheckContext, wrongAt } from './scope.js';
import { commonType, mayBeArgument } from './static-type.js';

function unknownFunction(context: CheckContext, call: Call): never {
  const span = { start: call.start, end: call.start + call.name.length };
  if (aggregateWords.has(call.name)) {
    const hint = 'aggregates stand in the command aggregate, which groups records';
    throw wrongAt(
      context,
      'unknown-name',
      span,
      `${call.name} is an aggregate, not a function of one record`,
      hint,
    );
  }
  const near = nearest(call.name, functionNames());
  const hint = near === undefined ? 'leat help functions lists them all' : didYouMean(call.name, [near]);
  throw wrongAt(context, 'unknown-name', span, `unknown function ${call.name}`, hint);
}

function checkCount(context: CheckContext, call: Call, definition: FunctionDefinition): void {
  const given = call.arguments.length;
  const most = definition.variadic === true ? Number.POSITIVE_INFINITY : definition.parameters.length;
  const least = definition.required ?? definition.parameters.length;
  if (given >= least && given <= most) return;
  const count = given === 0 ? 'no arguments' : given === 1 ? '1 argument' : `${given} arguments`;
  throw wrongAt(context, 'type', call, `${call.name} does not take ${count}`, `write ${definition.usage}`);
}

/** What to write instead, where an argument has the wrong type. */
function typeHint(wanted: string, definition: FunctionDefinition): string {
  return wanted === 'text' ? 'CAST(... AS STRING) makes a text' : `write ${definition.usage}`;
}

function checkTypes(
  context: CheckContext,
  call: Call,
  definition: FunctionDefinition,
  given: readonly Core[],
): void {
  const last = definition.parameters.length - 1;
  given.forEach((argument, i) => {
    const wanted = definition.parameters[Math.min(i, last)]!;
    if (mayBeArgument(argument, wanted)) return;
    const message = `${call.name} wants ${nameType(wanted)} here, and this is ${nameType(argument.type)}`;
    throw wrongAt(context, 'type', call.arguments[i]!, message, typeHint(wanted, definition));
  });
}

/** A call with checked arguments. Throws problems of the codes unknown-name and type. */
export function checkCall(
  context: CheckContext,
  call: Call,
  check: (argument: Call['arguments'][number]) => Core,
): Core {
  const definition = findFunction(call.name);
  if (definition === undefined) return unknownFunction(context, call);
  checkCount(context, call, definition);
  const given = call.arguments.map(check);
  checkTypes(context, call, definition, given);
  if (definition.name === 'COALESCE' || definition.name === 'IFNULL') {
    return { op: 'coalesce', list: given, type: commonType(given.map((item) => item.type)) };
  }
  if (definition.name === 'IF') {
    const [when, result, otherwise] = given as [Core, Core, Core];
    const type = commonType([result.type, otherwise.type]);
    return { op: 'case', operand: undefined, branches: [{ when, result }], otherwise, type };
  }
  return { op: 'call', definition, arguments: given, type: definition.returns };
}
