/**
 * Fields that are asked for and that no record has. A missing field is null, so a misspelt name gives an answer, only not the
 * one that was meant; when a run ends, this says so. It looks at the tags of a column, batch by batch, until a record
 * has the field, which is nearly always the first: nothing is done for each record.
 */
import { nearest } from '../../diagnostics/index.js';
import { type Batch, type Path, recordText, spellPath, Tag } from '../../record/index.js';
import type { AskedField } from './asked-fields.js';

/** Sees each batch of some records. */
export type BatchWatch = (batch: Batch) => void;

export interface UnseenFields {
  /** What is to see the batches in which fields are looked for; undefined when there is nothing to look for. */
  watch(asked: readonly AskedField[], of?: string): BatchWatch | undefined;
  /** Says which fields have not been seen, when reading is over; `isWhole`: of an input that has ended. */
  say(isWhole: boolean): void;
}

/** For runs that begin in the middle: others have seen the records before. */
export const watchNothing: UnseenFields = { watch: () => undefined, say() {} };

export interface UnseenFieldsOptions {
  say(line: string): void;
  readonly clock: () => number;
}

/** A stream may go on for ever: so many records and so long after the first, what is missing is said at once. */
const enoughRecords = 100;
const enoughMs = 10_000;

/** Names of the first record that are listed. */
const mostListed = 12;

function hasField({ columns, count }: Batch, column: number): boolean {
  const { tags } = columns[column]!;
  for (let row = 0; row < count; row++) if (tags[row] !== Tag.missing) return true;
  return false;
}

/** The part of a record that has the members among which the last known step of a path was looked for. */
function deepestObject(record: unknown, path: Path): { readonly prefix: Path; readonly names: string[] } {
  let found: { prefix: Path; names: string[] } = { prefix: [], names: [] };
  let value = record;
  for (let depth = 0; typeof value === 'object' && value !== null; depth++) {
    if (!Array.isArray(value)) found = { prefix: path.slice(0, depth), names: Object.keys(value) };
    const step = path[depth];
    if (step === undefined || !Object.hasOwn(value, step)) break;
    value = (value as Record<string | number, unknown>)[step];
  }
  return found;
}

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, mostListed).map((name) => spellPath([name]));
  const more = names.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What a first record has to say about a field that nobody has. */
function adviceOn(path: Path, first: string): string {
  const { prefix, names } = deepestObject(JSON.parse(first), path);
  const wanted = String(path[prefix.length]);
  // Of a letter or two every other is near.
  const near = wanted.length < 3 ? undefined : nearest(wanted, names);
  const meant = near === undefined ? '' : `did you mean ${spellPath([...prefix, near])}? `;
  const where = prefix.length === 0 ? '' : ` in ${spellPath(prefix)}`;
  const what = names.length === 0 ? ' no fields' : `: ${listOf(names)}`;
  return `${meant}the first record has${where}${what}`;
}

interface Looking {
  readonly of: string | undefined;
  unseen: readonly AskedField[];
  records: number;
  /** Of the first batch, when it left something unseen. */
  first: string;
  sinceMs: number;
}

export function createUnseenFields({ say, clock }: UnseenFieldsOptions): UnseenFields {
  const all: Looking[] = [];
  const told = new Set<string>();

  const tell = (looking: Looking, soFar: string): void => {
    const { of, unseen, first, records } = looking;
    looking.unseen = [];
    if (records === 0) return;
    const whose = of === undefined ? '' : ` of ${of}`;
    for (const { path, by } of unseen) {
      const name = spellPath(path);
      const known = JSON.stringify([of, name]);
      if (told.has(known)) continue;
      told.add(known);
      const steps = [...by].join(', ');
      say(`leat: no record${whose}${soFar} has a field ${name} (${steps}); ${adviceOn(path, first)}`);
    }
  };

  return {
    watch(asked, of) {
      if (asked.length === 0) return undefined;
      const looking: Looking = { of, unseen: asked, records: 0, first: '', sinceMs: 0 };
      // Chains are put together from the end.
      all.unshift(looking);
      return (batch) => {
        if (looking.unseen.length === 0) return;
        looking.unseen = looking.unseen.filter(({ column }) => !hasField(batch, column));
        if (looking.unseen.length === 0) return;
        if (looking.records === 0) {
          looking.first = recordText(batch, 0);
          looking.sinceMs = clock();
        }
        looking.records += batch.count;
        if (looking.records >= enoughRecords && clock() - looking.sinceMs >= enoughMs)
          tell(looking, ' so far');
      };
    },
    say(isWhole) {
      for (const looking of all) tell(looking, isWhole ? '' : ' so far');
    },
  };
}
