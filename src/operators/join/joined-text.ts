/** Two records as one: the members of the right one behind those of the left one, as written; with bounds or row kinds. */
import { changeField, type RowKind } from '../../plan/index.js';
import { membersOf } from '../../record/index.js';

export interface JoinedNames {
  readonly prefix: string;
  /** Names that are a key of both records, and stand once. */
  readonly shared: ReadonlySet<string>;
  /** Names that no member of the right record may have. */
  readonly taken?: readonly string[];
}

/** Puts texts of records, which are known to be valid objects, together. */
export function createJoiner({
  prefix,
  shared,
  taken = [],
}: JoinedNames): (left: string, right: string) => string {
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
    const names = new Set([...taken, ...membersOf(left).map(([name]) => name)]);
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

/** A record with the bounds of its window, which are two members, behind all others and in the place of those it had. */
export function withBounds(text: string, bounds: string): string {
  const start = text.slice(0, text.lastIndexOf('}')).trimEnd();
  const mayHaveBounds = text.includes('window_') || text.includes('\\u');
  if (!mayHaveBounds) return `${start}${start.endsWith('{') ? '' : ','}${bounds}}`;
  const own = membersOf(text).filter(([name]) => name !== 'window_start' && name !== 'window_end');
  const members = own.map(([name, value]) => `${JSON.stringify(name)}:${value}`);
  return `{${[...members, bounds].join(',')}}`;
}

/** A record as a change: with its row kind in front. A member of that name gets a prefix. */
export function withKind(kind: RowKind, text: string, prefix: string): string {
  const first = `{"${changeField}":"${kind}"`;
  if (!text.includes(`"${changeField}"`) && !text.includes('\\u')) {
    const rest = text.slice(text.indexOf('{') + 1).trimStart();
    return rest.startsWith('}') ? `${first}}` : `${first},${rest}`;
  }
  const members = membersOf(text);
  const names = new Set(members.map(([name]) => name));
  let other = `${prefix}${changeField}`;
  while (names.has(other)) other = `${prefix}${other}`;
  const spelled = members.map(
    ([name, value]) => `${JSON.stringify(name === changeField ? other : name)}:${value}`,
  );
  return `${[first, ...spelled].join(',')}}`;
}
