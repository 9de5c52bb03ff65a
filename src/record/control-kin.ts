/**
 * Records that look like control lines. A control line begins with {"$leat": and a data record that begins so too, or
 * with spaces between the brace and the key, travels with one space more; the reader takes it out again.
 * Any number of spaces is therefore told apart, and no record is lost or taken for a control line. What
 * control lines say is the business of the stream room; here they are only a prefix of bytes.
 */
import { type ByteWriter, reserve } from './byte-writer.js';

const controlKey = Buffer.from('"$leat":');

/** Whether the record at `at` is a control line or, with spaces behind the brace, one of its kin. */
export function isControlKin(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== 0x7b) return false;
  at++;
  while (bytes[at] === 0x20) at++;
  for (let index = 0; index < controlKey.length; index++)
    if (bytes[at + index] !== controlKey[index]) return false;
  return true;
}

/** Whether the line at `at` is a control line. */
export function isControlLine(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 1] === 0x22 && isControlKin(bytes, at);
}

/** Puts a space behind the brace at `at` of what was written last. */
export function escapeControlKin(out: ByteWriter, at: number): void {
  reserve(out, 1);
  out.bytes.copyWithin(at + 2, at + 1, out.length);
  out.bytes[at + 1] = 0x20;
  out.length++;
}

/**
 * Takes one space out of the escaped record at `at`, in place: the brace moves up to the key and the space
 * stands before it. Doing it again to the same line changes nothing, because the line then begins with a
 * space.
 */
export function unescapeControlKin(bytes: Uint8Array, at: number): void {
  if (bytes[at + 1] !== 0x20 || !isControlKin(bytes, at)) return;
  bytes[at] = 0x20;
  bytes[at + 1] = 0x7b;
}
