import type { NodeBase } from './node.js';

/** What one run of the command is for. */
export type ExecPer = 'record' | 'window';

export const execPers: readonly ExecPer[] = ['record', 'window'];

/** Runs a command for each record or each complete window; what it prints are the records that go on. */
export interface ExecNode extends NodeBase<'exec'> {
  /** The program and its arguments; no shell reads them. {field} in an argument is the value of a field. */
  readonly command: readonly string[];
  readonly per: ExecPer;
  /** Most runs at a time. */
  readonly jobs: number;
  /** How often it is run again after a failure. */
  readonly retries: number;
  /** Exit statuses that count as success. */
  readonly ok: readonly number[];
  /** The record goes on, with what the command printed in this field. */
  readonly as?: string;
}

export function exec(node: Omit<ExecNode, 'kind'>): ExecNode {
  return { kind: 'exec', ...node };
}
