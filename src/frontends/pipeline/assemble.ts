/**
 * Nodes put into a plan: a source in front when there is none, ids from position and kind, each node reading the one
 * before it. Both front ends end here, so that one question has one plan however it was typed.
 */
import { problem } from '../../diagnostics/index.js';
import { type NodeId, type Plan, type PlanNode, planVersion } from '../../plan/index.js';
import type { NodeDraft } from '../commands/index.js';

const standardInput: NodeDraft = { kind: 'from', uris: ['-'], format: { name: 'json' } };

function isSource(draft: NodeDraft | undefined): boolean {
  return draft?.kind === 'from' || draft?.kind === 'gen';
}

function checkOrder(drafts: readonly NodeDraft[]): void {
  drafts.forEach((draft, i) => {
    if (i > 0 && isSource(draft)) {
      throw problem({
        code: 'plan',
        message: `${draft.kind} is a source and stands first, not at place ${i + 1}`,
      });
    }
    if (draft.kind === 'to' && i < drafts.length - 1) {
      throw problem({ code: 'plan', message: 'to ends a pipeline, and nothing can stand behind it' });
    }
  });
}

/** Whether a source is needed in front. */
export function needsSource(drafts: readonly NodeDraft[]): boolean {
  return !isSource(drafts[0]);
}

/** Appends the nodes of drafts, each reading the one before it and the ends of its other inputs; gives the id of the last. */
function append(drafts: readonly NodeDraft[], nodes: PlanNode[]): NodeId {
  let before: NodeId | undefined;
  for (const { kind, others = [], ...rest } of drafts) {
    const ends = others.map((other) => append(other, nodes));
    const id = `${nodes.length + 1}-${kind}`;
    const inputs = before === undefined ? ends : [before, ...ends];
    nodes.push({ kind, id, inputs, ...rest } as PlanNode);
    before = id;
  }
  return before!;
}

/** Only one source can be what comes through stdin. */
function checkStandardInput(nodes: readonly PlanNode[]): void {
  const readers = nodes.filter((node) => node.kind === 'from' && node.uris.includes('-'));
  if (readers.length < 2) return;
  throw problem({
    code: 'plan',
    message: `${readers.map(({ id }) => id).join(' and ')} both read stdin`,
    hint: 'name a file, or a FIFO, in one of them',
  });
}

/**
 * The plan of nodes in the order in which records flow. Throws problems of the code plan when they are out
 * of order.
 */
export function assemble(drafts: readonly NodeDraft[]): Plan {
  const all = needsSource(drafts) ? [standardInput, ...drafts] : drafts;
  checkOrder(all);
  const nodes: PlanNode[] = [];
  append(all, nodes);
  checkStandardInput(nodes);
  return { version: planVersion, nodes };
}
