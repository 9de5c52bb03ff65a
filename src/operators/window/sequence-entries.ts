/**
 * Entries of operators that are one: those of each, one after the other. Where several keep something by key, the one keeps
 * records and the other groups, which the state of an entry tells apart.
 */
import type { EntryEditor, ShownEntry } from '../entry.js';
import type { Operator } from '../operator.js';

/** Whether an entry that has this state is one of records. */
const ofRecords = (state: object): boolean => 'records' in state;

function* showAll(operators: readonly Operator[]): Generator<ShownEntry> {
  for (const operator of operators) yield* operator.entries!();
}

function editAll(operators: readonly Operator[]): EntryEditor {
  const [front, behind] = operators.map((operator) => operator.edit!());
  if (behind === undefined) return front!;
  return {
    add(entry) {
      (ofRecords(entry.state) ? front! : behind).add(entry);
    },
    finish() {
      front!.finish();
      behind.finish();
    },
  };
}

/** The hooks of a sequence; none when nothing in it keeps anything by key. */
export function entriesInSequence(operators: readonly Operator[]): Pick<Operator, 'entries' | 'edit'> {
  const shows = operators.filter(({ entries, edit }) => entries !== undefined && edit !== undefined);
  if (shows.length === 0) return {};
  return { entries: () => showAll(shows), edit: () => editAll(shows) };
}
