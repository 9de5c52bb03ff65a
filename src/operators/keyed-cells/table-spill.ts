/** What an operator with tables knows of its spill space, and what of it a checkpoint must keep. */
import {
  readArray,
  type SnapshotReader,
  type SnapshotWriter,
  type Spill,
  storedLength,
  writeArray,
} from '../../state/index.js';
import type { Relieving, SpillableTable } from './relief.js';
import { prefixOf } from './spilled-groups.js';

/** The tables that were written out, by what names them. */
export interface WrittenTables extends Spill {
  /** Names the next table that is written out. */
  nextId: number;
  /** Tables that were dropped since the run last rested: a checkpoint of this chunk still holds them. */
  dropped: number[];
}

export interface TableSpill<Table extends SpillableTable> extends WrittenTables {
  /** What is being written out. */
  relieving: Relieving<Table> | undefined;
}

export function createTableSpill<Table extends SpillableTable>(spill: Spill): TableSpill<Table> {
  return {
    space: spill.space,
    // It may change when other operators of the run are known.
    get memoryBytes() {
      return spill.memoryBytes;
    },
    nextId: 0,
    dropped: [],
    relieving: undefined,
  };
}

/** Drops what was written of a table. */
export function dropTable(spill: WrittenTables, id: number): void {
  spill.dropped.push(id);
  spill.space.forget(prefixOf(id));
}

/** Begins anew, for a state that is to be written where nothing lies on disk. */
export function forgetSpilled(spill: WrittenTables | undefined): void {
  if (spill === undefined) return;
  spill.nextId = 0;
  spill.dropped.length = 0;
}

const section = 'spill';

/** Nothing is written while nothing was ever written out. */
export function writeSpill(into: SnapshotWriter, spill: WrittenTables | undefined): void {
  if (spill === undefined || spill.nextId === 0) return;
  writeArray(into, section, Float64Array.of(spill.nextId, ...spill.dropped));
}

export function readSpill(from: SnapshotReader, spill: WrittenTables | undefined): void {
  if (spill === undefined) return;
  const facts = new Float64Array(storedLength(from, section, 8));
  if (readArray(from, section, facts) === 0) return;
  spill.nextId = facts[0]!;
  for (const id of facts.subarray(1)) dropTable(spill, id);
}
