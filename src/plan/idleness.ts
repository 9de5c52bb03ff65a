/** Where a plan waits for records though an operator in front was told not to: said when it starts. */
import { flowOf, inputFlow } from './flow.js';
import type { Plan } from './plan.js';

/** A sentence for each node that says the time of its records itself and not the idleness that was said before. */
export function whatStalls(plan: Plan): readonly string[] {
  const flows = flowOf(plan);
  return plan.nodes.flatMap((node) => {
    const begins =
      node.kind === 'window' || node.kind === 'sort' || node.kind === 'over' || node.kind === 'dedup';
    if (!begins || node.time === undefined || node.time.idleMs !== undefined) return [];
    if (inputFlow(node, flows).time?.idleMs === undefined) return [];
    return [
      `${node.id} says --time itself, so the --idle before it counts for nothing there; say it at both`,
    ];
  });
}
