/**
 * A sum of any numbers, exact where that is promised: integers of any size and decimals are added exactly, fractions
 * with compensation (Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen",
 * 1974). This is the slow form; sums.ts adds plain doubles as long as nothing is lost and comes here when
 * something would be.
 */
import {
  arithmetic,
  decimalToNumber,
  decodeValue,
  encodeValue,
  isNumeric,
  type Value,
} from '../../expression/index.js';
import {
  exactInteger,
  putBigint,
  putByte,
  putDouble,
  takeBigint,
  takeByte,
  takeDouble,
} from '../../record/index.js';
import { isPlainObject } from '../entry.js';
import {
  integerOfPlain,
  notPlain,
  numberOfPlain,
  plainNumber,
  plainValue,
  type ThingCodec,
  valueOfPlain,
} from '../keyed-cells/plain-things.js';

type Decimal = Exclude<Extract<Value, { type: 'decimal' }>, null>;

export interface ExactSum {
  /** The sum of the integers. */
  integer: bigint;
  /** The sum of the decimals. */
  decimal: Decimal | undefined;
  /** The sum of the fractions is fraction + carry. */
  fraction: number;
  carry: number;
  /** Whether there was a fraction: the sum is then a double. */
  inexact: boolean;
}

export function createSum(): ExactSum {
  return { integer: 0n, decimal: undefined, fraction: 0, carry: 0, inexact: false };
}

function addFraction(sum: ExactSum, value: number): void {
  const total = sum.fraction + value;
  sum.inexact = true;
  if (Number.isFinite(total)) {
    sum.carry +=
      Math.abs(sum.fraction) >= Math.abs(value) ? sum.fraction - total + value : value - total + sum.fraction;
  }
  sum.fraction = total;
}

/** Adds a number of any kind; other values are left out. */
export function addToSum(sum: ExactSum, value: Value): void {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) sum.integer += BigInt(value);
    else addFraction(sum, value);
  } else if (typeof value === 'bigint') sum.integer += value;
  else if (isNumeric(value)) {
    sum.decimal = sum.decimal === undefined ? value : (arithmetic('+', sum.decimal, value) as Decimal);
  }
}

/** Adds another sum, which is of no use after. */
export function addSum(into: ExactSum, from: ExactSum): void {
  into.integer += from.integer;
  if (from.decimal !== undefined) addToSum(into, from.decimal);
  if (from.inexact) {
    addFraction(into, from.fraction);
    into.carry += from.carry;
  }
}

/** A sum as it is, with all that it still holds apart. */
export const sumCodec: ThingCodec<ExactSum> = {
  write(out, { integer, decimal, fraction, carry, inexact }) {
    putBigint(out, integer);
    encodeValue(out, decimal ?? null);
    putByte(out, inexact ? 1 : 0);
    putDouble(out, fraction);
    putDouble(out, carry);
  },
  read(from) {
    const integer = takeBigint(from);
    const decimal = (decodeValue(from) as Decimal | null) ?? undefined;
    const inexact = takeByte(from) === 1;
    const fraction = takeDouble(from);
    return { integer, decimal, fraction, carry: takeDouble(from), inexact };
  },
  toPlain: ({ integer, decimal, fraction, carry, inexact }) => ({
    integer: String(integer),
    ...(decimal === undefined ? {} : { decimal: plainValue(decimal) }),
    ...(inexact ? { fraction: plainNumber(fraction), carry: plainNumber(carry) } : {}),
  }),
  fromPlain(plain) {
    if (!isPlainObject(plain))
      throw notPlain('an exact sum, such as {"integer":"12345678901234567890"}', plain);
    const { decimal = null, fraction = 0, carry = 0 } = plain;
    const exact = valueOfPlain(decimal);
    if (exact !== null && (typeof exact !== 'object' || exact.type !== 'decimal')) {
      throw notPlain('a decimal', decimal);
    }
    return {
      integer: integerOfPlain(plain['integer'] ?? '0'),
      decimal: exact ?? undefined,
      fraction: numberOfPlain(fraction),
      carry: numberOfPlain(carry),
      inexact: plain['fraction'] !== undefined,
    };
  },
};

/** The sum: the nearest double if a fraction was in it, else exact. */
export function sumOf(sum: ExactSum): number | bigint | Decimal {
  const integer = exactInteger(sum.integer);
  if (!sum.inexact) {
    return sum.decimal === undefined ? integer : (arithmetic('+', sum.decimal, integer) as Decimal);
  }
  const whole = createSum();
  addFraction(whole, sum.fraction);
  whole.carry = sum.carry;
  const high = Number(integer);
  addFraction(whole, high);
  // What an integer beyond 2^53 loses as a double.
  if (Number.isFinite(high)) addFraction(whole, Number(sum.integer - BigInt(high)));
  if (sum.decimal !== undefined) addFraction(whole, decimalToNumber(sum.decimal));
  return whole.fraction + whole.carry;
}

/** A sum divided by a count of at least 1. An integer sum that the count divides gives an integer. */
export function meanOf(sum: number | bigint | Decimal, count: number): Value {
  if (typeof sum === 'number') return sum / count;
  if (typeof sum === 'object') return arithmetic('/', sum, count);
  const divisor = BigInt(count);
  const whole = sum / divisor;
  const rest = sum % divisor;
  return rest === 0n ? exactInteger(whole) : Number(whole) + Number(rest) / count;
}
