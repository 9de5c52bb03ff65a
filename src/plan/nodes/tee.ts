import type { ExpressionText } from '../expression-text.js';
import type { NodeBase } from './node.js';

/** Copies records to a file as NDJSON, and passes all of them on. */
export interface TeeNode extends NodeBase<'tee'> {
  readonly path: string;
  /** Only records for which this is true are copied. */
  readonly when?: ExpressionText;
}

export function tee(node: Omit<TeeNode, 'kind'>): TeeNode {
  return { kind: 'tee', ...node };
}
