/**
 * An expression against what is known of the records: it is compiled as it will be when the plan runs,
 * only into nothing. A field is unknown where the records certainly lack it; where they are open, any name
 * may be there.
 */
import { isProblem, type ProblemDetails } from '../../diagnostics/index.js';
import { type ColumnScope, compileFilter, compileProjection } from '../../expression/index.js';
import type { ExpressionText } from '../expression-text.js';
import { type KnownFields, lacks } from '../flow.js';

function scopeOf(fields: KnownFields): ColumnScope {
  return {
    resolve: ([name]) => (lacks(fields, String(name)) ? undefined : 0),
    names: () => fields.names,
  };
}

/** The problems of an expression, at most one; a `condition` must be true, false or null. */
export function checkExpression(
  text: ExpressionText,
  fields: KnownFields,
  kind: 'value' | 'condition' = 'value',
): readonly ProblemDetails[] {
  try {
    if (kind === 'condition') compileFilter(text, scopeOf(fields));
    else compileProjection(text, scopeOf(fields), 1);
    return [];
  } catch (error) {
    if (isProblem(error)) return [error.details];
    throw error;
  }
}
