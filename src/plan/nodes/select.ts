import type { NamedExpression } from '../expression-text.js';
import type { NodeBase } from './node.js';

/**
 * Chooses, renames and computes fields. With `star` the record stays and the items are added or put in
 * place.
 */
export interface SelectNode extends NodeBase<'select'> {
  readonly star: boolean;
  readonly items: readonly NamedExpression[];
  /** Names of top-level fields to leave out; only with star. */
  readonly drop: readonly string[];
}

export function select(node: Omit<SelectNode, 'kind'>): SelectNode {
  return { kind: 'select', ...node };
}
