import type { NamedExpression } from '../expression-text.js';
import type { NodeBase } from './node.js';

/** Says which records belong together; computes nothing. */
export interface KeybyNode extends NodeBase<'keyby'> {
  readonly keys: readonly NamedExpression[];
}

export function keyby(node: Omit<KeybyNode, 'kind'>): KeybyNode {
  return { kind: 'keyby', ...node };
}
