/**
 * What operators mean for values, NULL included: SQL's three-valued logic as true, false and null. The
 * tree evaluator and compiled code both call these; the fast paths of compiled code must give what these
 * give.
 */
import type { CompareOperator } from '../check/core.js';
import type { FunctionDefinition, FunctionSession } from '../functions/definition.js';
import type { Value } from '../value.js';
import { type ArithmeticOperator, arithmetic } from '../value-arithmetic.js';
import { type CastType, castValue } from '../value-cast.js';
import { compareValues } from '../value-compare.js';
import { convertArgument } from '../value-convert.js';
import { isValueError } from '../value-error.js';
import { toText } from '../value-text.js';
import { type LikePattern, matchLike } from './like.js';

/** The session when nobody says another: the clock of the machine, UTC. */
export const defaultSession: FunctionSession = { nowMs: () => Date.now(), zone: 'UTC' };

/** The double of a decimal literal where it stands beside a number of the data; see ConstantCore. */
export type Soft = number | undefined;

/**
 * Whether a literal beside this value counts as a double: beside numbers, and texts that are read as
 * numbers.
 */
function softens(value: Value): boolean {
  return typeof value === 'number' || typeof value === 'string';
}

/** a operator b; NULL if one of them is. */
export function compute(operator: ArithmeticOperator, a: Value, b: Value, softA?: Soft, softB?: Soft): Value {
  if (a === null || b === null) return null;
  if (softB !== undefined && softens(a)) return arithmetic(operator, a, softB);
  if (softA !== undefined && softens(b)) return arithmetic(operator, softA, b);
  return arithmetic(operator, a, b);
}

/** The order of two values that are not null. */
function orderOf(a: Value, b: Value, softA: Soft, softB: Soft): number {
  if (softB !== undefined && softens(a)) return compareValues(a, softB);
  if (softA !== undefined && softens(b)) return compareValues(softA, b);
  return compareValues(a, b);
}

/** a operator b; unknown if one of them is NULL. */
export function compare(
  operator: CompareOperator,
  a: Value,
  b: Value,
  softA?: Soft,
  softB?: Soft,
): boolean | null {
  if (a === null || b === null) return null;
  const order = orderOf(a, b, softA, softB);
  switch (operator) {
    case '=':
      return order === 0;
    case '<>':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

/** IS DISTINCT FROM: never unknown. */
export function isDistinct(a: Value, b: Value, softA?: Soft, softB?: Soft): boolean {
  if (a === null || b === null) return a !== b;
  return orderOf(a, b, softA, softB) !== 0;
}

/** x IN (constants); the list is looked through in order. */
export function isIn(x: Value, list: readonly Value[], soft: readonly Soft[]): boolean | null {
  if (x === null) return null;
  let unknown = false;
  for (let i = 0; i < list.length; i++) {
    const equal = compare('=', x, list[i]!, undefined, soft[i]);
    if (equal === true) return true;
    if (equal === null) unknown = true;
  }
  return unknown ? null : false;
}

/** x BETWEEN low AND high: low <= x AND x <= high. */
export function isBetween(
  x: Value,
  low: Value,
  high: Value,
  softLow?: Soft,
  softHigh?: Soft,
): boolean | null {
  const above = compare('>=', x, low, undefined, softLow);
  if (above === false) return false;
  const below = compare('<=', x, high, undefined, softHigh);
  if (below === false) return false;
  return above === null || below === null ? null : true;
}

/** x LIKE a constant pattern. */
export function isLike(x: Value, pattern: LikePattern, zone: string): boolean | null {
  return x === null ? null : pattern.matches(toText(x, zone));
}

/** x LIKE a computed pattern; `sign` is undefined without ESCAPE. */
export function isLikeComputed(
  x: Value,
  pattern: Value,
  sign: Value | undefined,
  zone: string,
): boolean | null {
  if (x === null || pattern === null || sign === null) return null;
  const escapeSign = sign === undefined ? undefined : toText(sign, zone);
  return matchLike(toText(x, zone), toText(pattern, zone), escapeSign);
}

/** a || b. */
export function concat(a: Value, b: Value, zone: string): string | null {
  return a === null || b === null ? null : toText(a, zone) + toText(b, zone);
}

/** CAST and TRY_CAST. */
export function cast(value: Value, type: CastType, safe: boolean, zone: string): Value {
  if (!safe) return castValue(value, type, zone);
  try {
    return castValue(value, type, zone);
  } catch (error) {
    if (isValueError(error)) return null;
    throw error;
  }
}

/**
 * Calls a function: NULL for a NULL argument unless it wants to see those, arguments converted, NaN made
 * NULL.
 */
export function invoke(definition: FunctionDefinition, given: Value[], session: FunctionSession): Value {
  const { parameters } = definition;
  const last = parameters.length - 1;
  if (definition.acceptsNull !== true) {
    for (let i = 0; i < given.length; i++) if (given[i] === null) return null;
  }
  for (let i = 0; i < given.length; i++) {
    const value = given[i]!;
    if (value !== null) given[i] = convertArgument(value, parameters[Math.min(i, last)]!, session.zone);
  }
  const result = definition.evaluate(given, session);
  return typeof result === 'number' && !Number.isFinite(result) ? null : result;
}
