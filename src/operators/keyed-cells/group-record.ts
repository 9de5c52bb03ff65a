/**
 * A group as bytes and back, exactly: its key, the values that the key is shown as, its numbers and the things of its lists.
 * Knows nothing of where the bytes are kept.
 */
import {
  type ByteReader,
  type ByteWriter,
  hashBytes,
  putByte,
  putCount,
  putDouble,
  Tag,
  takeByte,
  takeDouble,
  takeSpan,
  writeBytes,
} from '../../record/index.js';
import { addKey, appendToArena, type KeyedTable } from '../../state/index.js';
import { type CellPlan, type Cells, keep, openCells } from './cells.js';
import { type GroupKeys, growValues, type KeyValues } from './group-keys.js';

/** The groups that a record is of or for. */
export interface KeyedCells {
  readonly keys: GroupKeys;
  readonly cells: Cells;
}

/** How the value of a key column is written: it has no span, that of the key itself, or one of its own. */
const Span = { none: 0, key: 1, own: 2 };

function writeArena(out: ByteWriter, table: KeyedTable, start: number, length: number): void {
  putCount(out, length);
  writeBytes(out, table.arena, start, start + length);
}

function writeValue(out: ByteWriter, table: KeyedTable, values: KeyValues, slot: number): void {
  const tag = values.tags[slot]!;
  putByte(out, tag);
  if (tag === Tag.number || tag === Tag.instant) putDouble(out, values.numbers[slot]!);
  const start = values.starts[slot]!;
  const length = values.lengths[slot]!;
  if (length === 0) putByte(out, Span.none);
  else if (start === table.starts[slot] && length === table.lengths[slot]) putByte(out, Span.key);
  else {
    putByte(out, Span.own);
    writeArena(out, table, start, length);
  }
}

/** Appends the key of a slot, and the values that it is shown as. */
export function writeGroupKey(out: ByteWriter, { table, values: columns }: GroupKeys, slot: number): void {
  writeArena(out, table, table.starts[slot]!, table.lengths[slot]!);
  for (const values of columns) writeValue(out, table, values, slot);
}

/** Appends the record of the group in a slot. */
export function writeGroup(out: ByteWriter, { keys, cells }: KeyedCells, plan: CellPlan, slot: number): void {
  writeGroupKey(out, keys, slot);
  const first = slot * cells.stride;
  for (let field = 0; field < cells.stride; field++) putDouble(out, cells.numbers[first + field]!);
  plan.lists.forEach((codec, list) => {
    const thing = cells.kept[list]![slot];
    putByte(out, thing === undefined ? 0 : 1);
    if (thing !== undefined) codec.write(out, thing);
  });
}

/** The key of a record that is read from its beginning. */
export function takeKey(from: ByteReader): Buffer {
  return takeSpan(from);
}

function takeValue(from: ByteReader, table: KeyedTable, values: KeyValues, slot: number): void {
  const tag = takeByte(from);
  values.tags[slot] = tag;
  if (tag === Tag.number || tag === Tag.instant) values.numbers[slot] = takeDouble(from);
  const span = takeByte(from);
  values.starts[slot] = table.starts[slot]!;
  values.lengths[slot] = span === Span.none ? 0 : table.lengths[slot]!;
  if (span !== Span.own) return;
  const bytes = takeSpan(from);
  values.starts[slot] = appendToArena(table, bytes, 0, bytes.length);
  values.lengths[slot] = bytes.length;
}

/** Reads the rest of a record, behind its key, into the slot of the key, whose cells have been opened. */
export function takeGroup(from: ByteReader, { keys, cells }: KeyedCells, plan: CellPlan, slot: number): void {
  for (const values of keys.values) takeValue(from, keys.table, values, slot);
  const first = slot * cells.stride;
  for (let field = 0; field < cells.stride; field++) cells.numbers[first + field] = takeDouble(from);
  plan.lists.forEach((codec, list) => {
    if (takeByte(from) === 1) keep(cells.kept[list]!, slot, codec.read(from));
  });
}

/** Finds or adds the key of a record, which is read from its beginning; returns its slot. */
function addGroupKey(from: ByteReader, { table, values: columns }: GroupKeys): number {
  const key = takeKey(from);
  const slot = addKey(table, key, 0, key.length, hashBytes(key, 0, key.length));
  for (const values of columns) growValues(values, table.starts.length);
  return slot;
}

/** Adds a key that writeGroupKey has written, with its values, if it is not there; returns its slot. */
export function takeGroupKey(from: ByteReader, keys: GroupKeys): number {
  const before = keys.table.count;
  const slot = addGroupKey(from, keys);
  if (slot === before) for (const values of keys.values) takeValue(from, keys.table, values, slot);
  return slot;
}

/** Adds the group of a record, which is read from its beginning; returns its slot. The key must be new. */
export function addGroup(from: ByteReader, groups: KeyedCells, plan: CellPlan): number {
  const { keys, cells } = groups;
  const slot = addGroupKey(from, keys);
  openCells(cells, slot, slot + 1);
  takeGroup(from, groups, plan, slot);
  return slot;
}
