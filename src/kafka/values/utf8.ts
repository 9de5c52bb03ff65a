/**
 * Bytes as text, where they come from outside and may be anything: what is not UTF-8 is a bad value, never replaced.
 */
import { isUtf8 } from 'node:buffer';
import { utf8Text } from '../../record/index.js';
import { badValue } from './bad-value.js';

/** Below this length a loop is faster than calls of Node's own functions. */
const shortBytes = 24;

function shortAscii(bytes: Uint8Array, start: number, end: number): string | undefined {
  let text = '';
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte >= 0x80) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** The text of bytes[start, end). */
export function strictText(bytes: Uint8Array, start = 0, end = bytes.length): string {
  if (end - start <= shortBytes) {
    const ascii = shortAscii(bytes, start, end);
    if (ascii !== undefined) return ascii;
  }
  if (!isUtf8(bytes.subarray(start, end))) throw badValue('a text in it is not UTF-8');
  return utf8Text(bytes, start, end);
}
