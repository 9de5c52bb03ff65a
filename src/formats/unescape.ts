/**
 * Backslash escapes of log formats: \xHH (nginx, Apache), \" \\ \n and their kin (Apache, logfmt), \uXXXX
 * (escape=json, logfmt). One decoder serves all, because none of the writers uses a sequence that another
 * one means differently. It never makes text out of bytes that are not UTF-8: such a value is left as it was
 * written.
 */
import { isUtf8 } from 'node:buffer';

/** The byte that a letter behind a backslash stands for; 0 for letters that stand for none. */
const single = new Uint8Array(256);
[...'"\\/\'abfnrtv'].forEach((letter, index) => {
  single[letter.charCodeAt(0)] = '"\\/\'\x07\b\f\n\r\t\v'.charCodeAt(index);
});

/** The value of `digits` hexadecimal digits at `at`, or -1. */
function hex(bytes: Uint8Array, at: number, digits: number, end: number): number {
  if (at + digits > end) return -1;
  let value = 0;
  for (let next = at; next < at + digits; next++) {
    const byte = bytes[next]!;
    const low = byte | 0x20;
    if (byte >= 0x30 && byte <= 0x39) value = value * 16 + byte - 0x30;
    else if (low >= 0x61 && low <= 0x66) value = value * 16 + low - 0x57;
    else return -1;
  }
  return value;
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;

/** bytes[start, end) with its escapes decoded; undefined if what comes out is not UTF-8. */
export function decodeEscapes(bytes: Uint8Array, start: number, end: number): string | undefined {
  // No escape is shorter than what it stands for, so the length of the span is enough.
  const out = Buffer.allocUnsafe(end - start);
  let length = 0;
  for (let at = start; at < end; ) {
    const byte = bytes[at]!;
    if (byte !== 0x5c || at + 1 === end) {
      out[length++] = byte;
      at++;
      continue;
    }
    const kind = bytes[at + 1]!;
    const plain = single[kind]!;
    const unit = kind === 0x75 ? hex(bytes, at + 2, 4, end) : -1;
    const octet = kind === 0x78 ? hex(bytes, at + 2, 2, end) : -1;
    if (plain !== 0) {
      out[length++] = plain;
      at += 2;
    } else if (octet >= 0) {
      out[length++] = octet;
      at += 4;
    } else if (unit >= 0) {
      const paired = isHigh(unit) && bytes[at + 6] === 0x5c && bytes[at + 7] === 0x75;
      const low = paired ? hex(bytes, at + 8, 4, end) : -1;
      const character = isLow(low) ? String.fromCharCode(unit, low) : String.fromCharCode(unit);
      length += out.write(character, length, 'utf8');
      at += isLow(low) ? 12 : 6;
    } else {
      out[length++] = byte;
      out[length++] = kind;
      at += 2;
    }
  }
  const decoded = out.subarray(0, length);
  return isUtf8(decoded) ? decoded.toString('utf8') : undefined;
}
