import type { FormatChoice } from './from.js';
import type { NodeBase } from './node.js';

/**
 * Turns lines of text into records; as the first stage it reads stdin. Behind a source it becomes the
 * source's format.
 */
export interface ParseNode extends NodeBase<'parse'> {
  readonly format: FormatChoice;
}

export function parse(node: Omit<ParseNode, 'kind'>): ParseNode {
  return { kind: 'parse', ...node };
}
