import type { ExpressionText, NamedExpression } from '../expression-text.js';
import type { FormatChoice } from './from.js';
import type { NodeBase } from './node.js';

/** A pair of a key: an expression over the record, and the field of the table that has to be equal to it. */
export interface LookupKey {
  readonly expression: ExpressionText;
  readonly field: string;
}

/**
 * Adds the fields of the rows of a table file whose keys are equal: a record for each of them, in the order of the file. A
 * record without such a row is left out, or with kind `left` passed on with nulls. The file is read again when it changes.
 */
export interface LookupNode extends NodeBase<'lookup'> {
  readonly file: string;
  readonly format: FormatChoice;
  readonly on: readonly LookupKey[];
  readonly join: 'inner' | 'left';
  /** Which fields of the table are added; absent: all but those of the key. */
  readonly fields?: readonly NamedExpression[];
  /** Stands before the name of a field that the record has already. */
  readonly prefix: string;
}

export function lookup(node: Omit<LookupNode, 'kind'>): LookupNode {
  return { kind: 'lookup', ...node };
}
