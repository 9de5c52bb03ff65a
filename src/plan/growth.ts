/** What a plan remembers for ever on an input that never ends: said when it starts, not when memory is full. */
import { flowOf, inputFlow } from './flow.js';
import type { Plan } from './plan.js';

/** A sentence for each node whose state grows without bound. */
export function whatGrows(plan: Plan): readonly string[] {
  const flows = flowOf(plan);
  return plan.nodes.flatMap((node) => {
    const input = inputFlow(node, flows);
    if (!input.endless || input.window !== undefined) return [];
    if (node.kind === 'dedup' && node.withinMs === undefined && node.maxKeys === undefined) {
      return [
        `${node.id} remembers every key of an input that never ends; --within or a window lets it forget them`,
      ];
    }
    return [];
  });
}
