/**
 * The grammar of JSON for the SIMD scanner: what json-syntax.ts is for the TypeScript one. Each function takes the
 * position where a token starts and returns the position behind it, or 0 for a token that is wrong or too
 * rare to judge here (then the line is declined and TypeScript judges it). A newline ends every token, so
 * none needs an end. String ends are found by SIMD compare (Langdale and Lemire, simdjson, 2019); numbers
 * of up to 15 digits become exact doubles by one division (Clinger, 1990).
 */

/** skipString: whether there were escapes. */
export let escaped: bool = false;
/** skipNumber: the double, unless the number is `exact`: over 15 digits, or with an exponent. */
export let value: f64 = 0;
export let exact: bool = false;

const powersOfTen = memory.data<f64>([
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
]);

// @ts-ignore: decorator
@inline
export function skipSpace(p: usize): usize {
  let byte = load<u8>(p);
  while (byte == 0x20 || byte == 0x09 || byte == 0x0d) byte = load<u8>(++p);
  return p;
}

/** Looks at the escape at `p`; returns the position behind it or 0. */
function skipEscape(p: usize): usize {
  const letter = load<u8>(p, 1);
  if (letter == 0x75) {
    for (let index: usize = 2; index < 6; index++) {
      const digit = load<u8>(p + index);
      const lower = digit | 0x20;
      if (!((digit >= 0x30 && digit <= 0x39) || (lower >= 0x61 && lower <= 0x66))) return 0;
    }
    return p + 6;
  }
  const known =
    letter == 0x22 || letter == 0x5c || letter == 0x2f || letter == 0x62 ||
    letter == 0x66 || letter == 0x6e || letter == 0x72 || letter == 0x74;
  return known ? p + 2 : 0;
}

/** From behind the opening quote to the closing one. */
// @ts-ignore: decorator
@inline
export function skipString(p: usize): usize {
  const quote = i8x16.splat(0x22);
  const backslash = i8x16.splat(0x5c);
  const space = i8x16.splat(0x20);
  escaped = false;
  while (true) {
    const block = v128.load(p);
    const stops = v128.or(
      v128.or(i8x16.eq(block, quote), i8x16.eq(block, backslash)),
      i8x16.lt_u(block, space),
    );
    const mask = i8x16.bitmask(stops);
    if (mask == 0) {
      p += 16;
      continue;
    }
    p += ctz(mask);
    const byte = load<u8>(p);
    if (byte == 0x22) return p;
    if (byte != 0x5c) return 0;
    escaped = true;
    p = skipEscape(p);
    if (p == 0) return 0;
  }
}

// @ts-ignore: decorator
@inline
export function isDigit(byte: u32): bool {
  return byte - 0x30 <= 9;
}

/** A number. */
// @ts-ignore: decorator
@inline
export function skipNumber(p: usize): usize {
  let byte: u32 = load<u8>(p);
  const negative = byte == 0x2d;
  if (negative) byte = load<u8>(++p);
  const first = p;
  let digits: u64 = 0;
  if (byte == 0x30) byte = load<u8>(++p);
  else {
    if (!isDigit(byte)) return 0;
    do {
      digits = digits * 10 + (byte - 0x30);
      byte = load<u8>(++p);
    } while (isDigit(byte));
  }
  let count = p - first;
  let fraction: usize = 0;
  if (byte == 0x2e) {
    const point = p;
    byte = load<u8>(++p);
    if (!isDigit(byte)) return 0;
    do {
      digits = digits * 10 + (byte - 0x30);
      byte = load<u8>(++p);
    } while (isDigit(byte));
    fraction = p - point - 1;
    count += fraction;
  }
  exact = count > 15;
  if ((byte | 0x20) == 0x65) {
    exact = true;
    byte = load<u8>(++p);
    if (byte == 0x2b || byte == 0x2d) byte = load<u8>(++p);
    if (!isDigit(byte)) return 0;
    do byte = load<u8>(++p);
    while (isDigit(byte));
  }
  if (!exact) {
    let double = <f64>(<i64>digits);
    if (fraction > 0) double /= load<f64>(powersOfTen + (fraction << 3));
    value = negative ? -double : double;
  }
  return p;
}

/** true, false or null; `byte` is its first. */
// @ts-ignore: decorator
@inline
export function skipWord(p: usize, byte: u32): usize {
  if (byte == 0x6e) return load<u32>(p) == 0x6c6c756e ? p + 4 : 0;
  if (byte == 0x74) return load<u32>(p) == 0x65757274 ? p + 4 : 0;
  if (byte == 0x66) return load<u32>(p, 1) == 0x65736c61 ? p + 5 : 0;
  return 0;
}

function skipScalar(p: usize): usize {
  const byte: u32 = load<u8>(p);
  if (byte == 0x22) {
    const end = skipString(p + 1);
    return end == 0 ? 0 : end + 1;
  }
  return byte == 0x2d || isDigit(byte) ? skipNumber(p) : skipWord(p, byte);
}

/** A member's name and colon, to the value behind them, or 0. */
function skipName(p: usize): usize {
  if (load<u8>(p) != 0x22) return 0;
  const end = skipString(p + 1);
  if (end == 0) return 0;
  p = skipSpace(end + 1);
  return load<u8>(p) == 0x3a ? skipSpace(p + 1) : 0;
}

/** An object or array; 0 also when it is deeper than the 64 levels whose kinds fit in one word. */
export function skipNested(p: usize): usize {
  let kinds: u64 = 0;
  let depth = 0;
  while (true) {
    const byte = load<u8>(p);
    if (byte == 0x7b || byte == 0x5b) {
      const inside = skipSpace(p + 1);
      if (load<u8>(inside) != byte + 2) {
        if (depth == 64) return 0;
        depth++;
        kinds = (kinds << 1) | u64(byte == 0x7b);
        p = byte == 0x7b ? skipName(inside) : inside;
        if (p == 0) return 0;
        continue;
      }
      p = inside + 1;
    } else {
      p = skipScalar(p);
      if (p == 0) return 0;
    }
    while (true) {
      if (depth == 0) return p;
      p = skipSpace(p);
      const next = load<u8>(p);
      const isObject = (kinds & 1) == 1;
      if (next == 0x2c) {
        p = skipSpace(p + 1);
        if (isObject) p = skipName(p);
        if (p == 0) return 0;
        break;
      }
      if (next != (isObject ? 0x7d : 0x5d)) return 0;
      depth--;
      kinds >>= 1;
      p++;
    }
  }
}
