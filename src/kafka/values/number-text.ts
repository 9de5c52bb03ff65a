/**
 * Numbers as JSON text, without loss: decimals by their digits, single precision in its own shortest spelling,
 * instants as epoch milliseconds with what is finer behind the point. What JSON has no number for becomes a text, as
 * in protobuf's JSON.
 */

/** The decimal number `unscaled` / 10^scale. */
export function decimalText(unscaled: number | bigint, scale: number): string {
  const negative = unscaled < 0;
  const digits = String(negative ? -unscaled : unscaled).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${negative ? '-' : ''}${whole}${scale > 0 ? `.${digits.slice(-scale)}` : ''}`;
}

/** The same without zeros at the end of its fraction. */
export function trimmedDecimalText(unscaled: number | bigint, scale: number): string {
  const text = decimalText(unscaled, scale);
  return scale > 0 ? text.replace(/\.?0+$/, '') : text;
}

export function doubleText(value: number): string {
  return Number.isFinite(value) ? String(value) : `"${value}"`;
}

/** Below this, single precision has fewer digits than six. */
const leastNormal = 2 ** -126;

/** A single-precision number in the fewest digits that mean it; a whole one in all its digits. */
export function floatText(value: number): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) return doubleText(value);
  for (let digits = Math.abs(value) < leastNormal ? 1 : 6; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}

/** A whole number in two's complement, high byte first. */
export function bigFromBytes(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  return BigInt.asIntN(8 * bytes.length, BigInt(`0x${Buffer.from(bytes).toString('hex')}`));
}

/**
 * A whole number in the fewest bytes of two's complement, or in so many, high byte first; undefined when it does not
 * fit.
 */
export function bigToBytes(value: bigint, size?: number): Uint8Array | undefined {
  let length = size ?? 1;
  if (size === undefined) while (BigInt.asIntN(8 * length, value) !== value) length++;
  if (BigInt.asIntN(8 * length, value) !== value) return undefined;
  return Buffer.from(
    BigInt.asUintN(8 * length, value)
      .toString(16)
      .padStart(2 * length, '0'),
    'hex',
  );
}

const decimal = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/;

/** The number that `text` spells times 10^scale, if that is a whole one; undefined otherwise. */
export function unscaledOf(text: string, scale: number): bigint | undefined {
  const [, sign, whole, fraction = '', exponent = '0'] = decimal.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const shift = Number(exponent) + scale - fraction.length;
  let digits = whole + fraction;
  if (shift >= 0) digits += '0'.repeat(shift);
  else {
    if (!/^0*$/.test(digits.slice(shift))) return undefined;
    digits = digits.slice(0, shift) || '0';
  }
  const value = BigInt(digits);
  return sign === '-' ? -value : value;
}
