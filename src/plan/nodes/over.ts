import type { NamedExpression } from '../expression-text.js';
import type { AggregateCall } from './aggregate.js';
import type { NodeBase } from './node.js';
import type { TimeAssignment } from './time.js';
import type { LatePolicy } from './window.js';

/**
 * Which records before a record are taken together with it. `rows`: so many, itself among them; `range`: those whose time is
 * not further back, and all of its own time. Without a measure it is all of them.
 */
export type OverFrame =
  | { readonly kind: 'rows'; readonly count?: number }
  | { readonly kind: 'range'; readonly rangeMs?: number };

/** Adds to each record aggregates over those of its key before it in event time. `by` empty: the key said upstream. */
export interface OverNode extends NodeBase<'over'> {
  readonly calls: readonly AggregateCall[];
  readonly by: readonly NamedExpression[];
  readonly frame: OverFrame;
  /** Event time; without it that said upstream. */
  readonly time?: TimeAssignment;
  /** What is done with records that come when the results of later ones have left. */
  readonly late: LatePolicy;
  /** Most keys that may be remembered at once; the run fails beyond it. */
  readonly maxKeys?: number;
}

export function over(node: Omit<OverNode, 'kind'>): OverNode {
  return { kind: 'over', ...node };
}
