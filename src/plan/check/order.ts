/**
 * Whether the nodes of a plan can follow each other: sources first, sinks last, text parsed where there is
 * text.
 */
import { isProblem, type ProblemDetails } from '../../diagnostics/index.js';
import { makesText } from '../flow.js';
import type { PlanNode } from '../nodes/index.js';
import type { Plan } from '../plan.js';
import { physicalSteps } from '../rewrite/physical-steps.js';
import { sectionsOf } from '../rewrite/sections.js';

function isSource(node: PlanNode): boolean {
  return node.kind === 'from' || node.kind === 'gen';
}

function wrongInputs({ kind, inputs }: PlanNode): string | undefined {
  if (kind === 'union') return inputs.length < 2 ? 'needs at least two inputs' : undefined;
  if (kind === 'join') return inputs.length !== 2 ? 'needs two inputs' : undefined;
  return inputs.length > 1 ? 'reads one input' : undefined;
}

/** A second reader would need a copy of the records. */
function checkReaders(node: PlanNode, plan: Plan): ProblemDetails | undefined {
  const readers = plan.nodes.flatMap(({ id, inputs }) =>
    inputs.filter((input) => input === node.id).map(() => id),
  );
  if (readers.length < 2) return undefined;
  return {
    code: 'plan',
    message: `${node.id} is read by ${readers.join(' and by ')}`,
    hint: 'each node is read once: give each reader a source of its own',
  };
}

function checkPosition(node: PlanNode, plan: Plan): ProblemDetails | undefined {
  const source = isSource(node);
  if (source !== (node.inputs.length === 0)) {
    return {
      code: 'plan',
      message: `${node.id}: ${source ? 'a source reads no node' : `${node.kind} needs an input`}`,
    };
  }
  const wrong = wrongInputs(node);
  if (wrong !== undefined) return { code: 'plan', message: `${node.id}: ${node.kind} ${wrong}` };
  const reader = plan.nodes.find((other) => other.inputs.includes(node.id));
  if (node.kind === 'to' && reader !== undefined) {
    return { code: 'plan', message: `${node.id}: to ends a plan, and ${reader.id} cannot stand behind it` };
  }
  if (node.kind === 'gen' && makesText(node) && reader !== undefined && reader.kind !== 'parse') {
    return {
      code: 'plan',
      message: `${node.id}: ${node.dataset} is lines of text, and ${reader.id} needs records`,
      hint: `put parse nginx between them`,
    };
  }
  return checkReaders(node, plan);
}

/** Problems of the order of nodes. */
export function checkOrder(plan: Plan): readonly ProblemDetails[] {
  if (plan.nodes.length === 0) return [{ code: 'plan', message: 'the plan has no nodes' }];
  const found = plan.nodes.flatMap((node) => checkPosition(node, plan) ?? []);
  if (found.length > 0) return found;
  try {
    physicalSteps(plan);
    sectionsOf(plan);
    return [];
  } catch (error) {
    if (isProblem(error)) return [error.details];
    throw error;
  }
}
