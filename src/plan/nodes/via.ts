import type { NodeBase } from './node.js';

/** How it is known that the filter has given everything it owes, before a control line is passed on. */
export type ViaSettle = 'restart' | 'count' | 'mark';

export const viaSettles: readonly ViaSettle[] = ['restart', 'count', 'mark'];

/** Sends the records through a program of somebody else, which reads NDJSON and writes NDJSON. */
export interface ViaNode extends NodeBase<'via'> {
  /** The program and its arguments; no shell reads them. */
  readonly command: readonly string[];
  readonly settle: ViaSettle;
  /** Exit statuses that count as success. */
  readonly ok: readonly number[];
  /** What comes out carries no event time, key or window. */
  readonly untimed: boolean;
}

export function via(node: Omit<ViaNode, 'kind'>): ViaNode {
  return { kind: 'via', ...node };
}
