/**
 * Trees to canonical text: keywords and functions in capitals, texts in single quotes, parentheses only
 * where they are needed. Parsing the text gives the same tree again, spans aside; plans keep expressions
 * in this form.
 */
import type { Path } from '../../record/index.js';
import type { CastType } from '../value-cast.js';
import type { BinaryOperator, Expression } from './tree.js';
import { isPlainName } from './words.js';

/** How tightly things bind; an operand that binds looser than its place asks for gets parentheses. */
const bind = { or: 1, and: 2, not: 3, test: 4, sum: 5, product: 6, sign: 7, value: 8 } as const;

const binding: Readonly<Record<BinaryOperator, number>> = {
  or: bind.or,
  and: bind.and,
  '=': bind.test,
  '<>': bind.test,
  '<': bind.test,
  '<=': bind.test,
  '>': bind.test,
  '>=': bind.test,
  '+': bind.sum,
  '-': bind.sum,
  '||': bind.sum,
  '*': bind.product,
  '/': bind.product,
  '%': bind.product,
};

function bindingOf(expression: Expression): number {
  switch (expression.kind) {
    case 'binary':
      return binding[expression.operator];
    case 'not':
      return bind.not;
    case 'is':
    case 'distinct':
    case 'in':
    case 'between':
    case 'like':
      return bind.test;
    case 'negate':
      return bind.sign;
    default:
      return bind.value;
  }
}

/** A text in single quotes. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function quoteName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** A path as it is written in an expression, names in backticks where they need them. */
export function printPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (text === '') text = isPlainName(step) ? step : quoteName(step);
    else if (step === '') text += `['']`;
    else text += `.${/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(step) ? step : quoteName(step)}`;
  }
  return text;
}

function printType({ name, precision, scale }: CastType): string {
  if (precision === undefined) return name;
  return `${name}(${scale === undefined ? precision : `${precision}, ${scale}`})`;
}

function printCase(expression: Extract<Expression, { kind: 'case' }>): string {
  const { operand, branches, otherwise } = expression;
  const head = operand === undefined ? 'CASE' : `CASE ${print(operand)}`;
  const parts = branches.map(({ when, result }) => ` WHEN ${print(when)} THEN ${print(result)}`);
  return `${head}${parts.join('')}${otherwise === undefined ? '' : ` ELSE ${print(otherwise)}`} END`;
}

function printList(list: readonly Expression[]): string {
  return list.map((item) => print(item)).join(', ');
}

/** The expression for a place that wants at least this binding. */
function print(expression: Expression, least: number = bind.or): string {
  const text = printBare(expression);
  return bindingOf(expression) < least ? `(${text})` : text;
}

function printBare(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return expression.text;
    case 'text':
      return quoteText(expression.text);
    case 'word':
      return expression.value === null ? 'NULL' : expression.value ? 'TRUE' : 'FALSE';
    case 'interval':
      return `INTERVAL ${quoteText(expression.text)} ${expression.unit}`;
    case 'temporal':
      return `${expression.type.toUpperCase()} ${quoteText(expression.text)}`;
    case 'path':
      return printPath(expression.path);
    case 'negate':
      // Two signs in a row would read as an option of a command.
      return `-${print(expression.operand, bind.value)}`;
    case 'not':
      return `NOT ${print(expression.operand, bind.not)}`;
    case 'binary':
      return printBinary(expression);
    case 'case':
      return printCase(expression);
    case 'cast':
      return `${expression.safe ? 'TRY_CAST' : 'CAST'}(${print(expression.operand)} AS ${printType(expression.type)})`;
    case 'call':
      return `${expression.name}(${printList(expression.arguments)})`;
    default:
      return printTest(expression);
  }
}

function printBinary(expression: Extract<Expression, { kind: 'binary' }>): string {
  const { operator, left, right } = expression;
  const own = binding[operator];
  return `${print(left, own)} ${operator.toUpperCase()} ${print(right, own + 1)}`;
}

function printTest(
  expression: Extract<Expression, { kind: 'is' | 'distinct' | 'in' | 'between' | 'like' }>,
): string {
  const not = expression.negated ? 'NOT ' : '';
  switch (expression.kind) {
    case 'is':
      return `${print(expression.operand, bind.test)} IS ${not}${expression.test.toUpperCase()}`;
    case 'distinct': {
      const { left, right } = expression;
      return `${print(left, bind.test)} IS ${not}DISTINCT FROM ${print(right, bind.sum)}`;
    }
    case 'in':
      return `${print(expression.operand, bind.test)} ${not}IN (${printList(expression.list)})`;
    case 'between': {
      const { operand, low, high } = expression;
      return `${print(operand, bind.test)} ${not}BETWEEN ${print(low, bind.sum)} AND ${print(high, bind.sum)}`;
    }
    case 'like': {
      const behind = expression.escape === undefined ? '' : ` ESCAPE ${print(expression.escape, bind.sum)}`;
      const pattern = print(expression.pattern, bind.sum);
      return `${print(expression.operand, bind.test)} ${not}LIKE ${pattern}${behind}`;
    }
  }
}

/** The canonical text of an expression; see the file comment. */
export function printExpression(expression: Expression): string {
  return print(expression);
}
