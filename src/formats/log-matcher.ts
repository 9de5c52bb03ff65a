/**
 * Matches lines against a log pattern and leaves the span of each variable. This is the hot loop of the
 * access-log formats: short values are walked byte by byte, quoted ones searched by Buffer.indexOf, which is
 * faster from about 30 bytes on. Only lines with a backslash take the careful walk that steps over escaped
 * characters.
 */
import type { LogPattern } from './log-pattern.js';

export interface LogMatcher {
  /** [start, end) of each variable of the line that matched last, two entries a variable. */
  readonly spans: Int32Array;
  match(bytes: Buffer, start: number, end: number, escaped: boolean): boolean;
  /** Why the last match failed. */
  reason(): string;
}

interface Step {
  readonly literal: Uint8Array;
  /** Worth a native search: the values are long. */
  readonly long: boolean;
  readonly list: boolean;
}

/** Whether bytes[at...] go on with the literal, whose first byte is known to be there. */
function goesOn(literal: Uint8Array, bytes: Uint8Array, at: number, end: number): boolean {
  const length = literal.length;
  if (at + length > end) return false;
  for (let index = 1; index < length; index++) if (bytes[at + index] !== literal[index]) return false;
  return true;
}

/** Inside a list: its separators are `, ` and ` : `. */
function insideList(bytes: Uint8Array, from: number, at: number): boolean {
  const before = at > from ? bytes[at - 1] : 0;
  if (before === 0x2c || (before === 0x3a && at > from + 1 && bytes[at - 2] === 0x20)) return true;
  return bytes[at] === 0x20 && bytes[at + 1] === 0x3a && bytes[at + 2] === 0x20;
}

/** Where the literal stands first in bytes[from, end), or -1. */
function find(step: Step, bytes: Buffer, from: number, end: number, escaped: boolean): number {
  const { literal } = step;
  const first = literal[0]!;
  for (let at = from; at < end; at++) {
    if (escaped) {
      while (at < end && bytes[at] !== first) at += bytes[at] === 0x5c ? 2 : 1;
    } else if (step.long) {
      at = bytes.indexOf(first, at);
      if (at < 0) return -1;
    } else {
      while (at < end && bytes[at] !== first) at++;
    }
    if (at >= end) return -1;
    if (goesOn(literal, bytes, at, end) && !(step.list && insideList(bytes, from, at))) return at;
  }
  return -1;
}

const spellLiteral = (literal: string): string => `'${literal.replaceAll('\t', '\\t')}'`;

/** A matcher with state: the spans and the reason belong to the line that was matched last. */
export function createLogMatcher(pattern: LogPattern): LogMatcher {
  const { variables, literals, escapes } = pattern;
  const head = Buffer.from(pattern.head);
  const count = variables.length;
  const spans = new Int32Array(count * 2);
  const steps: readonly Step[] = variables.map(({ list }, index) => ({
    literal: Buffer.from(literals[index]!),
    long: literals[index]!.startsWith('"'),
    list,
  }));
  // Where the last match failed: the variable (-1: the head; count: the end of the line) and the column.
  let failed = 0;
  let column = 0;

  return {
    spans,
    match(bytes, start, end, escaped) {
      const careful = escaped && escapes;
      let at = start;
      failed = -1;
      column = 1;
      if (head.length > 0) {
        if (bytes[at] !== head[0] || !goesOn(head, bytes, at, end)) return false;
        at += head.length;
      }
      for (let index = 0; index < count; index++) {
        const step = steps[index]!;
        const { length } = step.literal;
        const found = length === 0 ? end : find(step, bytes, at, end, careful);
        if (found < 0) {
          failed = index;
          column = at - start + 1;
          return false;
        }
        spans[index * 2] = at;
        spans[index * 2 + 1] = found;
        at = found + length;
      }
      failed = count;
      column = at - start + 1;
      return at === end;
    },
    reason() {
      if (failed < 0) return `expected ${spellLiteral(pattern.head)} at column 1`;
      const last = variables[Math.min(failed, count - 1)]!.spelling;
      if (failed === count) return `expected the end of the line after ${last} at column ${column}`;
      return `expected ${spellLiteral(literals[failed]!)} after ${last}, which begins at column ${column}`;
    },
  };
}
