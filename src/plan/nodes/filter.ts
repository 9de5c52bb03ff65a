import type { ExpressionText } from '../expression-text.js';
import type { NodeBase } from './node.js';

/** Lets through the records for which the condition is true (not null, not false). */
export interface FilterNode extends NodeBase<'filter'> {
  readonly condition: ExpressionText;
}

export function filter(node: Omit<FilterNode, 'kind'>): FilterNode {
  return { kind: 'filter', ...node };
}
