import type { NodeBase } from './node.js';

/**
 * One record for each element of an array field. The element replaces the array under the name `as` (default: the
 * field's own last name); with `index` its position is added. An empty, null or missing array gives no
 * record, or with `keepEmpty` one record with null.
 */
export interface FlattenNode extends NodeBase<'flatten'> {
  readonly field: string;
  readonly as: string;
  readonly index?: string;
  readonly keepEmpty: boolean;
}

export function flatten(node: Omit<FlattenNode, 'kind'>): FlattenNode {
  return { kind: 'flatten', ...node };
}
