import type { AlignedShape } from '../../time/index.js';
import type { ExpressionText } from '../expression-text.js';
import type { NodeBase } from './node.js';
import type { LatePolicy } from './window.js';

/** Which records leave a join: see docs/joins.md. */
export const joinKinds = ['inner', 'left', 'right', 'full', 'semi', 'anti'] as const;
export type JoinKind = (typeof joinKinds)[number];

/** A pair of expressions, of the first input and of the second, that are equal in records which go together. */
export interface JoinKey {
  readonly left: ExpressionText;
  readonly right: ExpressionText;
}

/** The right record is from `lowerMs` before or after the left one to `upperMs`, both ends included. */
export interface IntervalMatch {
  readonly by: 'interval';
  readonly lowerMs: number;
  readonly upperMs: number;
}

/** Both records are in the same window. */
export interface WindowMatch {
  readonly by: 'window';
  readonly window: AlignedShape;
  readonly late: LatePolicy;
}

/** The right record is the last one that is not after the left one: the version that is valid then. */
export interface TemporalMatch {
  readonly by: 'temporal';
  readonly late: LatePolicy;
}

/** However far apart they are, as long as both are kept: for so long in event time, or for ever. */
export interface RegularMatch {
  readonly by: 'regular';
  readonly retentionMs?: number;
}

/** How records of one key go together in time. */
export type JoinMatch = IntervalMatch | WindowMatch | TemporalMatch | RegularMatch;

/** Records of two inputs that have one key and go together in time. */
export interface JoinNode extends NodeBase<'join'> {
  readonly join: JoinKind;
  readonly on: readonly JoinKey[];
  readonly match: JoinMatch;
  /** In front of names of the right record that the left one has too. */
  readonly prefix: string;
}

export function join(node: Omit<JoinNode, 'kind'>): JoinNode {
  return { kind: 'join', ...node };
}
