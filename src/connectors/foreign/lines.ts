/** The output of a program as whole lines: what comes in pieces is put together, and a last line gets its newline. */
import { problem } from '../../diagnostics/index.js';

const newline = 0x0a;
/** More than any record may have: such a line is no use, and is not to fill the memory. */
const longestLineBytes = 1 << 26;

export interface LineJoiner {
  /** Whole lines that are there with this piece; may be none. */
  add(piece: Buffer): Buffer;
  /** The last line, when it had no newline. */
  finish(): Buffer;
}

/** Puts the lines of the program of this name together. */
export function joinLines(name: string): LineJoiner {
  let parts: Buffer[] = [];
  let lengthBytes = 0;
  return {
    add(piece) {
      const end = piece.lastIndexOf(newline) + 1;
      if (end === 0) {
        parts.push(piece);
        lengthBytes += piece.length;
        if (lengthBytes > longestLineBytes) {
          const message = `${name} gave a line of more than ${longestLineBytes} bytes`;
          throw problem({ code: 'command', message, hint: 'a record is one line' });
        }
        return piece.subarray(0, 0);
      }
      const whole =
        parts.length === 0 ? piece.subarray(0, end) : Buffer.concat([...parts, piece.subarray(0, end)]);
      parts = end === piece.length ? [] : [piece.subarray(end)];
      lengthBytes = piece.length - end;
      return whole;
    },
    finish() {
      if (parts.length === 0) return Buffer.alloc(0);
      const last = Buffer.concat([...parts, Buffer.of(newline)]);
      parts = [];
      return last;
    },
  };
}
