import type { NodeBase } from './node.js';

/**
 * The records of several inputs as one stream: by event time where the inputs have one, else as they come, files one
 * after the other.
 */
export interface UnionNode extends NodeBase<'union'> {}

export function union(node: Omit<UnionNode, 'kind'>): UnionNode {
  return { kind: 'union', ...node };
}
