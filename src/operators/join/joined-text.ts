/**
 * Two records as one: the members of the right one behind those of the left one, as they were written. Texts are known to be
 * valid objects.
 */

/** A member: its decoded name, and its value as JSON text. */
type Member = readonly [name: string, value: string];

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

/** The members of a record in the order they stand in; of duplicate names the last value holds. */
function membersOf(text: string): readonly Member[] {
  const members: Member[] = [];
  const seen = new Set<string>();
  let at = text.indexOf('"');
  while (at >= 0) {
    const end = skipString(text, at);
    const name = nameOf(text, at, end);
    const value = text.indexOf(':', end) + 1;
    const after = skipValue(text, value);
    if (seen.has(name)) {
      const known = members.findIndex((member) => member[0] === name);
      members.splice(known, 1);
    }
    seen.add(name);
    members.push([name, text.slice(value, after).trim()]);
    at = text.charCodeAt(after) === 0x2c ? text.indexOf('"', after) : -1;
  }
  return members;
}

export interface JoinedNames {
  readonly prefix: string;
  /** Names that are a key of both records, and stand once. */
  readonly shared: ReadonlySet<string>;
}

/** Puts texts of records together. What it finds in a text it keeps as long as the text is used again and again. */
export function createJoiner({ prefix, shared }: JoinedNames): (left: string, right: string) => string {
  const spelled = new Map<string, string>();
  const spell = (name: string): string => {
    let known = spelled.get(name);
    if (known === undefined) {
      known = `${JSON.stringify(name)}:`;
      // Names come from data and may be many.
      if (spelled.size < 10_000) spelled.set(name, known);
    }
    return known;
  };
  return (left, right) => {
    const names = new Set(membersOf(left).map(([name]) => name));
    const start = left.slice(0, left.lastIndexOf('}')).trimEnd();
    let joined = '';
    for (const [name, value] of membersOf(right)) {
      if (shared.has(name) && names.has(name)) continue;
      let own = name;
      while (names.has(own)) own = `${prefix}${own}`;
      names.add(own);
      joined += `,${spell(own)}${value}`;
    }
    return start.endsWith('{') ? `${start}${joined.slice(1)}}` : `${start}${joined}}`;
  };
}
