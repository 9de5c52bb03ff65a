/**
 * Functions on numbers. What can stay exact (integers of any size, decimals) does; number-real.ts has the
 * others.
 */
import type { Value } from '../value.js';
import { makeDecimal } from '../value-decimal.js';
import { valueError } from '../value-error.js';
import { integerOf } from '../value-number.js';
import { bigintOf, doubleOf, isDecimal, temporalOf, wholeOf } from './argument.js';
import type { FunctionDefinition, FunctionSession } from './definition.js';
import { realFunctions } from './number-real.js';
import { rounded } from './number-round.js';
import { needUnit, roundedTo, unitOf } from './time-unit.js';

function absolute(value: Value): Value {
  if (typeof value === 'bigint') return value < 0n ? -value : value;
  if (isDecimal(value)) return value.unscaled < 0n ? makeDecimal(-value.unscaled, value.scale) : value;
  return Math.abs(doubleOf(value));
}

function sign(value: Value): number {
  if (typeof value === 'bigint') return value > 0n ? 1 : value < 0n ? -1 : 0;
  if (isDecimal(value)) return value.unscaled > 0n ? 1 : value.unscaled < 0n ? -1 : 0;
  return Math.sign(doubleOf(value)) + 0;
}

function isInteger(value: Value): boolean {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value));
}

/** The remainder, with the sign of the dividend. */
function remainder(dividend: Value, divisor: Value): Value {
  if (doubleOf(divisor) === 0) throw valueError('MOD by zero');
  if (isInteger(dividend) && isInteger(divisor)) return integerOf(bigintOf(dividend) % bigintOf(divisor));
  if (isDecimal(dividend) || isDecimal(divisor)) {
    const left = isDecimal(dividend)
      ? dividend
      : isInteger(dividend)
        ? makeDecimal(bigintOf(dividend), 0)
        : undefined;
    const right = isDecimal(divisor)
      ? divisor
      : isInteger(divisor)
        ? makeDecimal(bigintOf(divisor), 0)
        : undefined;
    if (left !== undefined && right !== undefined) {
      const scale = Math.max(left.scale, right.scale);
      const scaled = (value: typeof left): bigint => value.unscaled * 10n ** BigInt(scale - value.scale);
      return makeDecimal(scaled(left) % scaled(right), scale);
    }
  }
  return doubleOf(dividend) % doubleOf(divisor);
}

/** FLOOR and CEIL of a number, or of a time to a unit, which may come before or after it. */
function roundedDownOrUp([first, second]: readonly Value[], session: FunctionSession, up: boolean): Value {
  if (second === undefined) return rounded(first!, undefined, up ? 'ceiling' : 'floor');
  const unitFirst = typeof first === 'string' && unitOf(first) !== undefined;
  const [unit, time] = unitFirst ? [first, second] : [second, first!];
  return roundedTo(needUnit(unit), temporalOf(time), session, up);
}

/** A number in [0, 1) that follows from a seed: the mixer of splitmix32. */
function seeded(seed: number): number {
  let z = (seed + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return ((z ^ (z >>> 15)) >>> 0) / 4_294_967_296;
}

const exactFunctions: readonly FunctionDefinition[] = [
  {
    name: 'ABS',
    family: 'number',
    usage: 'ABS(number)',
    summary: 'The number without its sign.',
    example: ['ABS(-5)', '5'],
    parameters: ['number'],
    returns: 'number',
    evaluate: ([x]) => absolute(x!),
  },
  {
    name: 'SIGN',
    family: 'number',
    usage: 'SIGN(number)',
    summary: '-1, 0 or 1 by the sign of the number.',
    example: ['SIGN(-2.5)', '-1'],
    parameters: ['number'],
    returns: 'number',
    evaluate: ([x]) => sign(x!),
  },
  {
    name: 'ROUND',
    family: 'number',
    usage: 'ROUND(number [, places])',
    summary: 'Rounded to decimal places, half away from zero; negative places round before the point.',
    example: ['ROUND(2.675, 2)', '2.68'],
    parameters: ['number', 'number'],
    required: 1,
    returns: 'number',
    evaluate: ([x, places]) => rounded(x!, places, 'half'),
  },
  {
    name: 'TRUNCATE',
    family: 'number',
    usage: 'TRUNCATE(number [, places])',
    summary: 'Cut off after decimal places.',
    example: ['TRUNCATE(42.329, 2)', '42.32'],
    parameters: ['number', 'number'],
    required: 1,
    returns: 'number',
    evaluate: ([x, places]) => rounded(x!, places, 'down'),
  },
  {
    name: 'MOD',
    family: 'number',
    usage: 'MOD(number, divisor)',
    summary: 'The remainder of a division, with the sign of the number that is divided.',
    example: ['MOD(-7, 3)', '-1'],
    parameters: ['number', 'number'],
    returns: 'number',
    evaluate: ([x, divisor]) => remainder(x!, divisor!),
  },
  {
    name: 'BIN',
    family: 'number',
    usage: 'BIN(integer)',
    summary: 'The integer in binary digits.',
    example: ['BIN(12)', '"1100"'],
    parameters: ['number'],
    returns: 'text',
    evaluate: ([x]) => BigInt.asUintN(64, bigintOf(x!)).toString(2),
  },
];

const roundingFunctions: readonly FunctionDefinition[] = [
  {
    name: 'FLOOR',
    family: 'number',
    usage: 'FLOOR(number) or FLOOR(time TO unit)',
    summary:
      'The greatest integer that is not above a number; a time rounded down to a unit (weeks from Sunday).',
    example: ["FLOOR(TIMESTAMP '2026-11-24 10:44:31' TO HOUR)", '"2026-11-24 10:00:00.000"'],
    parameters: ['any', 'any'],
    required: 1,
    returns: 'any',
    evaluate: (arguments_, session) => roundedDownOrUp(arguments_, session, false),
  },
  {
    name: 'CEIL',
    aliases: ['CEILING'],
    family: 'number',
    usage: 'CEIL(number) or CEIL(time TO unit)',
    summary: 'The least integer that is not below a number; a time rounded up to a unit (weeks from Sunday).',
    example: ['CEIL(2.1)', '3'],
    parameters: ['any', 'any'],
    required: 1,
    returns: 'any',
    evaluate: (arguments_, session) => roundedDownOrUp(arguments_, session, true),
  },
];

const randomFunctions: readonly FunctionDefinition[] = [
  {
    name: 'RAND',
    family: 'number',
    usage: 'RAND([seed])',
    summary: 'A random number from 0 up to 1; the same for the same seed.',
    example: ['RAND() < 1', 'true'],
    parameters: ['number'],
    required: 0,
    returns: 'number',
    volatile: true,
    evaluate: ([seed]) => (seed === undefined ? Math.random() : seeded(wholeOf(seed))),
  },
  {
    name: 'RAND_INTEGER',
    family: 'number',
    usage: 'RAND_INTEGER([seed,] bound)',
    summary: 'A random integer from 0 up to, but without, the bound; the same for the same seed.',
    example: ['RAND_INTEGER(1)', '0'],
    parameters: ['number', 'number'],
    required: 1,
    returns: 'number',
    volatile: true,
    evaluate: ([first, second]) => {
      const bound = wholeOf(second ?? first);
      if (bound < 1) throw valueError('the bound of RAND_INTEGER must be at least 1');
      return Math.floor((second === undefined ? Math.random() : seeded(wholeOf(first))) * bound);
    },
  },
  {
    name: 'UUID',
    family: 'number',
    usage: 'UUID()',
    summary: 'A random UUID (version 4).',
    example: ['CHAR_LENGTH(UUID())', '36'],
    parameters: [],
    returns: 'text',
    volatile: true,
    evaluate: () => process.getBuiltinModule('node:crypto').randomUUID(),
  },
];

/** All functions on numbers. */
export const numberFunctions: readonly FunctionDefinition[] = [
  ...exactFunctions,
  ...roundingFunctions,
  ...realFunctions,
  ...randomFunctions,
];
