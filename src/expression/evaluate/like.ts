/**
 * LIKE patterns: % stands for any text, _ for one character (a code point). A pattern without _ is a few
 * pieces that are looked for in turn, which never backtracks; one with _ is matched character by
 * character, going back to the last % only.
 */
import { valueError } from '../value-error.js';

/** A compiled pattern. `pieces` are the texts between the %, undefined when there is a _ in it. */
export interface LikePattern {
  readonly pieces: readonly string[] | undefined;
  matches(text: string): boolean;
}

type Element = string | { readonly wild: '%' | '_' };

function elementsOf(pattern: string, escapeSign: string | undefined): Element[] {
  const elements: Element[] = [];
  const characters = [...pattern];
  for (let i = 0; i < characters.length; i++) {
    let character = characters[i]!;
    if (character === escapeSign) {
      character = characters[++i] ?? '';
      if (character !== '%' && character !== '_' && character !== escapeSign) {
        throw valueError(`in a LIKE pattern ${escapeSign} must stand before %, _ or itself: '${pattern}'`);
      }
      elements.push(character);
    } else if (character === '%' || character === '_') elements.push({ wild: character });
    else elements.push(character);
  }
  return elements;
}

function piecesOf(elements: readonly Element[]): string[] {
  const pieces = [''];
  for (const element of elements) {
    if (typeof element === 'string') pieces[pieces.length - 1] += element;
    else pieces.push('');
  }
  return pieces;
}

function matchPieces(pieces: readonly string[], text: string): boolean {
  const first = pieces[0]!;
  if (pieces.length === 1) return text === first;
  const last = pieces[pieces.length - 1]!;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false;
  const end = text.length - last.length;
  let at = first.length;
  for (let i = 1; i < pieces.length - 1; i++) {
    const piece = pieces[i]!;
    at = text.indexOf(piece, at);
    if (at < 0 || at + piece.length > end) return false;
    at += piece.length;
  }
  return true;
}

function matchElements(elements: readonly Element[], text: string): boolean {
  const characters = [...text];
  let at = 0;
  let next = 0;
  let backTo = -1;
  let backAt = 0;
  while (at < characters.length) {
    const element = elements[next];
    if (element !== undefined && typeof element !== 'string' && element.wild === '%') {
      backTo = ++next;
      backAt = at;
    } else if (element !== undefined && (typeof element !== 'string' || element === characters[at])) {
      next++;
      at++;
    } else if (backTo >= 0) {
      next = backTo;
      at = ++backAt;
    } else return false;
  }
  return elements.slice(next).every((element) => typeof element !== 'string' && element.wild === '%');
}

/**
 * Compiles a pattern. `escapeSign` is one character; a wrong one, or one at a wrong place, is a value error.
 */
export function compileLike(pattern: string, escapeSign?: string): LikePattern {
  if (escapeSign !== undefined && [...escapeSign].length !== 1) {
    throw valueError(`ESCAPE takes one character, not '${escapeSign}'`);
  }
  const elements = elementsOf(pattern, escapeSign);
  const simple = elements.every((element) => typeof element === 'string' || element.wild === '%');
  if (!simple) return { pieces: undefined, matches: (text) => matchElements(elements, text) };
  const pieces = piecesOf(elements);
  return { pieces, matches: (text) => matchPieces(pieces, text) };
}

let lastPattern: string | undefined;
let lastEscape: string | undefined;
let lastCompiled: LikePattern;

/** Matches against a pattern that is only known now; the last one is kept compiled. */
export function matchLike(text: string, pattern: string, escapeSign: string | undefined): boolean {
  if (pattern !== lastPattern || escapeSign !== lastEscape) {
    lastCompiled = compileLike(pattern, escapeSign);
    lastPattern = pattern;
    lastEscape = escapeSign;
  }
  return lastCompiled.matches(text);
}
