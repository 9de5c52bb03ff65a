import type { NamedExpression } from '../expression-text.js';
import type { NodeBase } from './node.js';
import type { TimeAssignment } from './time.js';
import type { LatePolicy } from './window.js';

/**
 * Of the records that have a key, the first or the last: within a span of event time, of the window, or of the input. `by`
 * empty: the key said upstream.
 */
export interface DedupNode extends NodeBase<'dedup'> {
  readonly by: readonly NamedExpression[];
  readonly keep: 'first' | 'last';
  readonly withinMs?: number;
  /** Event time for `withinMs`; without it that said upstream. */
  readonly time?: TimeAssignment;
  /** Most keys that may be remembered at once, where they are for ever; the run fails beyond it. */
  readonly maxKeys?: number;
  /** What is done with records of a time or a window that is over; without it they are counted and left out. */
  readonly late?: LatePolicy;
}

export function dedup(node: Omit<DedupNode, 'kind'>): DedupNode {
  return { kind: 'dedup', ...node };
}
