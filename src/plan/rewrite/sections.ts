/**
 * A plan cut where records leave the process for a program of somebody else: sections that are run side by side, each with
 * an output that the next one reads. Ids stay those of the plan; the source of a section has that of the node before it.
 */
import { type Problem, problem } from '../../diagnostics/index.js';
import type { ExecNode, FromNode, PlanNode, ViaNode } from '../nodes/index.js';
import { type Plan, planVersion } from '../plan.js';

/** A node behind which another section begins. */
export type ForeignNode = ViaNode | ExecNode;

export interface Sections {
  /** One more than there are foreign nodes. */
  readonly plans: readonly Plan[];
  /** What stands between two sections. */
  readonly between: readonly ForeignNode[];
}

export function isForeign(node: PlanNode): node is ForeignNode {
  return node.kind === 'via' || node.kind === 'exec';
}

function inBranch({ id, kind }: ForeignNode): Problem {
  return problem({
    code: 'plan',
    message: `${id} stands in one of several branches, and ${kind} can only stand behind the place where they meet`,
    hint: `run it in front: <(leat from FILE | leat ${kind} ...)`,
  });
}

/** Whether everything behind a node goes on from it. */
function isOnlyWay(nodes: readonly PlanNode[], at: number): boolean {
  const before = new Set(nodes.slice(0, at).map(({ id }) => id));
  return nodes.slice(at + 1).every(({ inputs }) => inputs.length > 0 && !inputs.some((id) => before.has(id)));
}

const sourceBehind = ({ id }: ForeignNode): FromNode => ({
  kind: 'from',
  id,
  inputs: [],
  uris: ['-'],
  format: { name: 'json' },
});

/** The sections of a plan. Throws a problem of the code plan when it cannot be cut. */
export function sectionsOf({ nodes }: Plan): Sections {
  const plans: Plan[] = [];
  const between: ForeignNode[] = [];
  let section: PlanNode[] = [];
  for (const [at, node] of nodes.entries()) {
    if (!isForeign(node)) {
      section.push(node);
      continue;
    }
    if (!isOnlyWay(nodes, at)) throw inBranch(node);
    // The records of a window are put together in front of the command.
    const last = node.kind === 'exec' && node.per === 'window' ? [node] : [];
    plans.push({ version: planVersion, nodes: [...section, ...last] });
    between.push(node);
    section = [sourceBehind(node)];
  }
  return { plans: [...plans, { version: planVersion, nodes: section }], between };
}
