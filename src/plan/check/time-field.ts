/** The field of event time: one that a node names, said upstream, or the default. */
import type { ProblemDetails } from '../../diagnostics/index.js';
import { type Flow, lacks } from '../flow.js';
import type { TimeAssignment } from '../nodes/index.js';
import { checkExpression } from './expression.js';

const defaultField = 'time';

export function checkTimeField(time: TimeAssignment | undefined, input: Flow): readonly ProblemDetails[] {
  if (time !== undefined) return checkExpression(time.field, input.fields);
  if (input.timed || !lacks(input.fields, defaultField)) return [];
  return [
    {
      code: 'plan',
      message: `there is no field ${defaultField}, and no other is named as the event time`,
      hint: 'name the field: --time FIELD',
    },
  ];
}
