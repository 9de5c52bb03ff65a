/**
 * Numbers from their JSON spelling, exact where leat promises it: integers of any size (doubles while they are safe,
 * then bigints), everything else as the nearest double. 1e3 and 1000.0 are integers too.
 */

const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
/**
 * Integers with more digits than this that an exponent spells are Infinity, as in JSON.parse, and no
 * bigints.
 */
const mostDigits = 400;

/** The number that a valid JSON number spells. */
export function parseExact(spelling: string): number | bigint {
  const value = Number(spelling);
  if (Number.isSafeInteger(value) && !/[.eE]/.test(spelling)) return value;
  const [, sign, whole, fraction = '', exponent = '0'] = parts.exec(spelling)!;
  const digits = (whole! + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return value;
  const zeros = Number(exponent) - fraction.length + digits.length - significant.length;
  const isInteger = zeros >= 0;
  if (!isInteger || significant.length + zeros <= 15) return value;
  if (significant.length + zeros > Math.max(mostDigits, whole!.length)) return value;
  return exactInteger(BigInt(sign! + significant) * 10n ** BigInt(zeros));
}

/** An integer as a double if that is safe, else as a bigint. */
export function exactInteger(value: bigint): number | bigint {
  const double = Number(value);
  return Number.isSafeInteger(double) ? double : value;
}
