/**
 * The members of a record's JSON text with their spelling kept, for outputs that are not NDJSON. The text is known to
 * be a valid object. Not for hot paths.
 */

/** A member: its decoded name, and its value as JSON text. */
export type Member = readonly [name: string, json: string];

function skipString(text: string, from: number): number {
  let at = from + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function skipValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; ) {
    const character = text[at]!;
    if (character === '"') {
      at = skipString(text, at);
      continue;
    }
    if (depth === 0 && (character === ',' || character === '}')) return at;
    if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    at++;
  }
  return text.length;
}

/** The members in the order they stand in; of duplicate names the last value holds. */
export function membersOf(record: string): readonly Member[] {
  const members = new Map<string, string>();
  let at = record.indexOf('{') + 1;
  for (;;) {
    while (/[\s,]/.test(record[at] ?? '')) at++;
    if (record[at] !== '"') return [...members];
    const nameEnd = skipString(record, at);
    const name = JSON.parse(record.slice(at, nameEnd)) as string;
    const valueStart = record.indexOf(':', nameEnd) + 1;
    const valueEnd = skipValue(record, valueStart);
    members.set(name, record.slice(valueStart, valueEnd).trim());
    at = valueEnd;
  }
}
