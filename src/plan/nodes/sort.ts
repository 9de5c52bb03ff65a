import type { NamedExpression } from '../expression-text.js';
import type { NodeBase } from './node.js';
import type { TimeAssignment } from './time.js';
import type { LatePolicy } from './window.js';

/**
 * Records in order: of event time, each as soon as the watermark says that no earlier one comes; or, with `by`, all of them
 * by values, at the end of the input.
 */
export interface SortNode extends NodeBase<'sort'> {
  /** Empty for event time. */
  readonly by: readonly NamedExpression[];
  readonly descending: boolean;
  /** Event time; without it that said upstream. */
  readonly time?: TimeAssignment;
  /** What is done with records that come when later ones have left. */
  readonly late: LatePolicy;
}

export function sort(node: Omit<SortNode, 'kind'>): SortNode {
  return { kind: 'sort', ...node };
}
