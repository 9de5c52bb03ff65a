/** A join: both inputs have event time and no windows, and the keys are fields of theirs. */
import type { ProblemDetails } from '../../diagnostics/index.js';
import { type Flow, needsTime } from '../flow.js';
import type { JoinNode } from '../nodes/index.js';
import { checkExpression } from './expression.js';
import { zoneProblems } from './zone.js';

export function checkJoin(node: JoinNode, _input: Flow, inputs: readonly Flow[]): readonly ProblemDetails[] {
  const [left, right] = inputs as [Flow, Flow];
  // A stage before may say a time, which the other input takes.
  const isPiped = inputs.some(({ piped }) => piped);
  const found: ProblemDetails[] = [];
  for (const [side, flow] of [
    ['left', left],
    ['right', right],
  ] as const) {
    if (needsTime(node) && !flow.timed && !isPiped) {
      found.push({
        code: 'plan',
        message: `the ${side} input has no event time, by which its records go together with others`,
        hint: 'say it where they are read: --time FIELD',
      });
    }
    if (flow.window !== undefined) {
      found.push({
        code: 'plan',
        message: `the records of the ${side} input are in windows`,
        hint: 'give the join itself a --window, put one behind it, or an aggregate in front of it',
      });
    }
  }
  const zone = node.match.by === 'window' && 'zone' in node.match.window ? node.match.window.zone : undefined;
  const keys = node.on.flatMap((key) => [
    ...checkExpression(key.left, left.fields),
    ...checkExpression(key.right, right.fields),
  ]);
  if (node.match.by === 'temporal' && node.join !== 'inner' && node.join !== 'left') {
    found.push({
      code: 'plan',
      message: `a temporal join is inner or left, and ${node.join} is asked for`,
      hint: 'versions are no records that could leave alone; to see what has none, --kind left and a filter behind it',
    });
  }
  return [...found, ...zoneProblems(zone), ...keys];
}
