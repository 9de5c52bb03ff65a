/**
 * A value that is not of its format, on its way to where records are refused: a line that no format of records takes,
 * with the reason and the bytes. It begins with a byte that no text has.
 */
const mark = '\u0000bad value\t';

export interface BadValue {
  readonly reason: string;
  readonly bytes: Uint8Array;
}

/** The line that stands for a bad value. */
export function spellBadValue(reason: string, value: Uint8Array): Uint8Array {
  const bytes = Buffer.from(value).toString('base64');
  return Buffer.from(`${mark}${JSON.stringify({ reason, bytes })}`);
}

/** Reads such a line; undefined when it is none. */
export function readBadValue(line: Uint8Array): BadValue | undefined {
  if (line[0] !== 0) return undefined;
  const text = Buffer.from(line).toString('utf8');
  if (!text.startsWith(mark)) return undefined;
  const { reason, bytes } = JSON.parse(text.slice(mark.length)) as { reason: string; bytes: string };
  return { reason, bytes: Buffer.from(bytes, 'base64') };
}
