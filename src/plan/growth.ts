/** What a plan remembers for ever on an input that never ends: said when it starts, not when memory is full. */
import { flowOf, inputFlow, needsTime } from './flow.js';
import type { Plan } from './plan.js';

/** A sentence for each node whose state grows without bound. */
export function whatGrows(plan: Plan): readonly string[] {
  const flows = flowOf(plan);
  return plan.nodes.flatMap((node) => {
    const input = inputFlow(node, flows);
    if (!input.endless) return [];
    const remembers = `${node.id} remembers every key of an input that never ends`;
    if (node.kind === 'aggregate' && input.window?.emission?.fill !== undefined) {
      return node.maxGroups === undefined ? [`${remembers}; --max-groups limits them`] : [];
    }
    if (input.window !== undefined) return [];
    if (node.kind === 'aggregate' && node.emit !== undefined && node.maxGroups === undefined) {
      return [`${remembers}; a window lets it forget them`];
    }
    if (
      node.kind === 'dedup' &&
      node.keep === 'first' &&
      node.withinMs === undefined &&
      node.maxKeys === undefined
    ) {
      return [`${remembers}; --within or a window lets it forget them`];
    }
    if (node.kind === 'join' && !needsTime(node)) {
      return [
        `${node.id} remembers every record of an input that never ends; a duration for --retention lets it forget them`,
      ];
    }
    if (node.kind === 'join' && node.match.by === 'temporal') {
      return [`${node.id} remembers the last version of every key of an input that never ends`];
    }
    if (node.kind === 'head-by-key' && node.maxKeys === undefined) {
      return [`${remembers}; a window lets it forget them`];
    }
    if (
      node.kind === 'over' &&
      node.maxKeys === undefined &&
      !(node.frame.kind === 'range' && node.frame.rangeMs !== undefined)
    ) {
      return [`${remembers}; --range 1h lets it forget them`];
    }
    if (node.kind === 'fill' && node.maxKeys === undefined) return [remembers];
    return [];
  });
}
