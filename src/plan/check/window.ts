/** A window: its key, its zone, and the time field it takes. Sizes were checked when they were read. */
import type { ProblemDetails } from '../../diagnostics/index.js';
import type { Flow } from '../flow.js';
import { windowFields } from '../names.js';
import type { TimeAssignment, WindowNode } from '../nodes/index.js';
import { checkEmission } from './emission.js';
import { checkExpression } from './expression.js';
import { checkInWindows } from './in-windows.js';
import { checkTimeField } from './time-field.js';
import { zoneProblems } from './zone.js';

function checkTime(
  time: TimeAssignment | undefined,
  node: WindowNode,
  input: Flow,
): readonly ProblemDetails[] {
  if (node.processingTime || node.window.shape === 'count') return [];
  if (input.mixed === true) {
    return [
      {
        code: 'plan',
        message: 'several inputs were united without event time, so that most records would come late',
        hint: 'say it where they are read: from FILE --time FIELD',
      },
    ];
  }
  return checkTimeField(time, input);
}

export function checkWindow(node: WindowNode, input: Flow): readonly ProblemDetails[] {
  const found: ProblemDetails[] = [...checkInWindows(node.kind, input.window)];
  const clash = node.by.find(({ name }) => (windowFields as readonly string[]).includes(name));
  if (clash !== undefined) {
    found.push({
      code: 'plan',
      message: `a key cannot be called ${clash.name}`,
      hint: `--by '... as other'`,
    });
  }
  const zone = 'zone' in node.window ? node.window.zone : undefined;
  found.push(...zoneProblems(zone), ...zoneProblems(node.time?.zone === zone ? undefined : node.time?.zone));
  found.push(...checkEmission(node));
  found.push(...checkTime(node.time, node, input));
  found.push(...node.by.flatMap(({ expression }) => checkExpression(expression, input.fields)));
  return found;
}
