/**
 * Rounding to decimal places. Doubles are rounded as the decimal number they are spelled as, half away from
 * zero, so that ROUND(2.675, 2) is 2.68 as a reader expects; integers and decimals stay exact.
 */
import type { Value } from '../value.js';
import { makeDecimal, parseDecimal } from '../value-decimal.js';
import { integerOf } from '../value-number.js';
import { bigintOf, doubleOf, isDecimal, wholeOf } from './argument.js';

/** How the digits that go decide on the last one that stays. */
export type Rounding = 'half' | 'down' | 'floor' | 'ceiling';

/** unscaled / 10^drop by a rounding. */
function shortened(unscaled: bigint, drop: number, rounding: Rounding): bigint {
  const divisor = 10n ** BigInt(drop);
  const quotient = unscaled / divisor;
  const rest = unscaled % divisor;
  if (rest === 0n) return quotient;
  const negative = unscaled < 0n;
  switch (rounding) {
    case 'down':
      return quotient;
    case 'floor':
      return negative ? quotient - 1n : quotient;
    case 'ceiling':
      return negative ? quotient : quotient + 1n;
    case 'half': {
      const twice = (negative ? -rest : rest) * 2n;
      return twice < divisor ? quotient : negative ? quotient - 1n : quotient + 1n;
    }
  }
}

function roundDouble(value: number, places: number, rounding: Rounding): number {
  if (!Number.isFinite(value) || (Number.isInteger(value) && places >= 0)) return value;
  const spelled = parseDecimal(String(value));
  if (spelled === undefined || spelled.scale <= places) return value;
  const { unscaled, scale } = spelled;
  // More places dropped than there are digits leave nothing to look at but the sign.
  const drop = Math.min(scale - places, 400);
  const negativeZero = value < 0 ? '-0' : '0';
  const digits = shortened(unscaled, drop, rounding);
  return Number(`${digits === 0n ? negativeZero : digits}e${-places}`) + 0;
}

function roundInteger(value: bigint, places: number, rounding: Rounding): bigint {
  if (places >= 0) return value;
  const drop = Math.min(-places, 400);
  return shortened(value, drop, rounding) * 10n ** BigInt(drop);
}

/**
 * A number rounded to decimal places; negative places round before the point. The kind of number is kept.
 */
export function rounded(value: Value, placesValue: Value | undefined, rounding: Rounding): Value {
  const places = placesValue === undefined ? 0 : wholeOf(placesValue);
  if (typeof value === 'bigint') return integerOf(roundInteger(value, places, rounding));
  if (isDecimal(value)) {
    if (places >= value.scale) return value;
    if (places < 0)
      return makeDecimal(roundInteger(shortened(value.unscaled, value.scale, 'down'), places, rounding), 0);
    return makeDecimal(shortened(value.unscaled, value.scale - places, rounding), places);
  }
  const number = doubleOf(value);
  if (Number.isSafeInteger(number)) return integerOf(roundInteger(bigintOf(number), places, rounding));
  return roundDouble(number, places, rounding);
}
