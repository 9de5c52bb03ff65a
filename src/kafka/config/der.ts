/**
 * Elements of DER, the encoding of keys and certificates: a tag, a length and a content, which for most tags
 * is elements again. Just what reading a PKCS #12 store needs; definite and indefinite lengths, no tags above
 * 30.
 */

export interface Element {
  readonly tag: number;
  /** The content, without tag and length. */
  readonly content: Buffer;
  /** The element as it is encoded. */
  readonly whole: Buffer;
}

export const sequenceTag = 0x30;
export const octetsTag = 0x04;
const endOfContents = 2;

function malformed(): Error {
  return new Error('not an encoding that DER allows');
}

/** Where the content begins and ends, and where the element ends. */
function extent(
  bytes: Buffer,
  at: number,
): { readonly start: number; readonly stop: number; readonly end: number } {
  if (at + 2 > bytes.length || (bytes[at]! & 0x1f) === 0x1f) throw malformed();
  const first = bytes[at + 1]!;
  if (first === 0x80) {
    let inner = at + 2;
    while (!(bytes[inner] === 0 && bytes[inner + 1] === 0)) inner = extent(bytes, inner).end;
    return { start: at + 2, stop: inner, end: inner + endOfContents };
  }
  const count = first < 0x80 ? 0 : first & 0x7f;
  if (count > 4 || at + 2 + count > bytes.length) throw malformed();
  const length = count === 0 ? first : bytes.readUIntBE(at + 2, count);
  const start = at + 2 + count;
  if (start + length > bytes.length) throw malformed();
  return { start, stop: start + length, end: start + length };
}

function readAt(bytes: Buffer, at: number): { readonly element: Element; readonly end: number } {
  const { start, stop, end } = extent(bytes, at);
  const element = { tag: bytes[at]!, content: bytes.subarray(start, stop), whole: bytes.subarray(at, end) };
  return { element, end };
}

/** The element at the beginning of some bytes. */
export const readElement = (bytes: Buffer): Element => readAt(bytes, 0).element;

/** The elements that an element is made of. */
export function children(element: Element): readonly Element[] {
  const found: Element[] = [];
  let at = 0;
  while (at < element.content.length) {
    const { element: child, end } = readAt(element.content, at);
    found.push(child);
    at = end;
  }
  return found;
}

/** A child by its number; throws where there is none. */
export function child(element: Element, number: number): Element {
  const found = children(element)[number];
  if (found === undefined) throw malformed();
  return found;
}

/** The bytes of an octet string, or of one tagged as such that is cut into several. */
export function octets(element: Element): Buffer {
  const cut = (element.tag & 0x20) !== 0;
  return cut ? Buffer.concat(children(element).map(octets)) : element.content;
}

/** An object identifier, as 1.2.840.113549. */
export function identifier(element: Element): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of element.content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const first = Math.min(2, Math.floor((arcs[0] ?? 0) / 40));
  return [first, (arcs[0] ?? 0) - first * 40, ...arcs.slice(1)].join('.');
}

/** A whole number that is not negative and small. */
export const wholeNumber = (element: Element): number =>
  element.content.readUIntBE(0, element.content.length);
