/**
 * The groups of one table that do not all fit into memory. Every group has a sequence number, in order of first arrival. When
 * the table in memory is emptied, groups that were new in it are written in pages of neighbours, and those that had
 * been written before get records of their own, which hold from then on. A group that gets a row again is read
 * back first, so accumulators see the same rows in the same order as if nothing had ever left memory.
 */
import {
  type ByteReader,
  type ByteWriter,
  type Column,
  createByteReader,
  createByteWriter,
  hashBytes,
  isAtEnd,
  putCount,
  takeSpan,
  writeBytes,
} from '../../record/index.js';
import { misfit, type SpillSpace } from '../../state/index.js';
import type { CellPlan } from './cells.js';
import { addToDirectory, createDirectory, findInDirectory, type GroupDirectory } from './group-directory.js';
import { type KeyedCells, takeGroup, takeKey, writeGroup } from './group-record.js';

export interface SpilledGroups {
  /** Begins all keys of the table in the space; never used again. */
  readonly id: number;
  /** Groups so far. Those from directory.count on are in memory alone. */
  count: number;
  /** The groups that have been written; what is in memory of them holds. */
  readonly directory: GroupDirectory;
  /** A bit for each group: whether it has a record of its own. */
  alone: Uint8Array;
  /** Sequence numbers by slot of the table in memory. */
  sequences: Int32Array;
  /** How instants among the keys are spelled, by key column. */
  readonly spells: Column['spellInstant'][];
  /** The page that was read last. */
  page: { readonly number: number; readonly records: readonly Buffer[] } | undefined;
}

const pageGroups = 32;

/** The table of the groups that are in memory now: slot s has number s. */
export function createSpilled(id: number, groups: KeyedCells): SpilledGroups {
  const { count } = groups.keys.table;
  return {
    id,
    count,
    directory: createDirectory(),
    alone: new Uint8Array(0),
    sequences: Int32Array.from({ length: count }, (_, slot) => slot),
    spells: groups.keys.values.map(({ spell }) => spell),
    page: undefined,
  };
}

const Kind = { page: 0, alone: 1 };

const idBytes = 6;
const keyBytes = Buffer.alloc(idBytes + 1 + idBytes);

function keyOf(id: number, kind: number, number: number): Buffer {
  keyBytes.writeUIntBE(id, 0, idBytes);
  keyBytes[idBytes] = kind;
  keyBytes.writeUIntBE(number, idBytes + 1, idBytes);
  return keyBytes;
}

/** What all keys of a table begin with. */
export function prefixOf(id: number): Buffer {
  const prefix = Buffer.alloc(idBytes);
  prefix.writeUIntBE(id, 0, idBytes);
  return prefix;
}

function isAlone({ alone }: SpilledGroups, number: number): boolean {
  return ((alone[number >> 3] ?? 0) & (1 << (number & 7))) !== 0;
}

function setAlone(spilled: SpilledGroups, number: number): void {
  const at = number >> 3;
  if (at >= spilled.alone.length) {
    const grown = new Uint8Array(Math.max(at + 1, (spilled.count >> 3) + 1));
    grown.set(spilled.alone);
    spilled.alone = grown;
  }
  spilled.alone[at]! |= 1 << (number & 7);
}

function readSpace(space: SpillSpace, key: Uint8Array): ByteReader {
  const value = space.get(key);
  if (value === undefined) throw misfit('groups on disk', 'has no record of a group');
  return createByteReader(value);
}

function readPage(space: SpillSpace, spilled: SpilledGroups, number: number): readonly Buffer[] {
  if (spilled.page?.number !== number) {
    const page = readSpace(space, keyOf(spilled.id, Kind.page, number));
    const records: Buffer[] = [];
    while (!isAtEnd(page)) records.push(takeSpan(page));
    spilled.page = { number, records };
  }
  return spilled.page!.records;
}

/** The record of a group that has been written. */
export function recordOf(space: SpillSpace, spilled: SpilledGroups, number: number): ByteReader {
  if (isAlone(spilled, number)) return readSpace(space, keyOf(spilled.id, Kind.alone, number));
  const record = readPage(space, spilled, Math.floor(number / pageGroups))[number % pageGroups];
  if (record === undefined) throw misfit('groups on disk', 'has a page that is too short');
  return createByteReader(record);
}

function isKey(record: ByteReader, arena: Uint8Array, start: number, length: number): boolean {
  const key = takeKey(record);
  if (key.length !== length) return false;
  let index = 0;
  while (index < length && key[index] === arena[start + index]) index++;
  return index === length;
}

/**
 * Brings back those of the groups in slots [before, after), new in memory, that have been written, and numbers the others.
 * Returns how many came back. The cells of the slots have been opened.
 */
export function bringBack(
  space: SpillSpace,
  spilled: SpilledGroups,
  groups: KeyedCells,
  plan: CellPlan,
  before: number,
): number {
  const { table } = groups.keys;
  if (table.count > spilled.sequences.length) {
    const grown = new Int32Array(table.starts.length);
    grown.set(spilled.sequences);
    spilled.sequences = grown;
  }
  groups.keys.values.forEach((values, column) => {
    values.spell ??= spilled.spells[column];
  });
  let back = 0;
  for (let slot = before; slot < table.count; slot++) {
    const start = table.starts[slot]!;
    const length = table.lengths[slot]!;
    let record: ByteReader | undefined;
    const number = findInDirectory(spilled.directory, hashBytes(table.arena, start, length), (candidate) => {
      record = recordOf(space, spilled, candidate);
      return isKey(record, table.arena, start, length);
    });
    if (number < 0) spilled.sequences[slot] = spilled.count++;
    else {
      takeGroup(record!, groups, plan, slot);
      spilled.sequences[slot] = number;
      back++;
    }
  }
  return back;
}

/** Slot + 1 of each group by its number, where the first so many slots are taken; 0 for those that are not in memory. */
export function slotsInMemory({ sequences, count }: SpilledGroups, taken: number): Int32Array {
  const slots = new Int32Array(count);
  for (let slot = 0; slot < taken; slot++) slots[sequences[slot]!] = slot + 1;
  return slots;
}

/** A writing out of a table that is under way. */
export interface Writing {
  /** The next slot. */
  slot: number;
  readonly record: ByteWriter;
  readonly page: ByteWriter;
}

export function beginWriting(): Writing {
  return { slot: 0, record: createByteWriter(1 << 10), page: createByteWriter(1 << 12) };
}

function putPage(space: SpillSpace, { id }: SpilledGroups, { page }: Writing, number: number): void {
  if (page.length === 0) return;
  space.put(keyOf(id, Kind.page, number), page.bytes.subarray(0, page.length));
  page.length = 0;
}

/**
 * Writes about so many bytes of the groups in memory. Returns whether there are more; when there are none, the owner
 * empties the table. Only at rest, and nothing is brought back in between.
 */
export function writeSome(
  space: SpillSpace,
  spilled: SpilledGroups,
  groups: KeyedCells,
  plan: CellPlan,
  writing: Writing,
  mostBytes: number,
): boolean {
  const { keys } = groups;
  const { table } = keys;
  const { record, page } = writing;
  let written = 0;
  spilled.page = undefined;
  for (; writing.slot < table.count && written < mostBytes; writing.slot++) {
    const number = spilled.sequences[writing.slot]!;
    record.length = 0;
    writeGroup(record, groups, plan, writing.slot);
    written += record.length;
    const isNew = number >= spilled.directory.count;
    if (isNew) {
      const start = table.starts[writing.slot]!;
      addToDirectory(spilled.directory, hashBytes(table.arena, start, table.lengths[writing.slot]!));
    }
    // A page is written once: its first group begins it.
    if (isNew && (number % pageGroups === 0 || page.length > 0)) {
      putCount(page, record.length);
      writeBytes(page, record.bytes, 0, record.length);
      if (number % pageGroups === pageGroups - 1) {
        putPage(space, spilled, writing, Math.floor(number / pageGroups));
      }
    } else {
      space.put(keyOf(spilled.id, Kind.alone, number), record.bytes.subarray(0, record.length));
      setAlone(spilled, number);
    }
  }
  if (writing.slot < table.count) return true;
  putPage(space, spilled, writing, Math.floor((spilled.count - 1) / pageGroups));
  keys.values.forEach(({ spell }, column) => {
    spilled.spells[column] = spell;
  });
  return false;
}
