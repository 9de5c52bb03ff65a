import type { ExpressionText, NamedExpression } from '../expression-text.js';
import type { NodeBase } from './node.js';
import type { LatePolicy } from './window.js';

/**
 * The records with the greatest values, or the least: of each window where records are in windows, else of the input. `per`
 * empty: the key said upstream, if any.
 */
export interface TopNode extends NodeBase<'top'> {
  readonly count: number;
  readonly rank: ExpressionText;
  readonly ascending: boolean;
  readonly per: readonly NamedExpression[];
  /** Of the whole input, whatever windows records are in. */
  readonly overall: boolean;
  /** What is done with records of a time or a window that is over; without it they are counted and left out. */
  readonly late?: LatePolicy;
}

export function top(node: Omit<TopNode, 'kind'>): TopNode {
  return { kind: 'top', ...node };
}
