/**
 * Why a line was refused, in words for a person: found from its bytes after the fact, so that the scanners need only
 * know that it was. Columns and bytes count from 1; columns are characters.
 */
import { isUtf8 } from 'node:buffer';
import { skipSpace, skipValue } from './json-syntax.js';
import { utf8Text } from './utf8.js';

/**
 * How long the UTF-8 sequence at `at` is, or 0 when it is not one (RFC 3629: no surrogates, no overlong
 * forms).
 */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  const second = bytes[at + 1] ?? 0;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  for (let index = 2; index < length; index++) if (((bytes[at + index] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

/** The position of the first byte of bytes[0, length) that is not UTF-8, or -1. */
export function firstNonUtf8(bytes: Uint8Array): number {
  if (isUtf8(bytes)) return -1;
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length === 0 || at + length > bytes.length) return at;
    at += length;
  }
  return -1;
}

const kinds: Readonly<Record<string, string>> = {
  '[': 'an array',
  '"': 'a string',
  t: 'a boolean',
  f: 'a boolean',
  n: 'null',
};

function spellCharacter(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20 || code === 0x7f) return `control character 0x${code.toString(16).padStart(2, '0')}`;
  return character === "'" ? `"'"` : `'${character}'`;
}

/** The reason why a line (without newline) is not a record. Only for lines that a scanner has refused. */
export function rejectionReason(line: Uint8Array): string {
  const wrong = firstNonUtf8(line);
  if (wrong >= 0) return `not UTF-8 at byte ${wrong + 1}`;
  const bytes = new Uint8Array(line.length + 8);
  bytes.set(line);
  bytes[line.length] = 0x0a;
  const start = skipSpace(bytes, 0);
  let at = skipValue(bytes, start);
  if (at >= 0) {
    const end = skipSpace(bytes, at);
    at = end === line.length ? end : ~end;
  }
  if (at >= 0) return `not an object but ${kinds[String.fromCharCode(bytes[start]!)] ?? 'a number'}`;
  at = ~at;
  if (at >= line.length) return 'not JSON: the line ends too early';
  const column = [...utf8Text(line, 0, at)].length + 1;
  const [character] = utf8Text(line, at, Math.min(line.length, at + 4));
  return `not JSON: unexpected ${spellCharacter(character!)} at column ${column}`;
}
