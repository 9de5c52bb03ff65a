/**
 * The numbers of things in entries, by which their order is kept: each once. A thing that a person adds need not have one
 * and comes after all that do, in the order of the lines.
 */
import { type Plain, wrongEntry } from './entry.js';

export interface EntryNumbers {
  /** Looks at a number that an entry gives; undefined when it gives none. */
  take(plain: Plain | undefined): number | undefined;
  /** A number after all that were taken; to be asked for when all have been. */
  next(): number;
  /** Things in the order of their numbers, those without one behind the others; when all have been taken. */
  inOrder<Draft extends Unnumbered>(drafts: Iterable<Draft>): readonly Numbered<Draft>[];
}

/** A thing that may be new. */
interface Unnumbered {
  readonly number: number | undefined;
}

type Numbered<Draft> = Omit<Draft, 'number'> & { readonly number: number };

export function createEntryNumbers(): EntryNumbers {
  const taken = new Set<number>();
  let after = 0;
  const next = (): number => after++;
  return {
    take(plain) {
      if (plain === undefined) return undefined;
      if (typeof plain !== 'number' || !Number.isSafeInteger(plain) || plain < 0) {
        throw wrongEntry(
          `${JSON.stringify(plain)} is not a number of the order`,
          'number is a whole number that is not below 0; what is new needs none',
        );
      }
      if (taken.has(plain)) {
        throw wrongEntry(`the number ${plain} is there twice`, 'leave the number of one of them out');
      }
      taken.add(plain);
      after = Math.max(after, plain + 1);
      return plain;
    },
    next,
    inOrder: (drafts) =>
      Array.from(drafts, (draft) => ({ ...draft, number: draft.number ?? next() })).sort(
        (a, b) => a.number - b.number,
      ),
  };
}
