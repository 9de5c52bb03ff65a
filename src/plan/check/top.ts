/** What top needs: an order, and a moment at which it is certain. */
import type { ProblemDetails } from '../../diagnostics/index.js';
import { carriesBounds, type Flow } from '../flow.js';
import type { TopNode } from '../nodes/index.js';
import { checkBounds, checkEnd, checkLate } from './dedup.js';
import { checkExpression } from './expression.js';

function checkMoment(node: TopNode, input: Flow): readonly ProblemDetails[] {
  if (node.overall) return checkEnd({ ...input, window: undefined }, 'leave --overall out, behind a window');
  const bounds = checkBounds(input);
  if (bounds.length > 0 || carriesBounds(input)) return bounds;
  return checkEnd(input, 'put a window in front: window tumble 1m');
}

export function checkTop(node: TopNode, input: Flow): readonly ProblemDetails[] {
  const isOfWindows = !node.overall && carriesBounds(input);
  return [
    ...checkMoment(node, input),
    ...checkLate(node, node.overall ? { ...input, window: undefined, piped: false } : input, isOfWindows),
    ...checkExpression(node.rank, input.fields),
    ...node.per.flatMap(({ expression }) => checkExpression(expression, input.fields)),
  ];
}
