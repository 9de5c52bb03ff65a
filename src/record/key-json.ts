/**
 * Key bytes read back as JSON, to be shown to people: one text for each value. What was spelled in several ways is one key,
 * so numbers and texts come in their plainest spelling.
 */
import { Kind } from './key-bytes.js';

/** The values of key bytes. Bounds of windows are spelled by `spellInstant`. */
export function keysJson(bytes: Buffer, spellInstant: (instant: number) => string): string[] {
  const values: string[] = [];
  let at = 0;
  const sized = (): string => {
    const length = bytes.readUInt32LE(at);
    at += 4 + length;
    return bytes.toString('utf8', at - length, at);
  };
  const double = (): number => {
    at += 8;
    return bytes.readDoubleLE(at - 8);
  };
  while (at < bytes.length) {
    const kind = bytes[at++]!;
    if (kind === Kind.null) values.push('null');
    else if (kind === Kind.false || kind === Kind.true) values.push(String(kind === Kind.true));
    else if (kind === Kind.number) values.push(String(double()));
    else if (kind === Kind.instant) values.push(spellInstant(double()));
    else if (kind === Kind.text) values.push(JSON.stringify(sized()));
    else values.push(sized());
  }
  return values;
}
