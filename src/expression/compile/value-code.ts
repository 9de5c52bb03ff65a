/**
 * Code of any checked expression: a JavaScript expression that gives its value for `row`. Operands are
 * evaluated in the order in which the tree evaluator does it, and errors are thrown where it throws them.
 * `plain` code leaves out the fast ways; it stands behind them, so that code does not grow with the square
 * of the depth.
 */
import type { CaseCore, Core, InCore } from '../check/core.js';
import { softOf } from '../check/core.js';
import { constantName, type Emitter, literal, softCode, temp, use } from './emitter.js';
import { doubleCode, isDoubles } from './number-code.js';
import { compareCode, likeCode, listCode } from './test-code.js';

/** Softs of two operands as arguments, left out when there are none. */
export function softsCode(left: Core, right: Core): string {
  const [a, b] = [softOf(left, right), softOf(right, left)];
  return a === undefined && b === undefined ? '' : `, ${softCode(a)}, ${softCode(b)}`;
}

function columnCode(emitter: Emitter, core: Core & { op: 'column' }): string {
  const n = use(emitter, core.column);
  if (core.steps.length > 0) return `memberOf(readColumn(c${n}, row), ${constantName(emitter, core.steps)})`;
  return `(T${n}[row] === 4 ? N${n}[row] : T${n}[row] <= 1 ? null : readColumn(c${n}, row))`;
}

function arithmeticCode(emitter: Emitter, core: Core & { op: 'arithmetic' }, plain: boolean): string {
  const fast = !plain && isDoubles(core);
  const [left, right] = [core.left, core.right].map((part) => valueCode(emitter, part, plain || fast));
  const operator = JSON.stringify(core.operator);
  const slow = `compute(${operator}, ${left}, ${right}${softsCode(core.left, core.right)})`;
  if (!fast) return slow;
  const t = temp(emitter);
  return `((${t} = ${doubleCode(emitter, core)}) === ${t} ? ${t} : ${slow})`;
}

/** Code of a condition: true, false or null. */
export function conditionCode(emitter: Emitter, core: Core, plain: boolean): string {
  const code = valueCode(emitter, core, plain);
  return core.type === 'boolean' && core.op !== 'call' && core.op !== 'cast' ? code : `toBoolean(${code})`;
}

function logicCode(emitter: Emitter, core: Core & { op: 'and' | 'or' }, plain: boolean): string {
  const decided = core.op === 'or';
  const [a, b] = [temp(emitter), temp(emitter)];
  const left = conditionCode(emitter, core.left, plain);
  const right = conditionCode(emitter, core.right, plain);
  const open = `${a} === null || ${b} === null ? null : ${!decided}`;
  return `((${a} = ${left}) === ${decided} ? ${decided} : (${b} = ${right}) === ${decided} ? ${decided} : ${open})`;
}

/** Code of NOT; of a negated test. */
export function notCode(emitter: Emitter, code: string): string {
  const t = temp(emitter);
  return `((${t} = ${code}) === null ? null : !${t})`;
}

function isCode(emitter: Emitter, core: Core & { op: 'is' }, plain: boolean): string {
  const { operand, test, negated } = core;
  const equals = negated ? '!==' : '===';
  if (test === 'null' && operand.op === 'column' && operand.steps.length === 0) {
    const n = use(emitter, operand.column);
    return `(T${n}[row] ${negated ? '>' : '<='} 1)`;
  }
  if (test === 'null') return `(${valueCode(emitter, operand, plain)} ${equals} null)`;
  const wanted = test === 'unknown' ? 'null' : test;
  return `(${conditionCode(emitter, operand, plain)} ${equals} ${wanted})`;
}

function inCode(emitter: Emitter, core: InCore, plain: boolean): string {
  const fast = plain ? undefined : listCode(emitter, core);
  if (fast !== undefined) return fast;
  const x = temp(emitter);
  const seen = temp(emitter);
  const equal = temp(emitter);
  const steps = core.list.map((item) => {
    const softs = softsCode(core.operand, item);
    const code = `compare('=', ${x}, ${valueCode(emitter, item, plain)}${softs})`;
    return `(${equal} = ${code}) === true || (${equal} === null && (${seen} = null, false))`;
  });
  const operand = valueCode(emitter, core.operand, plain);
  return `((${x} = ${operand}) === null ? null : (${seen} = false, (${steps.join(' || ')}) ? true : ${seen}))`;
}

function betweenCode(emitter: Emitter, core: Core & { op: 'between' }, plain: boolean): string {
  const { operand, low, high } = core;
  const fast = !plain && operand.op !== 'constant' && [operand, low, high].every(isDoubles);
  const [x, from, to] = [operand, low, high].map((part) => valueCode(emitter, part, plain || fast));
  const softs = `${softCode(softOf(low, operand))}, ${softCode(softOf(high, operand))}`;
  const slow = `isBetween(${x}, ${from}, ${to}, ${softs})`;
  if (!fast) return slow;
  const [a, b, c] = [temp(emitter), temp(emitter), temp(emitter)];
  const all = [operand, low, high]
    .map((part, i) => `(${[a, b, c][i]} = ${doubleCode(emitter, part)}) === ${[a, b, c][i]}`)
    .join(' && ');
  return `(${all} ? ${a} >= ${b} && ${a} <= ${c} : ${slow})`;
}

function caseCode(emitter: Emitter, core: CaseCore, plain: boolean): string {
  const { operand, branches, otherwise } = core;
  const x = operand === undefined ? undefined : temp(emitter);
  let code = '';
  for (const { when, result } of branches) {
    const taken =
      operand === undefined
        ? conditionCode(emitter, when, plain)
        : `compare('=', ${x}, ${valueCode(emitter, when, plain)}${softsCode(operand, when)})`;
    code += `${taken} === true ? ${valueCode(emitter, result, plain)} : `;
  }
  code = `(${code}${valueCode(emitter, otherwise, plain)})`;
  return operand === undefined ? code : `(${x} = ${valueCode(emitter, operand, plain)}, ${code})`;
}

function coalesceCode(emitter: Emitter, list: readonly Core[], plain: boolean): string {
  const t = temp(emitter);
  return `(${list.map((item) => `(${t} = ${valueCode(emitter, item, plain)}) !== null ? ${t} : `).join('')}null)`;
}

function callCode(emitter: Emitter, core: Core & { op: 'call' }, plain: boolean): string {
  const given = core.arguments.map((argument) => valueCode(emitter, argument, plain)).join(', ');
  return `invoke(${constantName(emitter, core.definition)}, [${given}], session)`;
}

function testCode(emitter: Emitter, core: Core, plain: boolean): string {
  switch (core.op) {
    case 'is':
      return isCode(emitter, core, plain);
    case 'distinct': {
      const operands = `${valueCode(emitter, core.left, plain)}, ${valueCode(emitter, core.right, plain)}`;
      return `(${core.negated ? '!' : ''}isDistinct(${operands}${softsCode(core.left, core.right)}))`;
    }
    case 'in':
      return core.negated ? notCode(emitter, inCode(emitter, core, plain)) : inCode(emitter, core, plain);
    case 'between':
      return core.negated
        ? notCode(emitter, betweenCode(emitter, core, plain))
        : betweenCode(emitter, core, plain);
    case 'like':
      return core.negated ? notCode(emitter, likeCode(emitter, core, plain)) : likeCode(emitter, core, plain);
    default:
      throw new Error(`not a test: ${core.op}`);
  }
}

/** Code of the value of an expression; see the file comment. */
export function valueCode(emitter: Emitter, core: Core, plain: boolean): string {
  switch (core.op) {
    case 'constant':
      return literal(emitter, core.value);
    case 'column':
      return columnCode(emitter, core);
    case 'negate':
      return `negateValue(${valueCode(emitter, core.operand, plain)})`;
    case 'arithmetic':
      return arithmeticCode(emitter, core, plain);
    case 'concat': {
      const operands = `${valueCode(emitter, core.left, plain)}, ${valueCode(emitter, core.right, plain)}`;
      return `concat(${operands}, session.zone)`;
    }
    case 'compare':
      return compareCode(emitter, core, plain);
    case 'and':
    case 'or':
      return logicCode(emitter, core, plain);
    case 'not':
      return notCode(emitter, conditionCode(emitter, core.operand, plain));
    case 'case':
      return caseCode(emitter, core, plain);
    case 'coalesce':
      return coalesceCode(emitter, core.list, plain);
    case 'cast': {
      const value = valueCode(emitter, core.operand, plain);
      return `cast(${value}, ${constantName(emitter, core.to)}, ${core.safe}, session.zone)`;
    }
    case 'call':
      return callCode(emitter, core, plain);
    default:
      return testCode(emitter, core, plain);
  }
}
