import type { NodeBase } from './node.js';

/** Writes records: '-' for stdout, or a path. */
export interface ToNode extends NodeBase<'to'> {
  readonly uri: string;
  readonly format: 'json' | 'csv' | 'tsv' | 'table';
}

export function to(node: Omit<ToNode, 'kind'>): ToNode {
  return { kind: 'to', ...node };
}
