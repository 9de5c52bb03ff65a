/** What cannot take records that are in windows, whether the window is in the plan or in a process before it. */
import type { ProblemDetails } from '../../diagnostics/index.js';
import type { NodeKind } from '../nodes/index.js';

const windowInWindow: ProblemDetails = {
  code: 'plan',
  message: 'the records are in a window already',
  hint: 'put an aggregate between the two windows',
};
const fillInWindow: ProblemDetails = {
  code: 'plan',
  message: 'the records are in windows, and what is missing is not known yet',
  hint: 'put fill behind the aggregate',
};

/** Why a kind of node cannot stand behind a window; undefined when it can. */
export function whyNotInWindows(kind: NodeKind): ProblemDetails | undefined {
  if (kind === 'window') return windowInWindow;
  return kind === 'fill' ? fillInWindow : undefined;
}

/** The problem of a node behind a window, if it cannot stand there. */
export const checkInWindows = (kind: NodeKind, window: object | undefined): readonly ProblemDetails[] =>
  window === undefined ? [] : [whyNotInWindows(kind)].filter((why) => why !== undefined);
