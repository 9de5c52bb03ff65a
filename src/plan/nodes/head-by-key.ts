import type { NamedExpression } from '../expression-text.js';
import type { NodeBase } from './node.js';

/** The first records of each key, of each window where there are windows. `by` empty: the key said upstream. */
export interface HeadByKeyNode extends NodeBase<'head-by-key'> {
  readonly count: number;
  readonly by: readonly NamedExpression[];
  /** Most keys that may be counted at once; the run fails beyond it. */
  readonly maxKeys?: number;
}

export function headByKey(node: Omit<HeadByKeyNode, 'kind'>): HeadByKeyNode {
  return { kind: 'head-by-key', ...node };
}
