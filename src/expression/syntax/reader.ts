/**
 * A reader of tokens: looks ahead, takes what the grammar wants, and says in words what is there instead.
 * It also counts the depth of nesting, so that no text can exhaust the stack of whoever walks the tree.
 */
import { syntaxProblem, type Token, tokenize } from './lexer.js';
import type { Expression } from './tree.js';

/** Deepest nesting of an expression. Walkers recurse, and the default stack holds many times this. */
const deepestNesting = 300;

/** Most operators in chains such as a + b + c, whose tree is as deep as the chain is long. */
const mostLinks = 1000;

export interface Reader {
  readonly text: string;
  readonly tokens: readonly Token[];
  /** The whole grammar, for the parts of it that hold expressions again. */
  readonly expression: (reader: Reader) => Expression;
  readonly sum: (reader: Reader) => Expression;
  at: number;
  depth: number;
  links: number;
}

export function createReader(text: string, grammar: Pick<Reader, 'expression' | 'sum'>): Reader {
  return { text, tokens: tokenize(text), ...grammar, at: 0, depth: 0, links: 0 };
}

/** The token `ahead` places ahead, 0 being the next one. */
export function peek(reader: Reader, ahead = 0): Token {
  return reader.tokens[Math.min(reader.at + ahead, reader.tokens.length - 1)]!;
}

/** Takes the next token. */
export function take(reader: Reader): Token {
  const token = peek(reader);
  if (token.kind !== 'end') reader.at++;
  return token;
}

export function isSymbol(token: Token, symbol: string): boolean {
  return token.kind === 'symbol' && token.text === symbol;
}

/** Whether a token is a word of the grammar, in any case. `word` is in small letters. */
export function isWord(token: Token, word: string): boolean {
  return token.kind === 'word' && token.text.toLowerCase() === word;
}

export function takeSymbol(reader: Reader, symbol: string): boolean {
  if (!isSymbol(peek(reader), symbol)) return false;
  reader.at++;
  return true;
}

/** Takes the words, if all of them come next. */
export function takeWords(reader: Reader, ...words: readonly string[]): boolean {
  if (!words.every((word, i) => isWord(peek(reader, i), word))) return false;
  reader.at += words.length;
  return true;
}

/** A token as messages call it. */
export function nameToken(token: Token): string {
  if (token.kind === 'end') return 'the end';
  return token.kind === 'text' ? `the text '${token.text}'` : token.text;
}

/** Throws: something else was expected where the next token is. */
export function unexpected(reader: Reader, wanted: string, hint?: string): never {
  const token = peek(reader);
  throw syntaxProblem(reader.text, token, `expected ${wanted}, but there is ${nameToken(token)}`, hint);
}

export function expectSymbol(reader: Reader, symbol: string, hint?: string): Token {
  if (!isSymbol(peek(reader), symbol)) unexpected(reader, symbol, hint);
  return take(reader);
}

export function expectWord(reader: Reader, word: string): Token {
  if (!isWord(peek(reader), word)) unexpected(reader, word.toUpperCase());
  return take(reader);
}

function tooDeep(reader: Reader): never {
  const hint = 'a long list of alternatives is shorter with IN (...)';
  throw syntaxProblem(reader.text, peek(reader), 'the expression is nested too deeply', hint);
}

/** Runs a part of the grammar one level deeper. */
export function deeper<Result>(reader: Reader, part: (reader: Reader) => Result): Result {
  if (++reader.depth > deepestNesting) tooDeep(reader);
  const result = part(reader);
  reader.depth--;
  return result;
}

/** Counts an operator that puts what came before it one level deeper. */
export function link(reader: Reader): void {
  if (++reader.links > mostLinks) tooDeep(reader);
}

/** The position behind the token taken last. */
export function endOf(reader: Reader): number {
  return reader.tokens[reader.at - 1]?.end ?? 0;
}
