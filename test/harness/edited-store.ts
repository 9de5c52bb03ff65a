/** A store made of the entries of another one, as `leat state export` and `leat state edit` do it. */
import {
  type EntryLines,
  inspectState,
  replaceEntries,
  type StateEntry,
} from '../../src/backends/local/index.js';
import { exactLine } from '../../src/cli/tools/state-entries.js';
import type { Disk } from '../../src/disk/index.js';
import { beginEditedStore, readStore } from '../../src/state/index.js';
import { createClock, holdersOf } from './state/store.js';

const nothing = (): void => {};

/** The entries of the newest checkpoint of a store, as lines of an exact export. */
export async function exactLines(disk: Disk, store: string): Promise<string[]> {
  const { newest } = await readStore(disk, store, holdersOf(1));
  const { operators, close } = await inspectState(newest!, disk, nothing);
  const lines = operators.flatMap(({ entries }) =>
    Array.from(entries?.() ?? [], (entry: StateEntry) => exactLine(entry)),
  );
  await close();
  return lines;
}

/** Begins a store with the newest checkpoint of another one and these entries; resolves to how many there were. */
export async function editStore(
  disk: Disk,
  store: string,
  target: string,
  lines: EntryLines['lines'],
): Promise<number> {
  const { job, newest } = await readStore(disk, store, holdersOf(1));
  const { operators, close } = await inspectState(newest!, disk, nothing);
  const edited = operators.filter(({ entries }) => entries !== undefined);
  try {
    const count = await replaceEntries(edited, { source: 'lines', lines });
    const pages = new Map(edited.map(({ uid, snapshot }) => [uid, snapshot]));
    const options = { job, holders: holdersOf(1), clock: createClock() };
    await beginEditedStore(disk, target, newest!, { name: 'edited', operators: pages }, options);
    return count;
  } finally {
    await close();
  }
}

/** The same with the entries that it has. */
export async function editStoreUnchanged(disk: Disk, store: string, target: string): Promise<number> {
  return await editStore(disk, store, target, await exactLines(disk, store));
}
