/**
 * Checks a plan before anything runs: the order of the nodes, the expressions against what is known of the records,
 * names, windows and aggregates. It reports all it finds and refuses only what cannot be right: where a
 * schema is open, or a stage in another process may have said more, it keeps silent.
 */
import { type Problem, type ProblemDetails, problem } from '../../diagnostics/index.js';
import { type Flow, type FormatFields, flowOf, inputFlow, inputFlows } from '../flow.js';
import type { NodeKind, PlanNode } from '../nodes/index.js';
import type { Plan } from '../plan.js';
import { checkAggregate } from './aggregate.js';
import { checkChanges } from './changes.js';
import { checkCredentials } from './credentials.js';
import { checkDedup, checkHeadByKey } from './dedup.js';
import { checkUseOf } from './emission.js';
import { checkExec } from './exec.js';
import { checkExpression } from './expression.js';
import { checkFill } from './fill.js';
import { checkJoin } from './join.js';
import { checkLookup } from './lookup.js';
import { checkOrder } from './order.js';
import { checkOver } from './over.js';
import { checkSample } from './sample.js';
import { checkSort } from './sort.js';
import { checkCopies, checkTee } from './tee.js';
import { checkTo } from './to.js';
import { checkTop } from './top.js';
import { checkUids } from './uid.js';
import { checkUnion } from './union.js';
import { checkWindow } from './window.js';
import { zoneProblems } from './zone.js';

/** What the checker may know beyond the plan; all of it optional. */
export interface CheckContext {
  /** The fields that a text format always gives, where they are known. */
  readonly formatFields?: FormatFields;
}

type Check<Node> = (node: Node, input: Flow, inputs: readonly Flow[]) => readonly ProblemDetails[];
type NodeOf<Kind extends NodeKind> = Extract<PlanNode, { kind: Kind }>;

const nothing = (): readonly ProblemDetails[] => [];

const checks: { readonly [Kind in NodeKind]: Check<NodeOf<Kind>> } = {
  from: (node) => zoneProblems(node.time?.zone),
  gen: (node) => zoneProblems(node.time?.zone),
  parse: nothing,
  to: checkTo,
  filter: (node, input) => checkExpression(node.condition, input.fields, 'condition'),
  select: (node, input) => node.items.flatMap(({ expression }) => checkExpression(expression, input.fields)),
  flatten: (node, input) => checkExpression(node.field, input.fields),
  lookup: checkLookup,
  keyby: (node, input) => node.keys.flatMap(({ expression }) => checkExpression(expression, input.fields)),
  window: checkWindow,
  aggregate: checkAggregate,
  dedup: checkDedup,
  sort: checkSort,
  over: checkOver,
  fill: checkFill,
  join: checkJoin,
  top: checkTop,
  'head-by-key': checkHeadByKey,
  sample: checkSample,
  union: checkUnion,
  tee: checkTee,
  process: (node, input) => node.by.flatMap(({ expression }) => checkExpression(expression, input.fields)),
  via: nothing,
  exec: checkExec,
};

/**
 * All problems of a plan, in the order of its nodes, ready to be thrown; empty when it can be run. Their
 * message begins with the node.
 */
export function checkPlan(plan: Plan, context: CheckContext = {}): readonly Problem[] {
  const order = checkOrder(plan);
  if (order.length > 0) return order.map(problem);
  const credentials = checkCredentials(plan);
  if (credentials.length > 0) return credentials.map(problem);
  const uids = checkUids(plan);
  if (uids.length > 0) return uids.map(problem);
  const copies = checkCopies(plan);
  if (copies.length > 0) return copies.map(problem);
  const flows = flowOf(plan, context.formatFields);
  return plan.nodes.flatMap((node) => {
    const check = checks[node.kind] as Check<PlanNode>;
    const inputs = inputFlows(node, flows);
    const input = inputFlow(node, flows);
    const found = [
      ...checkChanges(node, inputs),
      ...checkUseOf(node.kind, input),
      ...check(node, input, inputs),
    ];
    return found.map((details) => problem({ ...details, message: `${node.id}: ${details.message}` }));
  });
}
