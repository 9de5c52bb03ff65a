/** What sort needs: event time, or an input that ends. */
import type { ProblemDetails } from '../../diagnostics/index.js';
import type { Flow } from '../flow.js';
import type { SortNode } from '../nodes/index.js';
import { checkEnd, checkEventTime } from './dedup.js';
import { checkExpression } from './expression.js';

function checkMode(node: SortNode, input: Flow): readonly ProblemDetails[] {
  if (node.by.length === 0) return checkEventTime(node.time, input);
  return checkEnd(input, 'sort by event time, which needs no end: leave --by out');
}

export function checkSort(node: SortNode, input: Flow): readonly ProblemDetails[] {
  const expressions = node.by.flatMap(({ expression }) => checkExpression(expression, input.fields));
  if (input.window === undefined) return [...checkMode(node, input), ...expressions];
  return [
    {
      code: 'plan',
      message: 'the records are in windows',
      hint: 'sort in front of the window, or behind an aggregate',
    },
    ...expressions,
  ];
}
