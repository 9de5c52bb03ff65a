import type { NamedExpression } from '../expression-text.js';
import type { NodeBase } from './node.js';

/** What the fields of a record that was missing hold, besides its time and its key. */
export const fillValues = ['zero', 'previous', 'null', 'linear'] as const;
export type FillValue = (typeof fillValues)[number];

/** Puts records in where a key has none for longer than a step of time. */
export interface FillNode extends NodeBase<'fill'> {
  /** The step; undefined: the length of the windows that records are results of. */
  readonly everyMs?: number;
  readonly by: readonly NamedExpression[];
  readonly value: FillValue;
  /** The field of time; undefined: the bounds of windows where records carry them, else the event time. */
  readonly time?: string;
  /** Longer gaps stay. */
  readonly maxGapMs?: number;
  /** Most keys that may be remembered at once; the run fails beyond it. */
  readonly maxKeys?: number;
}

export function fill(node: Omit<FillNode, 'kind'>): FillNode {
  return { kind: 'fill', ...node };
}
