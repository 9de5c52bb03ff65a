/**
 * The fast ways of comparisons, IN and LIKE: doubles compare as doubles, a text column and a constant
 * compare bytes where they lie in the chunk. Each falls back on the slow way for rows of other tags.
 */
import type { Core, InCore } from '../check/core.js';
import { constantName, type Emitter, numberCode, temp, use } from './emitter.js';
import { doubleCode, isDoubles } from './number-code.js';
import { spanPieces, spanSet, utf8Of } from './span.js';
import { softsCode, valueCode } from './value-code.js';

const operators: Readonly<Record<string, string>> = { '=': '===', '<>': '!==' };

/** Longest constant whose bytes are compared one by one in the code itself. */
const mostInlined = 8;

function isBare(core: Core): core is Core & { op: 'column' } {
  return core.op === 'column' && core.steps.length === 0;
}

/** Code of whether a span of the text or raw column n is the constant. */
function equalsSpan(emitter: Emitter, n: number, bytes: Uint8Array): string {
  const length = `L${n}[row] === ${bytes.length}`;
  if (bytes.length > mostInlined) {
    return `(${length} && isAt(B${n}, S${n}[row], ${constantName(emitter, bytes)}))`;
  }
  const parts = [...bytes].map((byte, i) => `B${n}[S${n}[row]${i === 0 ? '' : ` + ${i}`}] === ${byte}`);
  return `(${[length, ...parts].join(' && ')})`;
}

/** Code of column = text or column <> text over bytes; undefined when it is not of that form. */
function textCode(emitter: Emitter, core: Core & { op: 'compare' }, slow: string): string | undefined {
  if (core.operator !== '=' && core.operator !== '<>') return undefined;
  const [column, other] = isBare(core.left) ? [core.left, core.right] : [core.right, core.left];
  if (!isBare(column) || other.op !== 'constant' || typeof other.value !== 'string') return undefined;
  const bytes = utf8Of(other.value);
  if (bytes === undefined) return undefined;
  const n = use(emitter, column.column);
  const equal = `${core.operator === '<>' ? '!' : ''}${equalsSpan(emitter, n, bytes)}`;
  const t = temp(emitter);
  return `((${t} = T${n}[row]) === 6 || ${t} === 8 ? ${equal} : ${t} <= 1 ? null : ${slow})`;
}

/** Code of a comparison. */
export function compareCode(emitter: Emitter, core: Core & { op: 'compare' }, plain: boolean): string {
  const { left, right, operator } = core;
  const fast = !plain && isDoubles(left) && isDoubles(right);
  const operands = `${valueCode(emitter, left, plain || fast)}, ${valueCode(emitter, right, plain || fast)}`;
  const slow = `compare(${JSON.stringify(operator)}, ${operands}${softsCode(left, right)})`;
  if (plain) return slow;
  if (!fast) return textCode(emitter, core, slow) ?? slow;
  const [a, b] = [temp(emitter), temp(emitter)];
  const both = `(${a} = ${doubleCode(emitter, left)}) === ${a} && (${b} = ${doubleCode(emitter, right)}) === ${b}`;
  return `(${both} ? ${a} ${operators[operator] ?? operator} ${b} : ${slow})`;
}

function constantsOf(list: readonly Core[]): readonly (Core & { op: 'constant' })[] | undefined {
  return list.every((item) => item.op === 'constant') ? list : undefined;
}

/** Code of whether the number in a column is one of some numbers. */
function amongNumbers(emitter: Emitter, n: number, numbers: readonly number[]): string {
  if (numbers.length <= mostInlined) {
    return `(${numbers.map((number) => `N${n}[row] === ${numberCode(number)}`).join(' || ')})`;
  }
  return `${constantName(emitter, new Set(numbers))}.has(N${n}[row])`;
}

function amongTexts(emitter: Emitter, n: number, texts: readonly string[]): string {
  const bytes = texts.map(utf8Of).filter((item) => item !== undefined);
  if (bytes.length > 0 && bytes.length <= mostInlined) {
    return `(${bytes.map((item) => equalsSpan(emitter, n, item)).join(' || ')})`;
  }
  return `isInSpanSet(${constantName(emitter, spanSet(texts))}, B${n}, S${n}[row], L${n}[row])`;
}

/** Code of IN with a list of constants; undefined for other lists. Negation is the caller's. */
export function listCode(emitter: Emitter, core: InCore): string | undefined {
  const constants = constantsOf(core.list);
  if (constants === undefined || core.operand.op === 'constant') return undefined;
  const values = constantName(
    emitter,
    constants.map((item) => item.value),
  );
  const softs = constantName(
    emitter,
    constants.map((item) => item.soft),
  );
  const slow = `isIn(${valueCode(emitter, core.operand, true)}, ${values}, ${softs})`;
  if (!isBare(core.operand)) return slow;
  const n = use(emitter, core.operand.column);
  const present = constants.filter((item) => item.value !== null);
  const otherwise = present.length < constants.length ? 'null' : 'false';
  const numbers = present.map((item) => item.soft ?? item.value).filter((item) => typeof item === 'number');
  if (numbers.length === present.length && numbers.length > 0) {
    return `(T${n}[row] === 4 ? ${amongNumbers(emitter, n, numbers)} ? true : ${otherwise} : ${slow})`;
  }
  const texts = present.map((item) => item.value).filter((item) => typeof item === 'string');
  if (texts.length < present.length || texts.length === 0) return slow;
  const t = temp(emitter);
  const found = amongTexts(emitter, n, texts);
  return `((${t} = T${n}[row]) === 6 || ${t} === 8 ? ${found} ? true : ${otherwise} : ${slow})`;
}

/** Code of LIKE. Negation is the caller's. */
export function likeCode(emitter: Emitter, core: Core & { op: 'like' }, plain: boolean): string {
  const { operand, matcher } = core;
  const x = valueCode(emitter, operand, plain);
  if (matcher === undefined) {
    const sign = core.escape === undefined ? 'undefined' : valueCode(emitter, core.escape, plain);
    return `isLikeComputed(${x}, ${valueCode(emitter, core.pattern, plain)}, ${sign}, session.zone)`;
  }
  const slow = `isLike(${x}, ${constantName(emitter, matcher)}, session.zone)`;
  const pieces = isBare(operand) && !plain ? spanPieces(matcher) : undefined;
  if (pieces === undefined || !isBare(operand)) return slow;
  const n = use(emitter, operand.column);
  const t = temp(emitter);
  const match = `isLikeSpan(${constantName(emitter, pieces)}, B${n}, S${n}[row], L${n}[row])`;
  return `((${t} = T${n}[row]) === 6 || ${t} === 8 ? ${match} : ${slow})`;
}
