/** What over needs: event time, functions that can slide, and names that hide nothing that they are ordered or keyed by. */
import type { ProblemDetails } from '../../diagnostics/index.js';
import { barePath } from '../../expression/index.js';
import type { Flow } from '../flow.js';
import type { OverNode } from '../nodes/index.js';
import { checkCall } from './aggregate.js';
import { checkEventTime } from './dedup.js';
import { checkExpression } from './expression.js';

const isInWindows: ProblemDetails = {
  code: 'plan',
  message: 'the records are in windows, which say already what is taken together',
  hint: 'put over in front of the window, or behind an aggregate',
};

/** A result that takes the place of the event time or of a key would change what comes after. */
function checkNames(node: OverNode, input: Flow): readonly ProblemDetails[] {
  const time = (node.time ?? input.time)?.field ?? 'time';
  const path = barePath(time);
  const taken = [...(path?.length === 1 ? [String(path[0])] : []), ...input.key];
  return node.calls
    .filter(({ name }) => taken.includes(name))
    .map(({ name }) => ({
      code: 'plan',
      message: `a result would take the place of ${name}, by which the records are ordered or keyed`,
      hint: `give it another name: ... as other_${name}`,
    }));
}

export function checkOver(node: OverNode, input: Flow): readonly ProblemDetails[] {
  const rate = node.calls.some((call) => call.function === 'rate');
  return [
    ...(input.window === undefined ? [] : [isInWindows]),
    ...checkEventTime(node.time, input),
    ...checkNames(node, input),
    ...(rate
      ? [
          {
            code: 'plan' as const,
            message: 'rate is per second of a window, and there is none',
            hint: 'use count(*), and divide it by the seconds of --range',
          },
        ]
      : []),
    ...node.calls
      .filter((call) => call.function === 'lag' && call.filter !== undefined)
      .map(
        (): ProblemDetails => ({
          code: 'type',
          message: 'lag looks at every record, and takes no FILTER',
          hint: 'filter the records before over',
        }),
      ),
    ...node.by.flatMap(({ expression }) => checkExpression(expression, input.fields)),
    ...node.calls.flatMap((call) => checkCall(call, input, true)),
  ];
}
