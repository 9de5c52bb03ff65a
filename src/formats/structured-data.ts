/**
 * The structured data of RFC 5424: `[id name="value" ...][id ...]`, as a JSON object of objects. All values
 * are text; a name that comes twice in an element becomes an array, because there the RFC means both.
 */
const isName = (byte: number): boolean =>
  byte > 0x20 && byte < 0x7f && byte !== 0x3d && byte !== 0x5d && byte !== 0x22;

function skipName(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && isName(bytes[at]!)) at++;
  return at;
}

/** Behind the closing quote of the value whose first character is at `at`, or -1. */
function skipValue(bytes: Uint8Array, at: number, end: number): number {
  for (; at < end; at++) {
    if (bytes[at] === 0x5c) at++;
    else if (bytes[at] === 0x22) return at + 1;
  }
  return -1;
}

/** What a walk over structured data finds. */
export interface StructuredDataVisitor {
  element(start: number, end: number): void;
  parameter(nameStart: number, nameEnd: number, valueStart: number, valueEnd: number): void;
}

/** Walks the elements at `at`. Returns the position behind them, or ~position of what is wrong. */
export function walkStructuredData(
  bytes: Uint8Array,
  at: number,
  end: number,
  visitor: StructuredDataVisitor | undefined,
): number {
  while (at < end && bytes[at] === 0x5b) {
    const id = at + 1;
    at = skipName(bytes, id, end);
    if (at === id) return ~at;
    visitor?.element(id, at);
    while (at < end && bytes[at] === 0x20) {
      const name = at + 1;
      const nameEnd = skipName(bytes, name, end);
      if (nameEnd === name || bytes[nameEnd] !== 0x3d || bytes[nameEnd + 1] !== 0x22) return ~nameEnd;
      const value = nameEnd + 2;
      const behind = skipValue(bytes, value, end);
      if (behind < 0) return ~value;
      visitor?.parameter(name, nameEnd, value, behind - 1);
      at = behind;
    }
    if (at >= end || bytes[at] !== 0x5d) return ~at;
    at++;
  }
  return at;
}

export type StructuredData = Record<string, Record<string, string | string[]>>;

/** The elements in bytes[start, end), which are well formed. */
export function readStructuredData(bytes: Buffer, start: number, end: number): StructuredData {
  // Without a prototype a name such as __proto__ is a name like any other.
  const data: StructuredData = Object.create(null);
  let element: StructuredData[string] = Object.create(null);
  walkStructuredData(bytes, start, end, {
    element(from, to) {
      const id = bytes.toString('utf8', from, to);
      element = data[id] ?? Object.create(null);
      data[id] = element;
    },
    parameter(nameStart, nameEnd, valueStart, valueEnd) {
      const name = bytes.toString('utf8', nameStart, nameEnd);
      // Before any other character a backslash is just that.
      const value = bytes.toString('utf8', valueStart, valueEnd).replace(/\\(["\\\]])/g, '$1');
      const known = element[name];
      element[name] = known === undefined ? value : Array.isArray(known) ? [...known, value] : [known, value];
    },
  });
  return data;
}
