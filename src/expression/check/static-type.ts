/**
 * Static types: which operands can never work, whatever the data. `any` (a field of the record) is never
 * refused; a text is refused beside a number only when it is a constant that spells none.
 */
import type { ValueType } from '../value.js';
import { parseNumber } from '../value-number.js';
import { parseTemporal } from '../value-temporal.js';
import type { Core } from './core.js';

type Class = 'any' | 'null' | 'boolean' | 'number' | 'text' | 'time' | 'interval' | 'nested';

/** Types that behave alike: number and decimal, the date-times. */
export function classOf(type: ValueType): Class {
  switch (type) {
    case 'decimal':
      return 'number';
    case 'timestamp':
    case 'timestamp_ltz':
    case 'date':
    case 'time':
      return 'time';
    default:
      return type;
  }
}

function constantText(core: Core): string | undefined {
  return core.op === 'constant' && typeof core.value === 'string' ? core.value : undefined;
}

function isConditionText(text: string): boolean {
  return /^\s*(true|false)\s*$/i.test(text);
}

/**
 * Whether an operand may be a value of a class: as it is, or by the conversions that happen by themselves.
 */
function mayBe(core: Core, wanted: Class): boolean {
  const own = classOf(core.type);
  if (own === 'any' || own === 'null' || own === wanted || wanted === 'any') return true;
  if (own !== 'text') return false;
  const text = constantText(core);
  if (wanted === 'number') return text === undefined || parseNumber(text) !== undefined;
  if (wanted === 'boolean') return text === undefined || isConditionText(text);
  if (wanted === 'time') return text === undefined || parseTemporal(text) !== undefined;
  return wanted === 'nested';
}

/** Whether an operand may be true, false or unknown. */
export function mayBeCondition(core: Core): boolean {
  return mayBe(core, 'boolean');
}

/** Whether an operand may be something to calculate with. */
export function mayBeNumber(core: Core): boolean {
  return mayBe(core, 'number');
}

/** Whether an argument may be what a parameter wants. Everything but booleans and intervals has a text. */
export function mayBeArgument(core: Core, parameter: ValueType): boolean {
  const wanted = classOf(parameter);
  const own = classOf(core.type);
  if (wanted === 'text') return own !== 'boolean' && own !== 'interval';
  return mayBe(core, wanted);
}

/** Whether two operands may be compared. */
export function mayCompare(left: Core, right: Core): boolean {
  const a = classOf(left.type);
  const b = classOf(right.type);
  if (a === b || a === 'any' || b === 'any' || a === 'null' || b === 'null') return true;
  if (a === 'text') return b !== 'interval' && mayBe(left, b);
  return b === 'text' && a !== 'interval' && mayBe(right, a);
}

/** Whether left operator right may have a value. */
export function mayCompute(operator: string, left: Core, right: Core): boolean {
  const a = classOf(left.type);
  const b = classOf(right.type);
  const isTime = (type: Class): boolean => type === 'time' || type === 'interval';
  if (!isTime(a) && !isTime(b)) return mayBeNumber(left) && mayBeNumber(right);
  if (a === 'any' || b === 'any' || a === 'null' || b === 'null') return operator !== '%';
  if (operator === '-') return (a === 'time' || a === 'text' || b === 'interval') && a !== 'number';
  if (operator === '+') {
    const moves = (time: Class, by: Class): boolean => by === 'interval' && (isTime(time) || time === 'text');
    return moves(a, b) || moves(b, a);
  }
  if (operator === '*') return (a === 'interval' && b === 'number') || (a === 'number' && b === 'interval');
  return operator === '/' && a === 'interval' && b === 'number';
}

/** The type of left operator right. */
export function computedType(left: ValueType, right: ValueType): ValueType {
  const classes = [classOf(left), classOf(right)];
  return classes.includes('time') || classes.includes('interval') ? 'any' : 'number';
}

/** The type of a value that is one of several. */
export function commonType(types: readonly ValueType[]): ValueType {
  const known = new Set(types.filter((type) => type !== 'null'));
  if (known.size === 0) return 'null';
  return known.size === 1 ? [...known][0]! : 'any';
}
