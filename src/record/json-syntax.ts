/**
 * The grammar of JSON over bytes, one function a token: each takes the position where its token starts and
 * returns the position behind it, or ~position (a negative number) of the first byte that JSON.parse would
 * refuse. Nothing here allocates, recurses or reads a newline over: a line that ends in a newline ends
 * every token, so no function needs to know where the line ends. What a token was is left in `seen`, to be
 * read before the next call.
 */

/** What the last token was: module state instead of a result object, because these calls are the hot path. */
export const seen = {
  /** skipString: whether the string has escapes in it. */
  escaped: false,
  /** skipNumber: the number's value, meaningful when `exact` is false. */
  number: 0,
  /**
   * skipNumber: the double may not be the exact value (over 15 digits, or an exponent): the spelling tells.
   */
  exact: false,
};

const quote = 0x22;
const backslash = 0x5c;

const hexDigits = new Uint8Array(256);
for (const digit of '0123456789abcdefABCDEF') hexDigits[digit.charCodeAt(0)] = 1;
const escapeLetters = new Uint8Array(256);
for (const letter of '"\\/bfnrt') escapeLetters[letter.charCodeAt(0)] = 1;
/** 1 for the bytes that a string's contents end at: quote, backslash and control characters. */
const stringStops = new Uint8Array(256).fill(1, 0, 0x20);
stringStops[quote] = 1;
stringStops[backslash] = 1;

const powersOfTen = new Float64Array(23);
for (let power = 0; power < 23; power++) powersOfTen[power] = Number(`1e${power}`);

/** The position of the first byte that is no space, tab or carriage return. */
export function skipSpace(bytes: Uint8Array, at: number): number {
  let byte = bytes[at]!;
  while (byte === 0x20 || byte === 0x09 || byte === 0x0d) byte = bytes[++at]!;
  return at;
}

/** From behind the opening quote to the closing quote (its position, not the one behind it), or ~position. */
export function skipString(bytes: Uint8Array, at: number): number {
  seen.escaped = false;
  for (;;) {
    while (stringStops[bytes[at]!] === 0) at++;
    const byte = bytes[at]!;
    if (byte === quote) return at;
    if (byte !== backslash) return ~at;
    seen.escaped = true;
    const letter = bytes[at + 1]!;
    if (letter === 0x75) {
      for (let digit = at + 2; digit < at + 6; digit++) if (hexDigits[bytes[digit]!] === 0) return ~digit;
      at += 6;
    } else if (escapeLetters[letter] === 1) at += 2;
    else return ~(at + 1);
  }
}

function skipDigits(bytes: Uint8Array, at: number): number {
  let digit = bytes[at]! - 0x30;
  if (digit < 0 || digit > 9) return ~at;
  do digit = bytes[++at]! - 0x30;
  while (digit >= 0 && digit <= 9);
  return at;
}

/**
 * A number; its first byte may be anything. Up to 15 digits the double is made here: whole digits and a power of ten
 * up to 10^22 are exact doubles, so one division rounds correctly (Clinger, 1990).
 */
export function skipNumber(bytes: Uint8Array, at: number): number {
  let byte = bytes[at]!;
  const negative = byte === 0x2d;
  if (negative) byte = bytes[++at]!;
  const first = at;
  let value = 0;
  if (byte === 0x30) byte = bytes[++at]!;
  else {
    if (byte < 0x31 || byte > 0x39) return ~at;
    do {
      value = value * 10 + (byte - 0x30);
      byte = bytes[++at]!;
    } while (byte >= 0x30 && byte <= 0x39);
  }
  let digits = at - first;
  if (byte === 0x2e) {
    const point = at;
    byte = bytes[++at]!;
    if (byte < 0x30 || byte > 0x39) return ~at;
    do {
      value = value * 10 + (byte - 0x30);
      byte = bytes[++at]!;
    } while (byte >= 0x30 && byte <= 0x39);
    const fraction = at - point - 1;
    digits += fraction;
    if (digits <= 15) value /= powersOfTen[fraction]!;
  }
  seen.exact = digits > 15;
  if (byte === 0x65 || byte === 0x45) {
    seen.exact = true;
    const sign = bytes[++at]!;
    if (sign === 0x2b || sign === 0x2d) at++;
    at = skipDigits(bytes, at);
  }
  seen.number = negative ? -value : value;
  return at;
}

function skipWord(bytes: Uint8Array, at: number, word: string): number {
  for (let index = 1; index < word.length; index++) {
    if (bytes[at + index] !== word.charCodeAt(index)) return ~(at + index);
  }
  return at + word.length;
}

/** A string, number, true, false or null. */
export function skipScalar(bytes: Uint8Array, at: number): number {
  switch (bytes[at]) {
    case quote: {
      const end = skipString(bytes, at + 1);
      return end < 0 ? end : end + 1;
    }
    case 0x74:
      return skipWord(bytes, at, 'true');
    case 0x66:
      return skipWord(bytes, at, 'false');
    case 0x6e:
      return skipWord(bytes, at, 'null');
    default:
      return skipNumber(bytes, at);
  }
}

/** A member's name and colon, to behind the colon. */
function skipName(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== quote) return ~at;
  const end = skipString(bytes, at + 1);
  if (end < 0) return end;
  const colon = skipSpace(bytes, end + 1);
  return bytes[colon] === 0x3a ? colon + 1 : ~colon;
}

let nesting = new Uint8Array(1024);

/** Any value. Nesting is kept in an array of our own and so as deep as memory allows, as with JSON.parse. */
export function skipValue(bytes: Uint8Array, at: number): number {
  let depth = 0;
  for (;;) {
    // A value starts here.
    const byte = bytes[at]!;
    if (byte === 0x7b || byte === 0x5b) {
      const inside = skipSpace(bytes, at + 1);
      if (bytes[inside] !== byte + 2) {
        if (depth === nesting.length) nesting = Buffer.concat([nesting, nesting]);
        nesting[depth++] = byte;
        at = byte === 0x7b ? skipName(bytes, inside) : inside;
        if (at < 0) return at;
        at = skipSpace(bytes, at);
        continue;
      }
      at = inside + 1;
    } else {
      at = skipScalar(bytes, at);
      if (at < 0) return at;
    }
    // Behind a value: close what closes here, up to a comma.
    for (;;) {
      if (depth === 0) return at;
      at = skipSpace(bytes, at);
      const open = nesting[depth - 1]!;
      if (bytes[at] === 0x2c) {
        at = skipSpace(bytes, at + 1);
        if (open === 0x7b) {
          at = skipName(bytes, at);
          if (at < 0) return at;
          at = skipSpace(bytes, at);
        }
        break;
      }
      // The closing bracket is the opening one plus two, in ASCII, for both kinds.
      if (bytes[at] !== open + 2) return ~at;
      depth--;
      at++;
    }
  }
}
