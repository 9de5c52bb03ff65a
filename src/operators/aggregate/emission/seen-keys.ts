/**
 * The keys that were seen, each with the earliest time at which it was: a window that fires gets a group over nothing for
 * each of them that it has no records of and that was there before its end. They are never forgotten; they count among
 * the groups that --max-groups limits.
 */
import type { Batch } from '../../../record/index.js';
import { hashBytes } from '../../../record/index.js';
import {
  findKey,
  readArray,
  readerUnder,
  type SnapshotReader,
  type SnapshotWriter,
  storedLength,
  writeArray,
  writerUnder,
} from '../../../state/index.js';
import { openCells } from '../../keyed-cells/cells.js';
import { assignSlots, copyKey, createGroupKeys, type GroupKeys } from '../../keyed-cells/group-keys.js';
import { readKeys, writeKeys } from '../group-pages.js';
import type { Groups } from '../groups.js';
import { countGroups, type Running } from '../running.js';

export interface SeenKeys {
  keys: GroupKeys;
  /** Epoch ms, by slot. */
  firsts: number[];
}

export function createSeenKeys(running: Running): SeenKeys {
  return { keys: createGroupKeys(running.reader.columns.length), firsts: [] };
}

const rows = new Int32Array(1);
const slots = new Int32Array(1);

/** Takes note of the key of a row. */
export function noteKey(seen: SeenKeys, running: Running, batch: Batch, row: number): void {
  const { firsts, keys } = seen;
  rows[0] = row;
  assignSlots(keys, running.reader, batch, rows, 1, slots);
  const slot = slots[0]!;
  const time = batch.times[row]!;
  if (slot === firsts.length) {
    firsts.push(time);
    countGroups(running, 1);
  } else if (time < firsts[slot]!) firsts[slot] = time;
}

function hasKey({ table, values }: GroupKeys, slot: number, { table: others }: GroupKeys): boolean {
  // Without columns there is one key.
  if (values.length === 0) return others.count > 0;
  const start = table.starts[slot]!;
  const length = table.lengths[slot]!;
  return findKey(others, table.arena, start, length, hashBytes(table.arena, start, length)) >= 0;
}

/** Opens a group in the table of a window that ends at `end` for each key that it has none of. */
export function addMissing({ keys, firsts }: SeenKeys, running: Running, groups: Groups, end: number): void {
  const into = groups.keys;
  for (let slot = 0; slot < firsts.length; slot++) {
    if (firsts[slot]! >= end) continue;
    if (hasKey(keys, slot, into)) continue;
    const to = copyKey(keys, slot, into);
    openCells(groups.cells, to, to + 1);
    countGroups(running, 1);
  }
}

export function writeSeen(into: SnapshotWriter, { keys, firsts }: SeenKeys): void {
  writeKeys(writerUnder(into, 'seen/'), keys);
  writeArray(into, 'seen.firsts', Float64Array.from(firsts));
}

export function readSeen(from: SnapshotReader, running: Running): SeenKeys {
  const keys = readKeys(readerUnder(from, 'seen/'), running.reader.columns.length);
  const firsts = new Float64Array(storedLength(from, 'seen.firsts', 8));
  readArray(from, 'seen.firsts', firsts);
  return { keys, firsts: [...firsts] };
}
