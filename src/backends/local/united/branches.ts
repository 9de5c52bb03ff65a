/**
 * A plan with several sources as a tree: branches that each begin with a source or where other branches meet. The trunk is
 * the branch that is written.
 */
import { problem } from '../../../diagnostics/index.js';
import {
  type JoinNode,
  type PhysicalStep,
  type Plan,
  physicalSteps,
  type ToNode,
  type UnionNode,
} from '../../../plan/index.js';
import type { SplitPlan } from '../ends.js';

/** Steps that records pass one after the other, and where the records come from. */
export type Branch = Leaf | Joint;

interface BranchBase {
  readonly middle: readonly PhysicalStep[];
}

/** A branch that begins with a source. */
export interface Leaf extends BranchBase {
  readonly source: SplitPlan['source'];
}

/** A branch that begins where others meet. */
export interface Joint extends BranchBase {
  readonly meeting: UnionNode | JoinNode;
  readonly inputs: readonly Branch[];
}

/** A plan as a tree. */
export interface Tree {
  readonly trunk: Branch;
  readonly to: ToNode | undefined;
}

export const isLeaf = (branch: Branch): branch is Leaf => 'source' in branch;

/** The name of where a branch begins. */
export const originOf = (branch: Branch): string => (isLeaf(branch) ? branch.source.id : branch.meeting.id);

/** The branches with sources, in the order of the inputs. */
export function leavesOf(branch: Branch): readonly Leaf[] {
  return isLeaf(branch) ? [branch] : branch.inputs.flatMap(leavesOf);
}

/** All steps of a branch and of what flows into it. */
export function stepsOf(branch: Branch): readonly PhysicalStep[] {
  const before = isLeaf(branch) ? [] : [...branch.inputs.flatMap(stepsOf), branch.meeting];
  return [...before, ...branch.middle];
}

/** Takes a plan apart. Throws when it has no end, or more than one. */
export function treeOf(plan: Plan): Tree {
  const steps = physicalSteps(plan);
  const byId = new Map(steps.map((step) => [step.id, step]));
  const branchTo = (end: PhysicalStep): Branch => {
    const middle: PhysicalStep[] = [];
    for (let step = end; ; step = byId.get(step.inputs[0]!)!) {
      if (step.kind === 'from' || step.kind === 'gen') return { source: step, middle };
      if (step.kind === 'union' || step.kind === 'join') {
        return { meeting: step, middle, inputs: step.inputs.map((id) => branchTo(byId.get(id)!)) };
      }
      middle.unshift(step);
    }
  };
  const ends = steps.filter(({ id }) => !steps.some(({ inputs }) => inputs.includes(id)));
  const [end, other] = ends;
  if (end === undefined || other !== undefined) {
    throw problem({ code: 'plan', message: `a plan has one end, and this one has ${ends.length}` });
  }
  return end.kind === 'to'
    ? { trunk: branchTo(byId.get(end.inputs[0]!)!), to: end }
    : { trunk: branchTo(end), to: undefined };
}
