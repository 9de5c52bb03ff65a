/**
 * How many records of each key there were in a window, up to a limit: a table of key bytes, and a number for each. With a
 * spill, keys that memory is not to hold lie outside it, and come back when a record has one of them.
 */
import { hashBytes, takeDouble } from '../../record/index.js';
import {
  addKey,
  misfit,
  readerUnder,
  readInts,
  readTable,
  type SnapshotReader,
  type SnapshotWriter,
  type SpillSpace,
  writeArray,
  writerUnder,
  writeTable,
} from '../../state/index.js';
import { type Cells, createCells, openCells, resetCells } from '../keyed-cells/cells.js';
import { createGroupKeys, type GroupKeys, resetKeys } from '../keyed-cells/group-keys.js';
import { arrayBytes } from '../keyed-cells/group-memory.js';
import { takeKey } from '../keyed-cells/group-record.js';
import type { SpillableTable, TableCare } from '../keyed-cells/relief.js';
import { bringBack, recordOf, type SpilledGroups, slotsInMemory } from '../keyed-cells/spilled-groups.js';
import { readSpilled, writeSpilled } from '../keyed-cells/spilled-pages.js';
import type { TableSpill } from '../keyed-cells/table-spill.js';

/** The keys of a window; the cell of each is its count. */
export interface Counts extends SpillableTable {
  readonly start: number;
  readonly end: number;
  keys: GroupKeys;
  cells: Cells;
}

export type CountSpill = TableSpill<Counts>;

const plan = { initial: [0], lists: [] };

export function createCounts(start: number, end: number, keys = createGroupKeys(0)): Counts {
  return { start, end, keys, cells: createCells(plan, keys.table.count), spilled: undefined };
}

/** What keeps counts within their memory has to know of them. */
export const countCare: TableCare<Counts> = {
  plan,
  bytesOf: arrayBytes,
  empty({ keys, cells }) {
    resetCells(cells, keys.table.count);
    resetKeys(keys);
  },
  renew(counts) {
    counts.keys = createGroupKeys(0);
    counts.cells = createCells(plan);
  },
};

/** How many keys there are, in memory or not. */
export function keyCount({ keys, spilled }: Counts): number {
  return spilled === undefined ? keys.table.count : spilled.count;
}

/** The slot of a key: brought back into memory, or new, if it has to be. */
export function slotOf(
  counts: Counts,
  bytes: Uint8Array,
  length: number,
  spill: CountSpill | undefined,
): number {
  const { keys, cells, spilled } = counts;
  const before = keys.table.count;
  const slot = addKey(keys.table, bytes, 0, length, hashBytes(bytes, 0, length));
  if (slot < before) return slot;
  openCells(cells, before, before + 1);
  if (spilled !== undefined) bringBack(spill!.space, spilled, counts, plan, before);
  return slot;
}

/** The keys of all windows. */
export function keysIn(open: ReadonlyMap<string, Counts>): number {
  let keys = 0;
  for (const counts of open.values()) keys += keyCount(counts);
  return keys;
}

/** A key and how many of its records there were. */
export interface KeyCount {
  readonly key: Buffer;
  readonly count: number;
}

function inSlot({ keys: { table }, cells }: Counts, slot: number): KeyCount {
  const from = table.starts[slot]!;
  const key = Buffer.from(table.arena.subarray(from, from + table.lengths[slot]!));
  return { key, count: cells.numbers[slot]! };
}

function outside(space: SpillSpace, spilled: SpilledGroups, number: number): KeyCount {
  const record = recordOf(space, spilled, number);
  return { key: Buffer.from(takeKey(record)), count: takeDouble(record) };
}

/** All keys, wherever they are, in the order of their first records. */
export function* allCounts(counts: Counts, spill: CountSpill | undefined): Generator<KeyCount> {
  const { spilled } = counts;
  const { count } = counts.keys.table;
  if (spilled === undefined) {
    for (let slot = 0; slot < count; slot++) yield inSlot(counts, slot);
    return;
  }
  const slots = slotsInMemory(spilled, count);
  for (let number = 0; number < spilled.count; number++) {
    const slot = slots[number]! - 1;
    yield slot < 0 ? outside(spill!.space, spilled, number) : inSlot(counts, slot);
  }
}

/** Writes each window under its bounds. */
export function writeCounts(into: SnapshotWriter, open: ReadonlyMap<string, Counts>): void {
  for (const [name, { keys, cells, spilled }] of open) {
    const { table } = keys;
    const under = writerUnder(into, `windows/${name}/`);
    writeTable(under, table);
    writeArray(under, 'counts', new Int32Array(cells.numbers.subarray(0, table.count)));
    writeSpilled(writerUnder(under, 'spilled/'), spilled, table.count);
  }
}

export function readCounts(
  from: SnapshotReader,
  open: Map<string, Counts>,
  spill: CountSpill | undefined,
): void {
  const names = from.sections.flatMap((section) => /^windows\/(-?\d+\/-?\d+)\//.exec(section)?.[1] ?? []);
  for (const name of new Set(names)) {
    const [start, end] = name.split('/').map(Number) as [number, number];
    const under = readerUnder(from, `windows/${name}/`);
    const table = readTable(under);
    const numbers = readInts(under, 'counts');
    if (numbers.length !== table.count) throw misfit('counts', 'does not fit the keys');
    const counts = createCounts(start, end, createGroupKeys(0, table));
    counts.cells.numbers.set(numbers);
    counts.spilled = readSpilled(readerUnder(under, 'spilled/'), spill);
    open.set(name, counts);
  }
}
