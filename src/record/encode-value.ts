/**
 * One value of a column as JSON bytes. Numbers that were scanned leave in the spelling they came in; computed ones as
 * JSON.stringify would write them. Small numbers are written digit by digit, which is several times as fast as making
 * a string; the tests hold this to JSON.stringify.
 */
import { type ByteWriter, reserve, writeBytes, writeText } from './byte-writer.js';
import { type Boxed, type Column, Tag } from './column.js';

const hex = Buffer.from('0123456789abcdef');
/**
 * The letter behind the backslash for a byte that JSON has a short escape for; 1 for those it has none for.
 */
const escapes = new Uint8Array(256).fill(1, 0, 0x20);
for (const [byte, letter] of [...'\b\f\n\r\t"\\'].map((character, index) => [
  character,
  'bfnrt"\\'[index]!,
])) {
  escapes[byte!.charCodeAt(0)] = letter!.charCodeAt(0);
}

/**
 * Appends UTF-8 text as the inside of a JSON string: quotes, backslashes and control characters are escaped.
 */
export function writeEscaped(out: ByteWriter, bytes: Uint8Array, start: number, end: number): void {
  reserve(out, 6 * (end - start));
  const target = out.bytes;
  let at = out.length;
  for (let from = start; from < end; from++) {
    const byte = bytes[from]!;
    const letter = escapes[byte]!;
    if (letter === 0) target[at++] = byte;
    else {
      target[at++] = 0x5c;
      if (letter !== 1) target[at++] = letter;
      else {
        target[at++] = 0x75;
        target[at++] = 0x30;
        target[at++] = 0x30;
        target[at++] = hex[byte >> 4]!;
        target[at++] = hex[byte & 15]!;
      }
    }
  }
  out.length = at;
}

/**
 * Writes the digits of an integer of 0 to 2^53 at `at`; returns the position behind them. Room must be
 * there.
 */
function putDigits(target: Uint8Array, at: number, value: number): number {
  let digits = 1;
  for (let limit = 10; limit <= value; limit *= 10) digits++;
  const end = at + digits;
  let position = end;
  while (value > 0x7fffffff) {
    const rest = Math.floor(value / 10);
    target[--position] = 0x30 + (value - rest * 10);
    value = rest;
  }
  let small = value | 0;
  while (position > at) {
    const rest = (small / 10) | 0;
    target[--position] = 0x30 + (small - rest * 10);
    small = rest;
  }
  return end;
}

/**
 * Appends a number as JSON.stringify does: NaN and infinities are null, -0 is 0. A value with up to three
 * decimals and 15 digits in all is its thousandfold, rounded, with a point in it, when dividing gives the
 * value back: two decimals of up to 15 digits never share a double, so this is the shortest spelling too.
 */
export function writeNumber(out: ByteWriter, value: number): void {
  reserve(out, 32);
  const target = out.bytes;
  const magnitude = Math.abs(value);
  const thousandths = Math.round(magnitude * 1000);
  if (thousandths < 1e15 && thousandths / 1000 === magnitude) {
    let at = out.length;
    if (value < 0) target[at++] = 0x2d;
    const whole = Math.floor(thousandths / 1000);
    at = putDigits(target, at, whole);
    const fraction = thousandths - whole * 1000;
    if (fraction > 0) {
      target[at] = 0x2e;
      target[at + 1] = 0x30 + ((fraction / 100) | 0);
      target[at + 2] = 0x30 + (((fraction / 10) | 0) % 10);
      target[at + 3] = 0x30 + (fraction % 10);
      at += 4;
      while (target[at - 1] === 0x30) at--;
    }
    out.length = at;
  } else if (magnitude <= Number.MAX_SAFE_INTEGER && Math.floor(magnitude) === magnitude) {
    if (value < 0) target[out.length++] = 0x2d;
    out.length = putDigits(target, out.length, magnitude);
  } else if (Number.isFinite(value)) {
    out.length += target.write(String(value), out.length, 'latin1');
  } else writeWord(out, nullWord);
}

const nullWord = Buffer.from('null');
const trueWord = Buffer.from('true');
const falseWord = Buffer.from('false');

function writeWord(out: ByteWriter, word: Uint8Array): void {
  reserve(out, word.length);
  for (let index = 0; index < word.length; index++) out.bytes[out.length++] = word[index]!;
}

function writeQuoted(out: ByteWriter, bytes: Uint8Array, start: number, end: number): void {
  reserve(out, end - start + 2);
  out.bytes[out.length++] = 0x22;
  writeBytes(out, bytes, start, end);
  // writeBytes reserves exactly what it writes, but the room for both quotes was made before.
  out.bytes[out.length++] = 0x22;
}

/** The JSON spelling of a boxed value. */
export function spellBoxed(value: Boxed): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return typeof value === 'bigint' ? String(value) : value.json();
}

/** The last instant spelled, so that the bounds of a window are spelled once and not for each of its rows. */
export interface InstantCache {
  epochMs: number;
  spell: Column['spellInstant'];
  readonly bytes: ByteWriter;
}

export function createInstantCache(): InstantCache {
  return { epochMs: Number.NaN, spell: undefined, bytes: { bytes: Buffer.allocUnsafe(64), length: 0 } };
}

function spellInstant(out: ByteWriter, column: Column, epochMs: number): void {
  const spelled = column.spellInstant?.(epochMs) ?? epochMs;
  if (typeof spelled === 'number') writeNumber(out, spelled);
  else writeText(out, JSON.stringify(spelled));
}

function writeInstant(
  out: ByteWriter,
  column: Column,
  epochMs: number,
  cache: InstantCache | undefined,
): void {
  if (cache === undefined) {
    spellInstant(out, column, epochMs);
    return;
  }
  if (cache.epochMs !== epochMs || cache.spell !== column.spellInstant) {
    cache.epochMs = epochMs;
    cache.spell = column.spellInstant;
    cache.bytes.length = 0;
    spellInstant(cache.bytes, column, epochMs);
  }
  writeBytes(out, cache.bytes.bytes, 0, cache.bytes.length);
}

/** Appends the value in a row of a column as JSON; a missing one as null. */
export function writeValue(column: Column, row: number, out: ByteWriter, cache?: InstantCache): void {
  const tag = column.tags[row]!;
  const start = column.starts[row]!;
  switch (tag) {
    case Tag.number:
      if (column.lengths[row] === 0) {
        writeNumber(out, column.numbers[row]!);
        return;
      }
      writeBytes(out, column.bytes, start, start + column.lengths[row]!);
      return;
    case Tag.text:
    case Tag.escaped:
      writeQuoted(out, column.bytes, start, start + column.lengths[row]!);
      return;
    case Tag.raw:
      reserve(out, 2);
      out.bytes[out.length++] = 0x22;
      writeEscaped(out, column.bytes, start, start + column.lengths[row]!);
      reserve(out, 1);
      out.bytes[out.length++] = 0x22;
      return;
    case Tag.exact:
    case Tag.object:
    case Tag.array:
      writeBytes(out, column.bytes, start, start + column.lengths[row]!);
      return;
    case Tag.instant:
      writeInstant(out, column, column.numbers[row]!, cache);
      return;
    case Tag.boxed:
      writeText(out, spellBoxed(column.boxed[row]!));
      return;
    case Tag.true:
      writeWord(out, trueWord);
      return;
    case Tag.false:
      writeWord(out, falseWord);
      return;
    default:
      writeWord(out, nullWord);
  }
}
