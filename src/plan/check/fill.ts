/** What fill needs: records that are in no window, a field of time, and a key that records show. */
import type { ProblemDetails } from '../../diagnostics/index.js';
import { barePath } from '../../expression/index.js';
import { type Flow, lacks } from '../flow.js';
import { windowFields } from '../names.js';
import { defaultTimeField, type FillNode } from '../nodes/index.js';
import { checkExpression } from './expression.js';
import { checkInWindows } from './in-windows.js';

function checkTime(node: FillNode, input: Flow): readonly ProblemDetails[] {
  if (node.time !== undefined) return checkExpression(node.time, input.fields);
  const isWindowed = windowFields.every((name) => !lacks(input.fields, name));
  const field = input.time?.field ?? defaultTimeField;
  if (isWindowed || !lacks(input.fields, field)) return [];
  return [
    {
      code: 'plan',
      message: `there are no bounds of windows, and no field ${field}`,
      hint: 'name the field of time: --time FIELD',
    },
  ];
}

export function checkFill(node: FillNode, input: Flow): readonly ProblemDetails[] {
  const computed = node.by.filter(({ name, expression }) => {
    const path = barePath(expression);
    return path?.length !== 1 || path[0] !== name;
  });
  return [
    ...checkInWindows(node.kind, input.window),
    ...checkTime(node, input),
    ...computed.map(({ expression }) => ({
      code: 'plan' as const,
      message: `the key ${expression} is no field, so that a record put in could not show it`,
      hint: `compute it before: select *, ${expression} as name`,
    })),
    ...node.by.flatMap(({ expression }) => checkExpression(expression, input.fields)),
  ];
}
