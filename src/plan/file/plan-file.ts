/**
 * The plan file: a plan as versioned JSON, written for people to read and compare. What is read back is
 * checked member by member before anything trusts it; a version that is not known is refused and never
 * guessed at.
 */
import { problem } from '../../diagnostics/index.js';
import { type Plan, planVersion } from '../plan.js';
import { nodeShape } from './node-shapes.js';
import { choice, list, members } from './shape.js';

/** The plan as JSON text with two spaces of indentation and no newline at the end. */
export function planToJson(plan: Plan): string {
  return JSON.stringify({ version: plan.version, nodes: plan.nodes }, null, 2);
}

const planShape = members({ version: choice([planVersion]), nodes: list(nodeShape, 1) });

function checkVersion(value: unknown): void {
  const version =
    typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined;
  if (typeof version === 'number' && version > planVersion) {
    throw problem({
      code: 'plan',
      message: `the plan has version ${version}, and this leat reads version ${planVersion}`,
      hint: 'use a newer leat, or write the plan again with leat explain --json',
    });
  }
}

/** Every input must be a node that stands before the one that reads it; ids are used once. */
function checkOrder(plan: Plan): void {
  const seen = new Set<string>();
  for (const node of plan.nodes) {
    if (seen.has(node.id)) throw problem({ code: 'plan', message: `two nodes have the id ${node.id}` });
    for (const input of node.inputs) {
      if (seen.has(input)) continue;
      throw problem({
        code: 'plan',
        message: `node ${node.id} reads ${input}, which does not stand before it`,
        hint: 'nodes stand in the order in which records flow',
      });
    }
    seen.add(node.id);
  }
}

/** Reads a plan. Throws problems of the code plan that name the member that is wrong. */
export function planFromJson(text: string): Plan {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw problem({ code: 'plan', message: `the plan is not JSON: ${why}`, cause: error });
  }
  checkVersion(value);
  planShape(value, '');
  const plan = value as Plan;
  checkOrder(plan);
  return plan;
}
