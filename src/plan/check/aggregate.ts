/** An aggregate: its functions, its names, and whether it ever ends. */
import { didYouMean, type ProblemDetails } from '../../diagnostics/index.js';
import { aggregateTable, aggregateUsage, orderedTable } from '../aggregates.js';
import { changeField } from '../changelog.js';
import { emissionOf, isUpdating } from '../emission.js';
import { type Flow, lacks } from '../flow.js';
import { windowFields } from '../names.js';
import type { AggregateCall, AggregateNode } from '../nodes/index.js';
import { checkBoundsRead, checkEmit } from './emission.js';
import { checkExpression } from './expression.js';

const canonical = new Map(aggregateTable.map((definition) => [definition.name, definition]));
const withOrdered = new Map(
  [...aggregateTable, ...orderedTable].map((definition) => [definition.name, definition]),
);

/**
 * Front ends resolve calls against the table; a plan from a file is held against it here. `ordered`: functions that ask for
 * the order of records are known as well.
 */
export function checkCall(call: AggregateCall, input: Flow, ordered = false): readonly ProblemDetails[] {
  const table = ordered ? withOrdered : canonical;
  const definition = table.get(call.function);
  if (definition === undefined) {
    const hint = didYouMean(call.function, [...table.keys()]);
    const message = `unknown aggregate function ${call.function}`;
    return [{ code: 'unknown-name', message, ...(hint === undefined ? {} : { hint }) }];
  }
  const given = call.arguments.length;
  const least = definition.star
    ? 0
    : definition.parameters.filter(({ optional }) => optional !== true).length;
  if (given < least || given > definition.parameters.length) {
    return [
      { code: 'type', message: `wrong arguments of ${call.function}`, hint: aggregateUsage(definition) },
    ];
  }
  const values = call.arguments.filter((_, i) => definition.parameters[i]?.constant === undefined);
  return [
    ...values.flatMap((text) => checkExpression(text, input.fields)),
    ...(call.filter === undefined ? [] : checkExpression(call.filter, input.fields, 'condition')),
  ];
}

function checkNames(node: AggregateNode, keys: readonly string[], input: Flow): readonly ProblemDetails[] {
  const changes = isUpdating(emissionOf(input.window?.emission, node.emit));
  const taken = new Set<string>(changes ? [...windowFields, changeField] : windowFields);
  const found: ProblemDetails[] = [];
  for (const name of [...keys, ...node.calls.map((call) => call.name)]) {
    // A key may be a bound of the window, which the result has anyway.
    const bound = keys.includes(name) && (windowFields as readonly string[]).includes(name);
    if (taken.has(name) && !bound) {
      found.push({
        code: 'plan',
        message: `two fields of the result would be called ${name}`,
        hint: `give one of them another name: ... as other_${name}`,
      });
    }
    taken.add(name);
  }
  return found;
}

function checkWindow(node: AggregateNode, input: Flow): readonly ProblemDetails[] {
  if (input.window === undefined) {
    const rate = node.calls.find((call) => call.function === 'rate');
    if (input.endless && node.emit === undefined) {
      return [
        {
          code: 'plan',
          message: 'the source never ends, so without a window there is never a result',
          hint: 'put a window in front: window tumble 1m; or ask for every change: --emit changes',
        },
      ];
    }
    if (rate === undefined || input.piped) return [];
    return [
      { code: 'plan', message: 'rate is per second of a window, and there is none', hint: 'use count(*)' },
    ];
  }
  const lost = windowFields.filter((name) => lacks(input.fields, name));
  if (lost.length === 0) return [];
  return [
    {
      code: 'plan',
      message: `the records are grouped by their window, but a select dropped ${lost.join(' and ')}`,
      hint: 'keep window_start and window_end, or select before the window',
    },
  ];
}

export function checkAggregate(node: AggregateNode, input: Flow): readonly ProblemDetails[] {
  const keys = node.by.length > 0 ? node.by.map(({ name }) => name) : input.key;
  return [
    ...checkWindow(node, input),
    ...checkEmit(node, input),
    ...checkBoundsRead(node, input),
    ...checkNames(node, keys, input),
    ...node.by.flatMap(({ expression }) => checkExpression(expression, input.fields)),
    ...node.calls.flatMap((call) => checkCall(call, input)),
  ];
}
