/** A union: its inputs have event time in one field or none at all, and no windows. */
import type { ProblemDetails } from '../../diagnostics/index.js';
import type { Flow } from '../flow.js';
import type { UnionNode } from '../nodes/index.js';

function timeProblem(inputs: readonly Flow[]): ProblemDetails | undefined {
  const fields = [...new Set(inputs.flatMap(({ time }) => (time === undefined ? [] : [time.field])))];
  if (fields.length > 1) {
    return {
      code: 'plan',
      message: `the inputs have their event time in different fields: ${fields.join(' and ')}`,
      hint: 'give it one name in all of them, as in select *, paid_at as ts',
    };
  }
  const without = inputs.some(({ timed, piped }) => !timed && !piped);
  if (fields.length === 0 || !without) return undefined;
  return {
    code: 'plan',
    message: `one input has event time, in ${fields[0]}, and another has none`,
    hint: 'say --time at all of them or at none',
  };
}

export function checkUnion(
  _node: UnionNode,
  _input: Flow,
  inputs: readonly Flow[],
): readonly ProblemDetails[] {
  const found: ProblemDetails[] = [];
  const time = timeProblem(inputs);
  if (time !== undefined) found.push(time);
  if (inputs.some(({ window }) => window !== undefined)) {
    found.push({
      code: 'plan',
      message: 'the records of an input are in windows',
      hint: 'put the window behind the union, or an aggregate in front of it',
    });
  }
  return found;
}
