/** Every aggregate as its definition says: all values of a group are kept, and looked at when it fires. */
import {
  arithmetic,
  compareValues,
  evaluateExpression,
  isSameValue,
  isValueError,
  makeNested,
  parseExpression,
  spellValue,
  toNumber,
  toNumeric,
  type Value,
} from '../../../src/expression/index.js';
import type { AggregateCall } from '../../../src/plan/index.js';
import { type OracleRecord, valueAt } from './record.js';

type Present = Exclude<Value, null>;

/** The arguments of a call for one record; undefined when its filter does not let the record in. */
export type Arguments = readonly Value[] | undefined;

const numeric = new Set([
  'sum',
  'avg',
  'stddev_pop',
  'stddev_samp',
  'var_pop',
  'var_samp',
  'quantile',
  'quantile_exact',
  'histogram',
]);

/** Evaluates the arguments of a call. Throws value errors: the record is then refused as a whole. */
export function argumentsOf(call: AggregateCall, record: OracleRecord): Arguments {
  const value = (text: string): Value =>
    evaluateExpression(parseExpression(text), (path) => valueAt(record, path));
  if (call.filter !== undefined && value(call.filter) !== true) return undefined;
  const values = call.arguments.map(value);
  const [first] = values;
  if (!numeric.has(call.function) || first === null || first === undefined) return values;
  return [toNumeric(first as Present), ...values.slice(1)];
}

function distinctOf(values: readonly Present[]): Present[] {
  const kept: Present[] = [];
  for (const value of values) if (!kept.some((other) => isSameValue(other, value))) kept.push(value);
  return kept;
}

function sum(values: readonly Present[]): Value {
  if (values.length === 0) return null;
  return values.reduce<Value>((total, value) => arithmetic('+', total as Present, value), 0);
}

function variance(values: readonly Present[], less: number): Value {
  if (values.length - less <= 0) return null;
  const numbers = values.map((value) => toNumber(value));
  const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length;
  return numbers.reduce((total, number) => total + (number - mean) ** 2, 0) / (numbers.length - less);
}

function root(value: Value): Value {
  return value === null ? null : Math.sqrt(Number(value));
}

function extreme(values: readonly Present[], sign: 1 | -1): Value {
  let best: Value = null;
  for (const value of values) if (best === null || compareValues(value, best) * sign < 0) best = value;
  return best;
}

function extremeBy(pairs: readonly (readonly Value[])[], sign: 1 | -1): Value {
  let best: readonly Value[] | undefined;
  for (const pair of pairs) {
    if (pair[0] === null || pair[1] === null) continue;
    if (best === undefined || compareValues(pair[1] as Present, best[1] as Present) * sign < 0) best = pair;
  }
  return best?.[0] ?? null;
}

function mode(values: readonly Present[]): Value {
  const kinds = distinctOf(values);
  let best: Value = null;
  let most = 0;
  for (const kind of kinds) {
    const count = values.filter((value) => isSameValue(value, kind)).length;
    if (count > most) [best, most] = [kind, count];
  }
  return best;
}

function array(values: readonly Value[]): Value {
  return values.length === 0 ? null : makeNested(`[${values.map(spellValue).join(',')}]`);
}

/** The value of a call over the arguments of its records, in the order in which they came. */
export function aggregateOf(
  call: AggregateCall,
  all: readonly Arguments[],
  lengthMs: number | undefined,
): Value {
  const taken = all.filter((values) => values !== undefined);
  if (call.function === 'count' && call.arguments.length === 0) return taken.length;
  if (call.function === 'rate') return lengthMs === undefined ? null : taken.length / (lengthMs / 1000);
  const present = taken.map((values) => values[0]!).filter((value) => value !== null) as Present[];
  const values = call.distinct ? distinctOf(present) : present;
  switch (call.function) {
    case 'count':
      return values.length;
    case 'sum':
      return sum(values);
    case 'avg':
      return values.length === 0 ? null : arithmetic('/', sum(values) as Present, values.length);
    case 'min':
      return extreme(values, 1);
    case 'max':
      return extreme(values, -1);
    case 'first':
    case 'any':
      return values[0] ?? null;
    case 'last':
      return values.at(-1) ?? null;
    case 'var_pop':
      return variance(values, 0);
    case 'var_samp':
      return variance(values, 1);
    case 'stddev_pop':
      return root(variance(values, 0));
    case 'stddev_samp':
      return root(variance(values, 1));
    case 'list':
      return array(values);
    case 'set':
      return array(distinctOf(values));
    case 'argmin':
      return extremeBy(taken, 1);
    case 'argmax':
      return extremeBy(taken, -1);
    case 'mode':
      return mode(values);
    case 'top':
      return array([...values].sort((a, b) => compareValues(b, a)).slice(0, Number(call.arguments[1])));
    default:
      throw new Error(`the oracle does not know ${call.function}`);
  }
}

export { isValueError };
