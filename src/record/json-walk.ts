/**
 * Walking JSON text that has been validated: members and elements found by name or index without parsing what lies
 * between. Nothing here checks the grammar, so nothing here may see text that a scanner has not accepted.
 */
import type { Path } from './path.js';

/** A span of bytes; walkers reuse one object. */
export interface Span {
  start: number;
  end: number;
}

function space(bytes: Uint8Array, at: number): number {
  // Values inside a record may stand on lines of their own only in boxed text, hence newlines are skipped too.
  while (bytes[at]! <= 0x20) at++;
  return at;
}

function stringEnd(bytes: Uint8Array, at: number): number {
  for (;;) {
    const byte = bytes[at]!;
    if (byte === 0x22) return at;
    at += byte === 0x5c ? 2 : 1;
  }
}

/** The position behind the value that starts at `at`. */
export function valueEnd(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first === 0x22) return stringEnd(bytes, at + 1) + 1;
  if (first === 0x7b || first === 0x5b) {
    let depth = 0;
    for (;;) {
      const byte = bytes[at++]!;
      if (byte === 0x22) at = stringEnd(bytes, at) + 1;
      else if (byte === 0x7b || byte === 0x5b) depth++;
      else if ((byte === 0x7d || byte === 0x5d) && --depth === 0) return at;
    }
  }
  for (;;) {
    const byte = bytes[at]!;
    if (byte <= 0x20 || byte === 0x2c || byte === 0x7d || byte === 0x5d) return at;
    at++;
  }
}

/** Whether the inside of a JSON string, escapes included, is this name. */
export function isName(
  bytes: Uint8Array,
  start: number,
  end: number,
  name: string,
  utf8: Uint8Array,
): boolean {
  let escaped = false;
  for (let at = start; at < end && !escaped; at++) escaped = bytes[at] === 0x5c;
  if (escaped) return JSON.parse(`"${utf8Text(bytes, start, end)}"`) === name;
  if (end - start !== utf8.length) return false;
  for (let index = 0; index < utf8.length; index++) if (bytes[start + index] !== utf8[index]) return false;
  return true;
}

/** bytes[start, end) as text. */
export function utf8Text(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
}

/**
 * Calls `visit` for each member of the object whose brace is at `at`: the name's span (inside its quotes) and the
 * value's. Returns the position of the closing brace.
 */
export function eachMember(
  bytes: Uint8Array,
  at: number,
  visit: (nameStart: number, nameEnd: number, start: number, end: number) => void,
): number {
  at = space(bytes, at + 1);
  while (bytes[at] !== 0x7d) {
    const nameEnd = stringEnd(bytes, at + 1);
    const start = space(bytes, space(bytes, nameEnd + 1) + 1);
    const end = valueEnd(bytes, start);
    visit(at + 1, nameEnd, start, end);
    at = space(bytes, end);
    if (bytes[at] === 0x2c) at = space(bytes, at + 1);
  }
  return at;
}

/** A step of a path, ready to be compared with bytes. */
export type Step = number | { readonly name: string; readonly utf8: Uint8Array };

export function compileSteps(path: Path): readonly Step[] {
  return path.map((step) =>
    typeof step === 'number' ? step : { name: step, utf8: new TextEncoder().encode(step) },
  );
}

function findMember(bytes: Uint8Array, at: number, name: string, utf8: Uint8Array, found: Span): boolean {
  let hit = false;
  at = space(bytes, at + 1);
  while (bytes[at] !== 0x7d) {
    const nameEnd = stringEnd(bytes, at + 1);
    const start = space(bytes, space(bytes, nameEnd + 1) + 1);
    const end = valueEnd(bytes, start);
    // No early exit: of members of one name the last one counts.
    if (isName(bytes, at + 1, nameEnd, name, utf8)) {
      found.start = start;
      found.end = end;
      hit = true;
    }
    at = space(bytes, end);
    if (bytes[at] === 0x2c) at = space(bytes, at + 1);
  }
  return hit;
}

function findElement(bytes: Uint8Array, at: number, index: number, found: Span): boolean {
  at = space(bytes, at + 1);
  for (let element = 0; bytes[at] !== 0x5d; element++) {
    const end = valueEnd(bytes, at);
    if (element === index) {
      found.start = at;
      found.end = end;
      return true;
    }
    at = space(bytes, end);
    if (bytes[at] === 0x2c) at = space(bytes, at + 1);
  }
  return false;
}

/** Follows steps[from...] into the value at `found`, which is narrowed to what they lead to. False: there is nothing. */
export function followSteps(bytes: Uint8Array, found: Span, steps: readonly Step[], from: number): boolean {
  for (let index = from; index < steps.length; index++) {
    const step = steps[index]!;
    const opening = bytes[found.start];
    if (typeof step === 'number') {
      if (opening !== 0x5b || !findElement(bytes, found.start, step, found)) return false;
    } else if (opening !== 0x7b || !findMember(bytes, found.start, step.name, step.utf8, found)) return false;
  }
  return true;
}
