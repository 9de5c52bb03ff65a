/**
 * Texts by their characters, which are code points as in SQL and not UTF-16 units. Texts without surrogates,
 * nearly all of them, go by their units, which are then the same.
 */

const surrogate = /[\uD800-\uDFFF]/;

/** Number of characters. */
export function characterCount(text: string): number {
  if (!surrogate.test(text)) return text.length;
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** The characters from `start` (0-based) up to `end`. */
export function characterSlice(text: string, start: number, end = Number.POSITIVE_INFINITY): string {
  if (!surrogate.test(text)) return text.slice(start, end);
  return Array.from(text).slice(start, end).join('');
}

/** The characters of a text, one by one. */
export function characters(text: string): readonly string[] {
  return Array.from(text);
}

/** The 1-based position of a character at a UTF-16 index. */
export function positionOf(text: string, index: number): number {
  return characterCount(text.slice(0, index)) + 1;
}
