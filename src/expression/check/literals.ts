/** Literals as constants. The parser has made sure that they are well-formed. */
import type { Expression, IntervalLiteral, NumberLiteral, TemporalLiteral } from '../syntax/tree.js';
import type { Value } from '../value.js';
import { decimalToNumber, parseDecimal } from '../value-decimal.js';
import { parseInterval } from '../value-interval.js';
import { parseNumber } from '../value-number.js';
import { makeTemporal, parseTemporal } from '../value-temporal.js';
import { typeOfValue } from '../value-text.js';
import type { ConstantCore } from './core.js';

/** A value as a constant. */
export function constant(value: Value, soft?: number): ConstantCore {
  return { op: 'constant', value, type: typeOfValue(value), ...(soft === undefined ? {} : { soft }) };
}

/** Integers are exact, 1.5 is a decimal, 1e3 a double, as in SQL. Undefined when a double cannot hold it. */
function numberConstant({ text }: NumberLiteral): ConstantCore | undefined {
  if (text.includes('.') && !text.includes('e')) {
    const decimal = parseDecimal(text)!;
    return constant(decimal, decimalToNumber(decimal));
  }
  const value = parseNumber(text)!;
  return typeof value === 'number' && !Number.isFinite(value) ? undefined : constant(value);
}

function temporalConstant({ type, text }: TemporalLiteral): ConstantCore {
  const parsed = parseTemporal(text)!;
  return constant(parsed.type === type ? parsed : makeTemporal(type, parsed.ms, parsed.nanos));
}

function intervalConstant({ text, unit }: IntervalLiteral): ConstantCore {
  return constant(parseInterval(text, unit)!);
}

/** The constant of a literal; undefined for a number that is too large, or for what is no literal. */
export function literalConstant(expression: Expression): ConstantCore | undefined {
  switch (expression.kind) {
    case 'number':
      return numberConstant(expression);
    case 'text':
      return constant(expression.text);
    case 'word':
      return constant(expression.value);
    case 'interval':
      return intervalConstant(expression);
    case 'temporal':
      return temporalConstant(expression);
    default:
      return undefined;
  }
}
