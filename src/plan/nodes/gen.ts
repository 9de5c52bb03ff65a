import type { NodeBase } from './node.js';
import type { TimeAssignment } from './time.js';

/** Makes records by a seeded generator. */
export interface GenNode extends NodeBase<'gen'> {
  readonly dataset: 'clicks' | 'access-log' | 'nexmark';
  readonly count?: number;
  readonly seed: number;
  /** Records per second; without it as fast as they are taken. */
  readonly ratePerSecond?: number;
  readonly time?: TimeAssignment;
}

export function gen(node: Omit<GenNode, 'kind' | 'inputs'>): GenNode {
  return { kind: 'gen', inputs: [], ...node };
}
