/**
 * The tree evaluator: one value of one record at a time, slow and plain. Constant folding uses it, and tests hold
 * compiled code to it. Operands are evaluated from left to right; AND, OR, CASE, COALESCE and IN stop when
 * the result is known, so an error in what they skip is none.
 */
import type { CaseCore, ColumnCore, Core, InCore } from '../check/core.js';
import { softOf } from '../check/core.js';
import type { FunctionSession } from '../functions/definition.js';
import type { Value } from '../value.js';
import { negate } from '../value-arithmetic.js';
import { toBoolean } from '../value-convert.js';
import * as meaning from './meaning.js';

/** Gives the value of a column for the record at hand. */
export type Lookup = (column: ColumnCore) => Value;

function softs(left: Core, right: Core): [meaning.Soft, meaning.Soft] {
  return [softOf(left, right), softOf(right, left)];
}

function not(value: boolean | null): boolean | null {
  return value === null ? null : !value;
}

function maybeNot(negated: boolean, value: boolean | null): boolean | null {
  return negated ? not(value) : value;
}

function evaluateIn(core: InCore, lookup: Lookup, session: FunctionSession): boolean | null {
  const x = evaluate(core.operand, lookup, session);
  if (x === null) return null;
  let unknown = false;
  for (const item of core.list) {
    const equal = meaning.compare(
      '=',
      x,
      evaluate(item, lookup, session),
      softOf(core.operand, item),
      softOf(item, core.operand),
    );
    if (equal === true) return true;
    if (equal === null) unknown = true;
  }
  return unknown ? null : false;
}

function evaluateCase(core: CaseCore, lookup: Lookup, session: FunctionSession): Value {
  const { operand, branches, otherwise } = core;
  const x = operand === undefined ? undefined : evaluate(operand, lookup, session);
  for (const { when, result } of branches) {
    const value = evaluate(when, lookup, session);
    const isTaken =
      x === undefined
        ? toBoolean(value)
        : meaning.compare('=', x, value, softOf(operand!, when), softOf(when, operand!));
    if (isTaken === true) return evaluate(result, lookup, session);
  }
  return evaluate(otherwise, lookup, session);
}

function evaluateTest(core: Core, lookup: Lookup, session: FunctionSession): Value {
  const value = (part: Core): Value => evaluate(part, lookup, session);
  switch (core.op) {
    case 'is': {
      const { test, negated } = core;
      const x = test === 'null' ? value(core.operand) : toBoolean(value(core.operand));
      const holds = test === 'null' || test === 'unknown' ? x === null : x === (test === 'true');
      return holds !== negated;
    }
    case 'distinct': {
      const [left, right] = [value(core.left), value(core.right)];
      return meaning.isDistinct(left, right, ...softs(core.left, core.right)) !== core.negated;
    }
    case 'in':
      return maybeNot(core.negated, evaluateIn(core, lookup, session));
    case 'between': {
      const [x, low, high] = [value(core.operand), value(core.low), value(core.high)];
      return maybeNot(
        core.negated,
        meaning.isBetween(x, low, high, softOf(core.low, core.operand), softOf(core.high, core.operand)),
      );
    }
    case 'like': {
      const x = value(core.operand);
      if (core.matcher !== undefined)
        return maybeNot(core.negated, meaning.isLike(x, core.matcher, session.zone));
      const pattern = value(core.pattern);
      const sign = core.escape === undefined ? undefined : value(core.escape);
      return maybeNot(core.negated, meaning.isLikeComputed(x, pattern, sign, session.zone));
    }
    default:
      throw new Error(`not a test: ${core.op}`);
  }
}

function evaluateLogic(core: Core & { op: 'and' | 'or' }, lookup: Lookup, session: FunctionSession): Value {
  const decided = core.op === 'or';
  const left = toBoolean(evaluate(core.left, lookup, session));
  if (left === decided) return decided;
  const right = toBoolean(evaluate(core.right, lookup, session));
  if (right === decided) return decided;
  return left === null || right === null ? null : !decided;
}

/** The value of a checked expression. Throws value errors. */
export function evaluate(core: Core, lookup: Lookup, session: FunctionSession): Value {
  const value = (part: Core): Value => evaluate(part, lookup, session);
  switch (core.op) {
    case 'constant':
      return core.value;
    case 'column':
      return lookup(core);
    case 'negate': {
      const operand = value(core.operand);
      return operand === null ? null : negate(operand);
    }
    case 'arithmetic': {
      const [left, right] = [value(core.left), value(core.right)];
      return meaning.compute(core.operator, left, right, ...softs(core.left, core.right));
    }
    case 'concat': {
      const left = value(core.left);
      return meaning.concat(left, value(core.right), session.zone);
    }
    case 'compare': {
      const [left, right] = [value(core.left), value(core.right)];
      return meaning.compare(core.operator, left, right, ...softs(core.left, core.right));
    }
    case 'and':
    case 'or':
      return evaluateLogic(core, lookup, session);
    case 'not':
      return not(toBoolean(value(core.operand)));
    case 'case':
      return evaluateCase(core, lookup, session);
    case 'coalesce':
      for (const item of core.list) {
        const found = value(item);
        if (found !== null) return found;
      }
      return null;
    case 'cast':
      return meaning.cast(value(core.operand), core.to, core.safe, session.zone);
    case 'call':
      return meaning.invoke(core.definition, core.arguments.map(value), session);
    default:
      return evaluateTest(core, lookup, session);
  }
}
