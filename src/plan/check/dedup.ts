/** What dedup and head-by-key need: a key, event time for a span of it, and an end where it waits for one. */
import type { ProblemDetails } from '../../diagnostics/index.js';
import { type Flow, lacks } from '../flow.js';
import { windowFields } from '../names.js';
import type { DedupNode, HeadByKeyNode, LatePolicy, TimeAssignment } from '../nodes/index.js';
import { checkExpression } from './expression.js';
import { checkTimeField } from './time-field.js';
import { zoneProblems } from './zone.js';

/** A key that is needed and that nobody says. */
function checkKey(command: string, by: readonly unknown[], input: Flow): readonly ProblemDetails[] {
  if (by.length > 0 || input.key.length > 0 || input.piped) return [];
  return [
    {
      code: 'plan',
      message: 'nothing says which records belong together',
      hint: `name the key: ${command} --by id`,
    },
  ];
}

/** Records that are in a window, but for its bounds. */
export function checkBounds(input: Flow): readonly ProblemDetails[] {
  const lost = input.window === undefined ? [] : windowFields.filter((name) => lacks(input.fields, name));
  if (lost.length === 0) return [];
  return [
    {
      code: 'plan',
      message: `the records are taken by their window, but a select dropped ${lost.join(' and ')}`,
      hint: 'keep window_start and window_end, or select before the window',
    },
  ];
}

/** Records can be late only for a time or a window that is over. */
export function checkLate(
  { late }: { readonly late?: LatePolicy },
  input: Flow,
  isTimed: boolean,
): readonly ProblemDetails[] {
  if (late === undefined || isTimed || input.window !== undefined || input.piped) return [];
  return [
    {
      code: 'plan',
      message: 'nothing is late here, for records are taken until the input ends',
      hint: 'leave --late out',
    },
  ];
}

/** What waits for the end of an input that never ends. `hint` says what to do. */
export function checkEnd(input: Flow, hint: string): readonly ProblemDetails[] {
  if (input.window !== undefined || !input.endless) return [];
  return [
    { code: 'plan', message: 'the source never ends, so without a window there is never a result', hint },
  ];
}

function checkWithin(node: DedupNode, input: Flow): readonly ProblemDetails[] {
  if (input.window !== undefined) {
    return [
      {
        code: 'plan',
        message: 'the records are in windows, which say already what belongs together',
        hint: 'leave --within out',
      },
    ];
  }
  return checkEventTime(node.time, input);
}

/** Event time that a node names, or that was said upstream. */
export const checkEventTime = (time: TimeAssignment | undefined, input: Flow): readonly ProblemDetails[] => [
  ...checkTimeField(time, input),
  ...zoneProblems(time?.zone),
];

export function checkHeadByKey(node: HeadByKeyNode, input: Flow): readonly ProblemDetails[] {
  return [
    ...checkKey('head-by-key 3', node.by, input),
    ...checkBounds(input),
    ...node.by.flatMap(({ expression }) => checkExpression(expression, input.fields)),
  ];
}

export function checkDedup(node: DedupNode, input: Flow): readonly ProblemDetails[] {
  const isWithin = node.withinMs !== undefined;
  return [
    ...checkKey('dedup', node.by, input),
    ...checkLate(node, input, isWithin),
    ...checkBounds(input),
    ...(isWithin ? checkWithin(node, input) : []),
    ...(node.keep === 'last' && !isWithin
      ? checkEnd(input, 'say how long one waits for another: --within 10m; or put a window in front')
      : []),
    ...node.by.flatMap(({ expression }) => checkExpression(expression, input.fields)),
  ];
}
