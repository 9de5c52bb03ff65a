/** Names of state: each operator of a plan has one of its own, and the store can spell it. */
import type { ProblemDetails } from '../../diagnostics/index.js';
import type { NodeId } from '../nodes/index.js';
import type { Plan } from '../plan.js';

/** A dot stands between such a name and the number of a stage, and in front of a part of an operator. */
const spelling = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,79}$/;

/** Problems of the names that nodes were given. */
export function checkUids(plan: Plan): readonly ProblemDetails[] {
  const found: ProblemDetails[] = [];
  const owners = new Map<string, NodeId>();
  for (const { id, uid } of plan.nodes) if (uid === undefined) owners.set(id, id);
  for (const { id, uid } of plan.nodes) {
    if (uid === undefined) continue;
    const owner = owners.get(uid);
    owners.set(uid, id);
    if (owner !== undefined) {
      found.push({
        code: 'plan',
        message: `${id}: the uid ${uid} is that of ${owner} already`,
        hint: 'each operator needs a name of its own',
      });
    } else if (!spelling.test(uid)) {
      found.push({
        code: 'plan',
        message: `${id}: ${JSON.stringify(uid)} cannot be a uid`,
        hint: 'use letters, digits, - and _, at most 80',
      });
    }
  }
  return found;
}
