/** Where a plan waits for records though an operator in front was told not to: said when it starts. */
import { flowOf, inputFlow } from './flow.js';
import type { Plan } from './plan.js';

/** A sentence for each node that says the time of its records itself and not the idleness that was said before. */
export function whatStalls(plan: Plan): readonly string[] {
  const anew = plan.nodes.filter((node) => {
    const isTimed =
      node.kind === 'window' || node.kind === 'sort' || node.kind === 'over' || node.kind === 'dedup';
    return isTimed && node.time !== undefined && node.time.idleMs === undefined;
  });
  if (anew.length === 0) return [];
  const flows = flowOf(plan);
  return anew
    .filter((node) => inputFlow(node, flows).time?.idleMs !== undefined)
    .map(
      ({ id }) =>
        `${id} says --time itself, so the --idle before it counts for nothing there; say it at both`,
    );
}
