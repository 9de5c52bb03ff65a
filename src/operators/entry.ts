/**
 * Entries: what an operator knows of one key, or of one window of a key, as it is shown to people and taken back from them.
 * The record of an entry is what can be read; its state is plain JSON that says all that the record does not, exactly. An
 * entry that is taken back is looked at as anything else that a person wrote: what does not fit is a problem.
 */
import { type Problem, problem } from '../diagnostics/index.js';

/** JSON as JSON.parse gives it. */
export type Plain = null | boolean | number | string | readonly Plain[] | PlainObject;
export interface PlainObject {
  readonly [name: string]: Plain;
}

/** An entry as an operator shows it; good until the next one is asked for. */
export interface ShownEntry {
  /** One JSON object: the bounds of the window, if there is one, then so many keys, then what was computed. */
  readonly record: string;
  readonly bounds: 0 | 2;
  readonly keys: number;
  /** What it takes, with bounds and keys, to bring the entry back exactly. */
  state(): PlainObject;
}

/** An entry that is to be taken into an operator. Texts are JSON. */
export interface GivenEntry {
  /** Undefined when no bounds are given. */
  readonly window: { readonly start: string; readonly end: string } | undefined;
  readonly key: ReadonlyMap<string, string>;
  /** What the results are expected to be; undefined when nothing is expected. */
  readonly value: ReadonlyMap<string, string> | undefined;
  readonly state: PlainObject;
}

/** Puts entries into an operator in place of those that it had. */
export interface EntryEditor {
  /** Throws a problem of the code state when the entry is not one of this operator, or is there already. */
  add(entry: GivenEntry): void;
  /** All have been added. */
  finish(): void;
}

/** What is wrong with an entry, and what to do about it. */
export function wrongEntry(message: string, hint: string): Problem {
  return problem({ code: 'state', message, hint });
}

/** What a second entry of one key is refused with. */
export const secondEntry = (): Problem =>
  wrongEntry('there is an entry of this key already', 'make one of the two');

/** Whether two JSON values are the same, whatever the order of members. */
export function samePlain(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  const names = Object.keys(a);
  if (Array.isArray(a) !== Array.isArray(b) || names.length !== Object.keys(b).length) return false;
  return names.every((name) => Object.hasOwn(b, name) && samePlain((a as never)[name], (b as never)[name]));
}

export function isPlainObject(plain: Plain | undefined): plain is PlainObject {
  return typeof plain === 'object' && plain !== null && !Array.isArray(plain);
}
