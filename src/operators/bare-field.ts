/** Expressions that are nothing but a field of a record. */
import { barePath } from '../expression/index.js';

/** The field that an expression is; undefined when it computes something, or reads within a field. */
export function bareField(expression: string): string | undefined {
  const [name, ...within] = barePath(expression) ?? [];
  return typeof name === 'string' && within.length === 0 ? name : undefined;
}
