/**
 * A line under construction in a buffer: fixed texts copied, numbers and times written digit by digit. No
 * strings are made for a line, which is what lets a generator keep up with the programs it feeds.
 * Nothing here checks that there is room: the caller leaves maxLineBytes.
 */

/** Longest line that a generator may make, newline included. */
export const maxLineBytes = 2048;

/** Where to write next. */
export interface Line {
  bytes: Uint8Array;
  at: number;
}

/** A text ready to be put. */
export const fixed = (text: string): Uint8Array => Buffer.from(text);

/** Texts ready to be put. */
export function ready(texts: readonly string[]): readonly Uint8Array[] {
  return texts.map(fixed);
}

export function put(line: Line, text: Uint8Array): void {
  const { bytes } = line;
  let at = line.at;
  for (let index = 0; index < text.length; index++) bytes[at++] = text[index]!;
  line.at = at;
}

/** A whole number of 0 to 2^53. */
export function putInteger(line: Line, value: number): void {
  let digits = 1;
  for (let limit = 10; limit <= value; limit *= 10) digits++;
  const end = line.at + digits;
  for (let at = end - 1; at >= line.at; at--) {
    const rest = Math.floor(value / 10);
    line.bytes[at] = 0x30 + (value - rest * 10);
    value = rest;
  }
  line.at = end;
}

/** A whole number in so many digits, zeros in front. */
export function putPadded(line: Line, value: number, digits: number): void {
  for (let at = line.at + digits - 1; at >= line.at; at--) {
    const rest = Math.floor(value / 10);
    line.bytes[at] = 0x30 + (value - rest * 10);
    value = rest;
  }
  line.at += digits;
}

/** A number of hundredths, without zeros at the end: 1250 is 12.5. */
export function putHundredths(line: Line, hundredths: number): void {
  const whole = Math.floor(hundredths / 100);
  const rest = hundredths - whole * 100;
  putInteger(line, whole);
  if (rest === 0) return;
  line.bytes[line.at++] = 0x2e;
  if (rest % 10 === 0) putPadded(line, rest / 10, 1);
  else putPadded(line, rest, 2);
}

const minuteMs = 60_000;

/** A function that puts epoch ms as `2026-11-01T00:00:00.000Z`; it keeps the minute it put last. */
export function isoPutter(): (line: Line, epochMs: number) => void {
  let minute = Number.NaN;
  let prefix: Uint8Array = new Uint8Array(0);
  return (line, epochMs) => {
    const now = Math.floor(epochMs / minuteMs);
    if (now !== minute) {
      minute = now;
      prefix = Buffer.from(new Date(now * minuteMs).toISOString().slice(0, 17));
    }
    put(line, prefix);
    const ms = epochMs - now * minuteMs;
    const seconds = Math.floor(ms / 1000);
    putPadded(line, seconds, 2);
    line.bytes[line.at++] = 0x2e;
    putPadded(line, ms - seconds * 1000, 3);
    line.bytes[line.at++] = 0x5a;
  };
}
