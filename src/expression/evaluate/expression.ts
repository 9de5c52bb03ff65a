/**
 * Evaluating trees as they are written: constants of a question, and record by record where speed does not
 * matter.
 */
import type { Path } from '../../record/index.js';
import { checkExpression } from '../check/check.js';
import type { Core } from '../check/core.js';
import type { ColumnScope } from '../check/scope.js';
import type { FunctionSession } from '../functions/definition.js';
import type { Expression } from '../syntax/tree.js';
import type { Value } from '../value.js';
import { evaluate } from './evaluate.js';
import { defaultSession } from './meaning.js';

const noColumns: ColumnScope = { resolve: () => undefined, names: () => [] };
const everyColumn: ColumnScope = { resolve: () => 0, names: () => [] };

/** The value of an expression without fields. Throws problems, and value errors as in 1 / 0. */
export function evaluateConstant(expression: Expression, session: FunctionSession = defaultSession): Value {
  const core = checkExpression({ text: undefined, scope: noColumns, session }, expression);
  return evaluate(core, () => null, session);
}

/**
 * Trees that were checked before; only what is folded depends on the session, hence one session at a time.
 */
const checked = new WeakMap<Expression, { readonly session: FunctionSession; readonly core: Core }>();

/**
 * The value of an expression for one record. `lookup` gives the value of a field, null when it is missing.
 * Throws value errors, and problems of the codes unknown-name and type.
 */
export function evaluateExpression(
  expression: Expression,
  lookup: (path: Path) => Value,
  session: FunctionSession = defaultSession,
): Value {
  let known = checked.get(expression);
  if (known === undefined || known.session !== session) {
    known = { session, core: checkExpression({ text: undefined, scope: everyColumn, session }, expression) };
    checked.set(expression, known);
  }
  return evaluate(known.core, (column) => lookup(column.path), session);
}
