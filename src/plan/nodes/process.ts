import type { NamedExpression } from '../expression-text.js';
import type { NodeBase } from './node.js';

/** Runs a program of the user on each record: a module with onRecord, timers and state by key. */
export interface ProcessNode extends NodeBase<'process'> {
  readonly file: string;
  /** The key of its state; empty: the one said upstream. */
  readonly by: readonly NamedExpression[];
  /** Its outputs beside the main one, and their files. */
  readonly sides: readonly { readonly name: string; readonly path: string }[];
}

export function process(node: Omit<ProcessNode, 'kind'>): ProcessNode {
  return { kind: 'process', ...node };
}
