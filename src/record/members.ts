/**
 * The members of a record's JSON text with their spelling kept: for outputs that are not NDJSON, and for records that are put
 * together of others. The text is known to be a valid object.
 */

/** A member: its decoded name, and its value as JSON text. */
export type Member = readonly [name: string, value: string];

function skipString(text: string, from: number): number {
  let at = from + 1;
  while (text.charCodeAt(at) !== 0x22) at += text.charCodeAt(at) === 0x5c ? 2 : 1;
  return at + 1;
}

/** The offset behind the value that begins at `from`. */
function skipValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; ; ) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      at = skipString(text, at);
      continue;
    }
    if (depth === 0 && (code === 0x2c || code === 0x7d)) return at;
    if (code === 0x7b || code === 0x5b) depth++;
    else if (code === 0x7d || code === 0x5d) depth--;
    at++;
  }
}

function nameOf(text: string, from: number, to: number): string {
  const name = text.slice(from + 1, to - 1);
  return name.includes('\\') ? (JSON.parse(text.slice(from, to)) as string) : name;
}

/** The members in the order they stand in; of duplicate names the last value holds. */
export function membersOf(text: string): readonly Member[] {
  const members = new Map<string, string>();
  let at = text.indexOf('"');
  while (at >= 0) {
    const end = skipString(text, at);
    const value = text.indexOf(':', end) + 1;
    const after = skipValue(text, value);
    members.set(nameOf(text, at, end), text.slice(value, after).trim());
    at = text.charCodeAt(after) === 0x2c ? text.indexOf('"', after) : -1;
  }
  return [...members];
}
