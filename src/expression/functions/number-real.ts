/**
 * Functions of real numbers: roots, powers, logarithms, angles. They compute in doubles, as Flink does.
 * Where a function has no value (the root of a negative number) the result is NULL, since JSON cannot say
 * NaN or infinity.
 */
import type { Value } from '../value.js';
import { doubleOf } from './argument.js';
import type { FunctionDefinition } from './definition.js';

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function real(
  name: string,
  summary: string,
  example: readonly [string, string],
  compute: (x: number) => number,
): FunctionDefinition {
  return {
    name,
    family: 'number',
    usage: `${name}(number)`,
    summary,
    example,
    parameters: ['number'],
    returns: 'number',
    evaluate: ([x]) => finite(compute(doubleOf(x))),
  };
}

function constant(name: string, summary: string, value: number): FunctionDefinition {
  return {
    name,
    family: 'number',
    usage: `${name}()`,
    summary,
    example: [`${name}()`, String(value)],
    parameters: [],
    returns: 'number',
    evaluate: () => value,
  };
}

function logarithm([first, second]: readonly Value[]): number | null {
  if (second === undefined) return finite(Math.log(doubleOf(first)));
  const base = doubleOf(first);
  const x = doubleOf(second);
  if (base === 2) return finite(Math.log2(x));
  if (base === 10) return finite(Math.log10(x));
  return finite(Math.log(x) / Math.log(base));
}

/** Functions computed in doubles. */
export const realFunctions: readonly FunctionDefinition[] = [
  real('SQRT', 'The square root.', ['SQRT(16)', '4'], Math.sqrt),
  real('CBRT', 'The cube root.', ['CBRT(27)', '3'], Math.cbrt),
  real('EXP', 'e to a power.', ['EXP(0)', '1'], Math.exp),
  real('LN', 'The natural logarithm.', ['LN(1)', '0'], Math.log),
  real('LOG10', 'The logarithm to base 10.', ['LOG10(1000)', '3'], Math.log10),
  real('LOG2', 'The logarithm to base 2.', ['LOG2(8)', '3'], Math.log2),
  real('SIN', 'The sine of an angle in radians.', ['SIN(0)', '0'], Math.sin),
  real('COS', 'The cosine of an angle in radians.', ['COS(0)', '1'], Math.cos),
  real('TAN', 'The tangent of an angle in radians.', ['TAN(0)', '0'], Math.tan),
  real(
    'COT',
    'The cotangent of an angle in radians.',
    ['ROUND(COT(RADIANS(45)), 6)', '1'],
    (x) => 1 / Math.tan(x),
  ),
  real('ASIN', 'The arc sine, in radians.', ['ASIN(0)', '0'], Math.asin),
  real('ACOS', 'The arc cosine, in radians.', ['ACOS(1)', '0'], Math.acos),
  real('ATAN', 'The arc tangent, in radians.', ['ATAN(0)', '0'], Math.atan),
  real('SINH', 'The hyperbolic sine.', ['SINH(0)', '0'], Math.sinh),
  real('COSH', 'The hyperbolic cosine.', ['COSH(0)', '1'], Math.cosh),
  real('TANH', 'The hyperbolic tangent.', ['TANH(0)', '0'], Math.tanh),
  real('DEGREES', 'Radians in degrees.', ['DEGREES(PI())', '180'], (x) => (x * 180) / Math.PI),
  real('RADIANS', 'Degrees in radians.', ['ROUND(RADIANS(180), 4)', '3.1416'], (x) => (x * Math.PI) / 180),
  constant('PI', 'The number pi.', Math.PI),
  constant('E', 'The number e.', Math.E),
  {
    name: 'POWER',
    family: 'number',
    usage: 'POWER(number, exponent)',
    summary: 'A number to a power.',
    example: ['POWER(2, 10)', '1024'],
    parameters: ['number', 'number'],
    returns: 'number',
    evaluate: ([x, exponent]) => finite(doubleOf(x) ** doubleOf(exponent)),
  },
  {
    name: 'ATAN2',
    family: 'number',
    usage: 'ATAN2(y, x)',
    summary: 'The angle of the point (x, y), in radians.',
    example: ['ATAN2(0, 1)', '0'],
    parameters: ['number', 'number'],
    returns: 'number',
    evaluate: ([y, x]) => finite(Math.atan2(doubleOf(y), doubleOf(x))),
  },
  {
    name: 'LOG',
    family: 'number',
    usage: 'LOG([base,] number)',
    summary: 'The logarithm to a base, by default e.',
    example: ['LOG(2, 8)', '3'],
    parameters: ['number', 'number'],
    required: 1,
    returns: 'number',
    evaluate: logarithm,
  },
];
