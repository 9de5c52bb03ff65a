/**
 * From the tree as written to the checked tree: names resolved, functions found, types looked at,
 * constants computed. What can never have a value is a problem with its place; what depends on the data is
 * left to the record. A constant part whose computation fails is left as it is too, for a CASE may guard
 * it.
 */
import { didYouMean } from '../../diagnostics/index.js';
import { evaluate } from '../evaluate/evaluate.js';
import { compileLike, type LikePattern } from '../evaluate/like.js';
import type { Binary, Case, Expression, LikeTest, PathReference } from '../syntax/tree.js';
import { decimalToNumber } from '../value-decimal.js';
import { isValueError } from '../value-error.js';
import { nameType, toText } from '../value-text.js';
import { checkCall } from './check-call.js';
import type { CompareOperator, Core } from './core.js';
import { constant, literalConstant } from './literals.js';
import { type CheckContext, wrongAt } from './scope.js';
import {
  classOf,
  commonType,
  computedType,
  mayBeCondition,
  mayBeNumber,
  mayCompare,
  mayCompute,
} from './static-type.js';

/** The parts of a checked expression. */
export function partsOf(core: Core): readonly Core[] {
  switch (core.op) {
    case 'constant':
    case 'column':
      return [];
    case 'negate':
    case 'not':
    case 'is':
    case 'cast':
      return [core.operand];
    case 'in':
      return [core.operand, ...core.list];
    case 'between':
      return [core.operand, core.low, core.high];
    case 'like':
      return [core.operand, core.pattern, ...(core.escape === undefined ? [] : [core.escape])];
    case 'case':
      return [
        ...(core.operand === undefined ? [] : [core.operand]),
        ...core.branches.flatMap(({ when, result }) => [when, result]),
        core.otherwise,
      ];
    case 'coalesce':
      return core.list;
    case 'call':
      return core.arguments;
    default:
      return [core.left, core.right];
  }
}

/** Computes what consists of constants. Calls of the clock and the like are left alone. */
function fold(context: CheckContext, core: Core): Core {
  const parts = partsOf(core);
  if (core.op === 'column' || core.op === 'constant' || !parts.every((part) => part.op === 'constant'))
    return core;
  if (core.op === 'call' && core.definition.volatile === true) return core;
  let value: ReturnType<typeof evaluate>;
  try {
    value = evaluate(core, () => null, context.session);
  } catch (error) {
    if (isValueError(error)) return core;
    throw error;
  }
  // What literals alone have made is as soft as they are.
  const literal = (core.op === 'arithmetic' || core.op === 'negate') && parts.every(isLiteral);
  const decimal = typeof value === 'object' && value?.type === 'decimal' ? value : undefined;
  return constant(value, literal && decimal !== undefined ? decimalToNumber(decimal) : undefined);
}

function isLiteral(core: Core): boolean {
  return core.op === 'constant' && (core.soft !== undefined || typeof core.value !== 'object');
}

function checkPath(context: CheckContext, expression: PathReference): Core {
  const { path } = expression;
  // A computed field has no columns of its own inside; what a longer path leads to is looked up in its value.
  for (let length = path.length; length > 0; length--) {
    const column = context.scope.resolve(path.slice(0, length));
    if (column !== undefined) return { op: 'column', column, path, steps: path.slice(length), type: 'any' };
  }
  const names = context.scope.names();
  const hint =
    didYouMean(String(path[0]), names) ?? (names.length === 0 ? undefined : `fields are ${names.join(', ')}`);
  throw wrongAt(context, 'unknown-name', expression, `unknown field ${path[0]}`, hint);
}

function condition(context: CheckContext, expression: Expression): Core {
  const core = check(context, expression);
  if (mayBeCondition(core)) return core;
  const hint = 'a condition compares: status >= 500';
  throw wrongAt(context, 'type', expression, `this is ${nameType(core.type)} and not a condition`, hint);
}

function comparable(context: CheckContext, span: Expression, left: Core, right: Core): void {
  if (mayCompare(left, right)) return;
  const message = `${nameType(left.type)} cannot be compared with ${nameType(right.type)}`;
  throw wrongAt(context, 'type', span, message, comparisonHint(left, right));
}

function comparisonHint(left: Core, right: Core): string | undefined {
  const classes = [classOf(left.type), classOf(right.type)];
  if (classes.includes('time') && classes.includes('number')) {
    return 'TO_TIMESTAMP_LTZ(number, 3) makes a timestamp of epoch milliseconds';
  }
  return undefined;
}

const comparisons: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=']);

function checkBinary(context: CheckContext, expression: Binary): Core {
  const { operator } = expression;
  if (operator === 'and' || operator === 'or') {
    const left = condition(context, expression.left);
    return { op: operator, left, right: condition(context, expression.right), type: 'boolean' };
  }
  const left = check(context, expression.left);
  const right = check(context, expression.right);
  if (comparisons.has(operator)) {
    comparable(context, expression, left, right);
    return { op: 'compare', operator: operator as CompareOperator, left, right, type: 'boolean' };
  }
  if (operator === '||') return { op: 'concat', left, right, type: 'text' };
  if (!mayCompute(operator, left, right)) {
    const message = `cannot compute ${nameType(left.type)} ${operator} ${nameType(right.type)}`;
    const hint = left.type === 'text' || right.type === 'text' ? 'texts are joined with ||' : undefined;
    throw wrongAt(context, 'type', expression, message, hint);
  }
  const type = computedType(left.type, right.type);
  return { op: 'arithmetic', operator: operator as '+' | '-' | '*' | '/' | '%', left, right, type };
}

function likePattern(
  context: CheckContext,
  expression: LikeTest,
  pattern: Core,
  sign?: Core,
): LikePattern | undefined {
  if (pattern.op !== 'constant' || pattern.value === null) return undefined;
  if (sign !== undefined && (sign.op !== 'constant' || sign.value === null)) return undefined;
  try {
    return compileLike(toText(pattern.value), sign === undefined ? undefined : toText(sign.value!));
  } catch (error) {
    if (isValueError(error)) throw wrongAt(context, 'type', expression.pattern, error.message);
    throw error;
  }
}

function checkLike(context: CheckContext, expression: LikeTest): Core {
  const operand = check(context, expression.operand);
  const pattern = check(context, expression.pattern);
  const sign = expression.escape === undefined ? undefined : check(context, expression.escape);
  for (const [core, part] of [
    [operand, expression.operand],
    [pattern, expression.pattern],
  ] as const) {
    if (core.type === 'boolean' || core.type === 'interval') {
      throw wrongAt(context, 'type', part, `LIKE wants a text, and this is ${nameType(core.type)}`);
    }
  }
  const matcher = likePattern(context, expression, pattern, sign);
  return {
    op: 'like',
    operand,
    pattern,
    escape: sign,
    matcher,
    negated: expression.negated,
    type: 'boolean',
  };
}

function checkCase(context: CheckContext, expression: Case): Core {
  const operand = expression.operand === undefined ? undefined : check(context, expression.operand);
  const branches = expression.branches.map((branch) => {
    const when = operand === undefined ? condition(context, branch.when) : check(context, branch.when);
    if (operand !== undefined) comparable(context, branch.when, operand, when);
    return { when, result: check(context, branch.result) };
  });
  const { otherwise: last } = expression;
  const otherwise = last === undefined ? constant(null) : check(context, last);
  const type = commonType([...branches.map(({ result }) => result.type), otherwise.type]);
  return { op: 'case', operand, branches, otherwise, type };
}

function checkTest(context: CheckContext, expression: Expression): Core {
  switch (expression.kind) {
    case 'is': {
      const { test, negated } = expression;
      const operand =
        test === 'null' ? check(context, expression.operand) : condition(context, expression.operand);
      return { op: 'is', operand, test, negated, type: 'boolean' };
    }
    case 'distinct': {
      const left = check(context, expression.left);
      const right = check(context, expression.right);
      comparable(context, expression, left, right);
      return { op: 'distinct', left, right, negated: expression.negated, type: 'boolean' };
    }
    case 'in': {
      const operand = check(context, expression.operand);
      const list = expression.list.map((item) => {
        const core = check(context, item);
        comparable(context, item, operand, core);
        return core;
      });
      return { op: 'in', operand, list, negated: expression.negated, type: 'boolean' };
    }
    case 'between': {
      const [operand, low, high] = [expression.operand, expression.low, expression.high].map((part) =>
        check(context, part),
      ) as [Core, Core, Core];
      comparable(context, expression.low, operand, low);
      comparable(context, expression.high, operand, high);
      return { op: 'between', operand, low, high, negated: expression.negated, type: 'boolean' };
    }
    default:
      throw new Error(`not an expression: ${expression.kind}`);
  }
}

function checkBare(context: CheckContext, expression: Expression): Core {
  switch (expression.kind) {
    case 'number':
      throw wrongAt(context, 'type', expression, `${expression.text} is too large for a number`);
    case 'path':
      return checkPath(context, expression);
    case 'negate': {
      const operand = check(context, expression.operand);
      if (!mayBeNumber(operand) && operand.type !== 'interval') {
        throw wrongAt(context, 'type', expression, `${nameType(operand.type)} has no sign`);
      }
      return { op: 'negate', operand, type: computedType(operand.type, 'number') };
    }
    case 'not':
      return { op: 'not', operand: condition(context, expression.operand), type: 'boolean' };
    case 'binary':
      return checkBinary(context, expression);
    case 'like':
      return checkLike(context, expression);
    case 'case':
      return checkCase(context, expression);
    case 'cast': {
      const operand = check(context, expression.operand);
      return {
        op: 'cast',
        operand,
        to: expression.type,
        safe: expression.safe,
        type: castType(expression.type.name),
      };
    }
    case 'call':
      return checkCall(context, expression, (argument) => check(context, argument));
    default:
      return checkTest(context, expression);
  }
}

function castType(name: Extract<Expression, { kind: 'cast' }>['type']['name']): Core['type'] {
  switch (name) {
    case 'BOOLEAN':
      return 'boolean';
    case 'DECIMAL':
      return 'decimal';
    case 'STRING':
    case 'CHAR':
    case 'VARCHAR':
      return 'text';
    case 'TIMESTAMP':
      return 'timestamp';
    case 'TIMESTAMP_LTZ':
      return 'timestamp_ltz';
    case 'DATE':
      return 'date';
    case 'TIME':
      return 'time';
    default:
      return 'number';
  }
}

function check(context: CheckContext, expression: Expression): Core {
  const literal = literalConstant(expression);
  return literal ?? fold(context, checkBare(context, expression));
}

/** Checks an expression. Throws problems of the codes unknown-name and type. */
export function checkExpression(context: CheckContext, expression: Expression): Core {
  return check(context, expression);
}

/** Checks an expression that must be a condition, as in a filter. */
export function checkCondition(context: CheckContext, expression: Expression): Core {
  return condition(context, expression);
}
