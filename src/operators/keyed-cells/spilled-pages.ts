/**
 * What a checkpoint keeps of a table that is partly in the spill space: which groups are there, and the numbers of those
 * in memory. The records themselves are kept with the files of the space.
 */
import { problem } from '../../diagnostics/index.js';
import {
  readArray,
  readFacts,
  readInts,
  type SnapshotReader,
  type SnapshotWriter,
  storedLength,
  writeArray,
  writeFacts,
} from '../../state/index.js';
import { formFromName, formName, formOfSpeller, spellInstant } from '../../time/index.js';
import { createDirectory } from './group-directory.js';
import type { SpilledGroups } from './spilled-groups.js';
import type { WrittenTables } from './table-spill.js';

/** The names of the forms, one a key column; empty for none. */
function formsOf({ spells }: SpilledGroups): string {
  const names = spells.map((spell) => {
    const form = spell === undefined ? undefined : formOfSpeller(spell);
    return form === undefined ? '' : formName(form);
  });
  return JSON.stringify(names);
}

function spellsFrom(forms: string): SpilledGroups['spells'] {
  const names = JSON.parse(forms) as readonly string[];
  return names.map((name) => (name === '' ? undefined : spellInstant(formFromName(name))));
}

/** Writes what is known of a table; nothing when all of it is in memory. */
export function writeSpilled(
  into: SnapshotWriter,
  spilled: SpilledGroups | undefined,
  inMemory: number,
): void {
  if (spilled === undefined) return;
  const { id, count, directory } = spilled;
  writeFacts(into, { id, count, forms: formsOf(spilled) });
  writeArray(into, 'hashes', directory.hashes, directory.count);
  const alone = new Uint8Array((directory.count >> 3) + 1);
  alone.set(spilled.alone.subarray(0, alone.length));
  writeArray(into, 'alone', alone);
  writeArray(into, 'numbers', spilled.sequences, inMemory);
}

/** Reads it back. Throws a problem of the code state when there is something and no space to go on in. */
export function readSpilled(
  from: SnapshotReader,
  spill: WrittenTables | undefined,
): SpilledGroups | undefined {
  if (from.pageCount('facts') === 0) return undefined;
  if (spill === undefined) {
    throw problem({
      code: 'state',
      message: 'part of the state lies on disk, where the backend disk has put it',
      hint: 'add --state-backend disk',
    });
  }
  const { id, count, forms } = readFacts(from, { id: 0, count: 0, forms: '' });
  const alone = new Uint8Array(storedLength(from, 'alone', 1));
  readArray(from, 'alone', alone);
  return {
    id,
    count,
    directory: createDirectory(Int32Array.from(readInts(from, 'hashes'))),
    alone,
    sequences: readInts(from, 'numbers'),
    spells: spellsFrom(forms),
    page: undefined,
  };
}
