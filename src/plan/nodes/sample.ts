import type { NamedExpression } from '../expression-text.js';
import type { NodeBase } from './node.js';

/** How many records are drawn: a share of them, each for itself, or so many. */
export type SampleSize =
  | { readonly kind: 'share' /** In percent, more than 0 and at most 100. */; readonly percent: number }
  | { readonly kind: 'count'; readonly count: number };

/** Draws records by chance; the same seed and the same records give the same sample. */
export interface SampleNode extends NodeBase<'sample'> {
  readonly size: SampleSize;
  readonly seed: number;
  /** With a share: all records of a key, or none. Empty: each record for itself. */
  readonly by: readonly NamedExpression[];
}

export function sample(node: Omit<SampleNode, 'kind'>): SampleNode {
  return { kind: 'sample', ...node };
}
