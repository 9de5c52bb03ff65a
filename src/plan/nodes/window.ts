import type { Emission } from '../emission.js';
import type { NamedExpression } from '../expression-text.js';
import type { NodeBase } from './node.js';
import type { TimeAssignment } from './time.js';

/**
 * The shapes of windows; see docs/windows.md. Durations in ms. `zone` makes day-sized windows follow local
 * days.
 */
export type WindowShape =
  | { readonly shape: 'tumble'; readonly sizeMs: number; readonly offsetMs: number; readonly zone?: string }
  | {
      readonly shape: 'hop';
      readonly sizeMs: number;
      readonly slideMs: number;
      readonly offsetMs: number;
      readonly zone?: string;
    }
  | {
      readonly shape: 'cumulate';
      readonly maxMs: number;
      readonly stepMs: number;
      readonly offsetMs: number;
      readonly zone?: string;
    }
  | { readonly shape: 'session'; readonly gapMs: number }
  | { readonly shape: 'count'; readonly size: number; readonly slide: number };

/**
 * What happens to records that are late for every window: counted only, kept in a file, or the end of the
 * run.
 */
export type LatePolicy =
  | { readonly kind: 'drop' }
  | { readonly kind: 'fail' }
  | { readonly kind: 'file'; readonly path: string };

/**
 * Assigns records to windows. `by` is the key of session and count windows, and of the aggregate behind it.
 */
export interface WindowNode extends NodeBase<'window'> {
  readonly window: WindowShape;
  readonly time?: TimeAssignment;
  readonly processingTime: boolean;
  readonly by: readonly NamedExpression[];
  readonly late: LatePolicy;
  /** Results that an aggregate behind it gives besides those when the window fires. */
  readonly emission?: Emission;
}

export function window(node: Omit<WindowNode, 'kind'>): WindowNode {
  return { kind: 'window', ...node };
}
