/** What sample needs: an end, where it draws so many records. */
import type { ProblemDetails } from '../../diagnostics/index.js';
import type { Flow } from '../flow.js';
import type { SampleNode } from '../nodes/index.js';
import { checkBounds, checkEnd } from './dedup.js';
import { checkExpression } from './expression.js';

export function checkSample({ size, by }: SampleNode, input: Flow): readonly ProblemDetails[] {
  const hint = 'draw a share of the records: sample 1%; or put a window in front';
  return [
    ...(size.kind === 'share' ? [] : [...checkBounds(input), ...checkEnd(input, hint)]),
    ...by.flatMap(({ expression }) => checkExpression(expression, input.fields)),
  ];
}
