/**
 * Walking JSON text that has been validated: members and elements found by name or index without parsing what lies
 * between. Nothing here checks the grammar, so nothing here may see text that a scanner has not accepted.
 */
import type { Path } from './path.js';
import { utf8Text } from './utf8.js';

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

/** A name, and its UTF-8 to be compared with bytes. */
export interface Name {
  readonly name: string;
  readonly utf8: Uint8Array;
}

export function compileName(name: string): Name {
  const utf8 = Buffer.from(name, 'utf8');
  // A name with a lone surrogate has no UTF-8, only escapes can spell it: a byte that never occurs stands for it.
  return { name, utf8: utf8.toString('utf8') === name ? utf8 : Buffer.of(0xff) };
}

function isSpelled(bytes: Uint8Array, start: number, utf8: Uint8Array): boolean {
  for (let index = 0; index < utf8.length; index++) if (bytes[start + index] !== utf8[index]) return false;
  return true;
}

/** Which of the names the inside of a JSON string, escapes included, is; or -1. */
export function findName(bytes: Uint8Array, start: number, end: number, names: readonly Name[]): number {
  for (let at = start; at < end; at++) {
    if (bytes[at] === 0x5c) {
      const decoded = JSON.parse(`"${utf8Text(bytes, start, end)}"`);
      return names.findIndex(({ name }) => name === decoded);
    }
  }
  for (let index = 0; index < names.length; index++) {
    const { utf8 } = names[index]!;
    if (utf8.length === end - start && isSpelled(bytes, start, utf8)) return index;
  }
  return -1;
}

/** One member of an object: the name inside its quotes, and the value. */
export interface Member {
  nameStart: number;
  nameEnd: number;
  start: number;
  end: number;
}

export function createMember(): Member {
  return { nameStart: 0, nameEnd: 0, start: 0, end: 0 };
}

/**
 * Where the member behind `at` begins: behind white space and a comma. At the end of the object, its brace.
 */
export function firstByte(bytes: Uint8Array, at: number): number {
  at = space(bytes, at);
  return bytes[at] === 0x2c ? space(bytes, at + 1) : at;
}

/**
 * Reads the member that begins (white space and a comma apart) at `at` into `member`; false at the end of
 * the object.
 */
export function readMember(bytes: Uint8Array, at: number, member: Member): boolean {
  at = firstByte(bytes, at);
  if (bytes[at] === 0x7d) return false;
  member.nameStart = at + 1;
  member.nameEnd = stringEnd(bytes, at + 1);
  member.start = space(bytes, space(bytes, member.nameEnd + 1) + 1);
  member.end = valueEnd(bytes, member.start);
  return true;
}

/** A step of a path, ready to be compared with bytes: an index, or a list of one name. */
export type Step = number | readonly [Name];

export function compileSteps(path: Path): readonly Step[] {
  return path.map((step) => (typeof step === 'number' ? step : [compileName(step)]));
}

const member = createMember();

function findMember(bytes: Uint8Array, at: number, name: readonly [Name], found: Span): boolean {
  let hit = false;
  at++;
  while (readMember(bytes, at, member)) {
    // No early exit: of members of one name the last one counts.
    if (findName(bytes, member.nameStart, member.nameEnd, name) === 0) {
      found.start = member.start;
      found.end = member.end;
      hit = true;
    }
    at = member.end;
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

/**
 * Follows steps[from...] into the value at `found`, which is narrowed to what they lead to. False: there is
 * nothing.
 */
export function followSteps(bytes: Uint8Array, found: Span, steps: readonly Step[], from: number): boolean {
  for (let index = from; index < steps.length; index++) {
    const step = steps[index]!;
    const opening = bytes[found.start];
    if (typeof step === 'number') {
      if (opening !== 0x5b || !findElement(bytes, found.start, step, found)) return false;
    } else if (opening !== 0x7b || !findMember(bytes, found.start, step, found)) return false;
  }
  return true;
}
