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

/**
 * The plan of nodes in the order in which records flow. Throws problems of the code plan when they are out
 * of order.
 */
export function assemble(drafts: readonly NodeDraft[]): Plan {
  const all = needsSource(drafts) ? [standardInput, ...drafts] : drafts;
  checkOrder(all);
  const nodes: PlanNode[] = [];
  for (const draft of all) {
    const before: NodeId | undefined = nodes.at(-1)?.id;
    const { kind, ...rest } = draft;
    const id = `${nodes.length + 1}-${kind}`;
    nodes.push({ kind, id, inputs: before === undefined ? [] : [before], ...rest } as PlanNode);
  }
  return { version: planVersion, nodes };
}
