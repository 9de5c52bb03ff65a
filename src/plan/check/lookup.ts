/** A lookup: its keys over the records. What the fields of the table are is known when it is read. */
import type { ProblemDetails } from '../../diagnostics/index.js';
import type { Flow } from '../flow.js';
import type { LookupNode } from '../nodes/index.js';
import { checkExpression } from './expression.js';

export function checkLookup(node: LookupNode, input: Flow): readonly ProblemDetails[] {
  const keys = node.on.flatMap(({ expression }) => checkExpression(expression, input.fields));
  if (node.prefix !== '') return keys;
  return [
    ...keys,
    {
      code: 'plan',
      message: 'the prefix is empty, so that a field of the table could have the name of one of the record',
      hint: '--prefix user_',
    },
  ];
}
