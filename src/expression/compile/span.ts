/**
 * Comparing the bytes of a text in the chunk with constants, without making a string of it. Only for tags
 * text and raw, whose spans are the characters themselves.
 */
import type { LikePattern } from '../evaluate/like.js';

/** The UTF-8 of a text; undefined for one with a lone surrogate, which has none and equals no span. */
export function utf8Of(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'utf8');
  return bytes.toString('utf8') === text ? Uint8Array.from(bytes) : undefined;
}

/** Whether the constant stands at `at`. The caller has looked at the lengths. */
export function isAt(bytes: Uint8Array, at: number, constant: Uint8Array): boolean {
  for (let i = 0; i < constant.length; i++) if (bytes[at + i] !== constant[i]) return false;
  return true;
}

/** Constant texts by their length in bytes. */
export type SpanSet = ReadonlyMap<number, readonly Uint8Array[]>;

export function spanSet(texts: readonly string[]): SpanSet {
  const set = new Map<number, Uint8Array[]>();
  for (const text of texts) {
    const bytes = utf8Of(text);
    if (bytes === undefined) continue;
    const same = set.get(bytes.length);
    if (same === undefined) set.set(bytes.length, [bytes]);
    else same.push(bytes);
  }
  return set;
}

/** Whether the span is one of the constants. */
export function isInSpanSet(set: SpanSet, bytes: Uint8Array, start: number, length: number): boolean {
  const candidates = set.get(length);
  if (candidates === undefined) return false;
  for (let i = 0; i < candidates.length; i++) if (isAt(bytes, start, candidates[i]!)) return true;
  return false;
}

/** A LIKE pattern without _ as bytes: the pieces between its %. */
export type SpanPieces = readonly Uint8Array[];

/** The pieces of a pattern as bytes; undefined when it has to be matched as text. */
export function spanPieces(pattern: LikePattern): SpanPieces | undefined {
  const pieces = pattern.pieces?.map(utf8Of);
  return pieces?.every((piece) => piece !== undefined) ? (pieces as Uint8Array[]) : undefined;
}

/**
 * Whether the pieces stand in the span, the first at its start, the last at its end, the others in order
 * between.
 */
export function isLikeSpan(pieces: SpanPieces, bytes: Uint8Array, start: number, length: number): boolean {
  const first = pieces[0]!;
  if (pieces.length === 1) return length === first.length && isAt(bytes, start, first);
  const last = pieces[pieces.length - 1]!;
  let at = start + first.length;
  const end = start + length - last.length;
  if (at > end || !isAt(bytes, start, first) || !isAt(bytes, end, last)) return false;
  for (let i = 1; i < pieces.length - 1; i++) {
    const piece = pieces[i]!;
    while (at + piece.length <= end && !isAt(bytes, at, piece)) at++;
    if (at + piece.length > end) return false;
    at += piece.length;
  }
  return true;
}
