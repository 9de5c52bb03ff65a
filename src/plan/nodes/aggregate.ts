import type { Emit } from '../emission.js';
import type { ExpressionText, NamedExpression } from '../expression-text.js';
import type { NodeBase } from './node.js';

/**
 * One aggregate: the function's canonical name, its arguments, DISTINCT and FILTER, and the field it
 * becomes.
 */
export interface AggregateCall {
  readonly name: string;
  readonly function: string;
  /** Empty for count(*). Constant parameters (a quantile, a size) are arguments too. */
  readonly arguments: readonly ExpressionText[];
  readonly distinct: boolean;
  readonly filter?: ExpressionText;
}

/** Groups by window (if there is one) and key, and aggregates. `by` empty: the key said upstream, if any. */
export interface AggregateNode extends NodeBase<'aggregate'> {
  readonly calls: readonly AggregateCall[];
  readonly by: readonly NamedExpression[];
  /** Most groups that may be open at once; the run fails beyond it. */
  readonly maxGroups?: number;
  /** When results are given before they are final, as a changelog. */
  readonly emit?: Emit;
}

export function aggregate(node: Omit<AggregateNode, 'kind'>): AggregateNode {
  return { kind: 'aggregate', ...node };
}
