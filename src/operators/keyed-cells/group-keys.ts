/**
 * The keys of groups: from the key columns of a row to the slot of its group, and back to the values that the result
 * shows. Equal values are one group however they are spelled, null and missing are one, and the spelling
 * seen first is the one that leaves. Texts of a single key column take the hot path: their bytes are the
 * key, hashed by the scanner.
 *
 * In a single column, keys of other kinds than text begin with a byte that no UTF-8 text begins with.
 */
import {
  type Batch,
  type ByteWriter,
  type Column,
  createByteWriter,
  hashBytes,
  Tag,
  writeKeyBytes,
  writeValue,
} from '../../record/index.js';
import {
  addKey,
  addKeys,
  appendToArena,
  createKeyedTable,
  type KeyedTable,
  resetTable,
} from '../../state/index.js';
import { assignRecent, createRecentGroups, type RecentGroups } from './recent-groups.js';

/** The values of one key column, by slot. Spans lie in the arena of the table. */
export interface KeyValues {
  tags: Uint8Array;
  starts: Int32Array;
  lengths: Int32Array;
  numbers: Float64Array;
  spell: Column['spellInstant'];
  /** The bytes of the dictionary that values come from, and by slot where it is in there, and one more; 0: unknown. */
  dictionary: Uint8Array | undefined;
  entries: Int32Array;
}

export interface GroupKeys {
  readonly table: KeyedTable;
  readonly values: readonly KeyValues[];
}

/** How keys are read from batches. */
export interface KeyReader {
  /** The key columns' numbers in the batch. */
  readonly columns: readonly number[];
  /** For each of them: whether the scanner hashes its texts. */
  readonly hashed: readonly boolean[];
  readonly scratch: ByteWriter;
  readonly recent: RecentGroups;
}

const notText = 0xff;
/** What record/key-bytes begins a text with: a byte for the kind, four for the length. */
const textKind = 5;
const textHeadBytes = 5;
const noBytes = new Uint8Array(0);
const noEntries = new Int32Array(0);

export function createKeyReader(columns: readonly number[], hashed: readonly boolean[]): KeyReader {
  return { columns, hashed, scratch: createByteWriter(1 << 10), recent: createRecentGroups() };
}

function createValues(room: number): KeyValues {
  return {
    tags: new Uint8Array(room),
    starts: new Int32Array(room),
    lengths: new Int32Array(room),
    numbers: new Float64Array(room),
    spell: undefined,
    dictionary: undefined,
    entries: noEntries,
  };
}

/** Keys of so many columns; without a table they are of no group yet. */
export function createGroupKeys(columns: number, table: KeyedTable = createKeyedTable()): GroupKeys {
  const values = Array.from({ length: columns }, () => createValues(table.starts.length));
  return { table, values };
}

export function resetKeys(keys: GroupKeys): void {
  for (const { entries } of keys.values) entries.fill(0, 0, keys.table.count);
  resetTable(keys.table);
  const room = keys.table.starts.length;
  for (const values of keys.values) {
    if (values.tags.length > room * 4) Object.assign(values, createValues(room));
  }
}

/** Makes room for the values of every slot that the table has room for. */
export function growValues(values: KeyValues, room: number): void {
  if (values.tags.length >= room) return;
  const { tags, starts, lengths, numbers, spell, dictionary, entries } = values;
  Object.assign(values, createValues(room), { spell, dictionary, entries });
  values.tags.set(tags);
  values.starts.set(starts);
  values.lengths.set(lengths);
  values.numbers.set(numbers);
}

/** The spans of new texts are those of the keys themselves. */
function keepTexts(keys: GroupKeys, before: number): void {
  const { table } = keys;
  const values = keys.values[0]!;
  growValues(values, table.starts.length);
  values.tags.fill(Tag.text, before, table.count);
  values.starts.set(table.starts.subarray(before, table.count), before);
  values.lengths.set(table.lengths.subarray(before, table.count), before);
}

/** What a JSON text is as a span: its tag, and how many quotes to leave out at each end. */
function tagOfJson(first: number): Tag {
  if (first === 0x22) return Tag.escaped;
  if (first === 0x7b) return Tag.object;
  return first === 0x5b ? Tag.array : Tag.exact;
}

/** Keeps the value of a row as it is spelled, in the arena behind the key. */
function keepValue(
  keys: GroupKeys,
  values: KeyValues,
  slot: number,
  column: Column,
  row: number,
  scratch: ByteWriter,
): void {
  const { table } = keys;
  growValues(values, table.starts.length);
  let tag = column.tags[row]! as Tag;
  let bytes = column.bytes;
  let start = column.starts[row]!;
  let length = column.lengths[row]!;
  switch (tag) {
    case Tag.number:
      values.numbers[slot] = column.numbers[row]!;
      break;
    case Tag.instant:
      values.numbers[slot] = column.numbers[row]!;
      values.spell = column.spellInstant;
      length = 0;
      break;
    case Tag.boxed: {
      scratch.length = 0;
      writeValue(column, row, scratch);
      tag = tagOfJson(scratch.bytes[0]!);
      const quote = tag === Tag.escaped ? 1 : 0;
      bytes = scratch.bytes;
      start = quote;
      length = scratch.length - 2 * quote;
      break;
    }
    case Tag.text:
    case Tag.escaped:
    case Tag.raw:
    case Tag.exact:
    case Tag.object:
    case Tag.array:
      break;
    default:
      if (tag === Tag.missing) tag = Tag.null;
      length = 0;
  }
  values.tags[slot] = tag;
  values.starts[slot] = appendToArena(table, bytes, start, length);
  values.lengths[slot] = length;
  if (column.isDictionary) keepEntry(values, slot, column, row);
}

/** Remembers where in a dictionary the value of a slot is. */
function keepEntry(values: KeyValues, slot: number, column: Column, row: number): void {
  if (values.entries.length <= slot) {
    const longer = new Int32Array(values.tags.length);
    longer.set(values.entries);
    values.entries = longer;
  }
  if (values.dictionary !== column.bytes) {
    values.dictionary = column.bytes;
    values.entries.fill(0);
  }
  values.entries[slot] = column.starts[row]! + 1;
}

/** Finds or adds the key of one text of a single column. */
function textSlot(keys: GroupKeys, column: Column, row: number, hash: number): number {
  const { table } = keys;
  const before = table.count;
  const slot = addKey(table, column.bytes, column.starts[row]!, column.lengths[row]!, hash);
  if (slot === before) {
    keepTexts(keys, before);
    keys.values[0]!.tags[slot] = column.tags[row]!;
  }
  return slot;
}

/** The slot of the group of a row, whatever its key holds. */
function slotOfRow(keys: GroupKeys, reader: KeyReader, batch: Batch, row: number): number {
  const { columns, scratch } = reader;
  scratch.length = 0;
  let start = 0;
  if (columns.length === 1) {
    const column = batch.columns[columns[0]!]!;
    const tag = column.tags[row];
    if (tag === Tag.text || tag === Tag.raw) {
      const hashed = reader.hashed[0] && tag === Tag.text;
      const hash = hashed
        ? column.hashes[row]!
        : hashBytes(column.bytes, column.starts[row]!, column.lengths[row]!);
      return textSlot(keys, column, row, hash);
    }
    scratch.bytes[scratch.length++] = notText;
    writeKeyBytes(scratch, column, row);
    if (scratch.bytes[1] === textKind) start = 1 + textHeadBytes;
  } else for (const column of columns) writeKeyBytes(scratch, batch.columns[column]!, row);
  const { table } = keys;
  const before = table.count;
  const length = scratch.length - start;
  const slot = addKey(table, scratch.bytes, start, length, hashBytes(scratch.bytes, start, length));
  if (slot === before) {
    for (let k = 0; k < columns.length; k++) {
      keepValue(keys, keys.values[k]!, slot, batch.columns[columns[k]!]!, row, scratch);
    }
  }
  return slot;
}

function allTexts(tags: Uint8Array, rows: Int32Array, count: number): boolean {
  for (let k = 0; k < count; k++) if (tags[rows[k]!] !== Tag.text) return false;
  return true;
}

/** The slots of the groups of rows[0, count), new groups added: slots are given in order of first arrival. */
export function assignSlots(
  keys: GroupKeys,
  reader: KeyReader,
  batch: Batch,
  rows: Int32Array,
  count: number,
  slots: Int32Array,
): void {
  const { columns } = reader;
  const { table } = keys;
  if (columns.length === 0) {
    if (table.count === 0 && count > 0) addKey(table, noBytes, 0, 0, 0);
    slots.fill(0, 0, count);
    return;
  }
  const first = batch.columns[columns[0]!]!;
  if (columns.length === 1 && reader.hashed[0] && allTexts(first.tags, rows, count)) {
    const before = table.count;
    addKeys(table, first, rows, count, slots);
    if (table.count > before) keepTexts(keys, before);
    return;
  }
  const slotOf = (row: number): number => slotOfRow(keys, reader, batch, row);
  if (columns.length > 1) {
    const its = columns.map((column) => batch.columns[column]!);
    assignRecent(keys, reader.recent, its, reader.hashed, rows, count, slots, slotOf);
  } else for (let k = 0; k < count; k++) slots[k] = slotOf(rows[k]!);
}

/** Adds the key of a slot to other keys, which do not have it; returns its slot there. */
export function copyKey({ table, values }: GroupKeys, slot: number, others: GroupKeys): number {
  const start = table.starts[slot]!;
  const length = table.lengths[slot]!;
  const hash = hashBytes(table.arena, start, length);
  const to = addKey(others.table, table.arena, start, length, hash);
  for (let k = 0; k < values.length; k++) {
    const from = values[k]!;
    const into = others.values[k]!;
    growValues(into, others.table.starts.length);
    into.tags[to] = from.tags[slot]!;
    into.numbers[to] = from.numbers[slot]!;
    into.lengths[to] = from.lengths[slot]!;
    into.spell ??= from.spell;
    into.starts[to] =
      from.starts[slot] === start
        ? others.table.starts[to]!
        : appendToArena(others.table, table.arena, from.starts[slot]!, from.lengths[slot]!);
  }
  return to;
}

/** Keys of the live slots alone, in their order; `moved` gets the new slot of each, -1 for the others. */
export function compactKeys(keys: GroupKeys, live: Uint8Array, moved: Int32Array): GroupKeys {
  const { table } = keys;
  const compact = createGroupKeys(keys.values.length);
  for (let slot = 0; slot < table.count; slot++) {
    moved[slot] = live[slot] === 1 ? copyKey(keys, slot, compact) : -1;
  }
  return compact;
}
