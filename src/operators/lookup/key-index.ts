/**
 * The keys of a table: from the key of a record to the first row that has it, and from each row to the next one of the same
 * key. Rows stand in the order of the file. A single text is its own bytes, hashed by the scanner already; any other key is
 * spelled as record/key-bytes does, behind a byte that no text begins with. Null is in no key.
 *
 * A number is equal to a text that spells it, as in expressions, though two texts that spell one number are not. Where a
 * table or a record mixes the two, keys are found by their numbers and then held against the values one by one.
 */
import { parseNumber } from '../../expression/index.js';
import {
  type Batch,
  type ByteWriter,
  type Column,
  createByteWriter,
  createColumn,
  hashBytes,
  Tag,
  textOf,
  writeKeyBytes,
} from '../../record/index.js';
import { addKey, createKeyedTable, findKey, findKeys, type KeyedTable } from '../../state/index.js';
import { createShortKeys, findShortKeys, type ShortKeys } from './short-keys.js';

interface Chains {
  readonly table: KeyedTable;
  /** By slot. */
  firsts: Int32Array;
  lasts: Int32Array;
  /** By row: the next one of the same key, or -1. */
  readonly nexts: Int32Array;
  /** Whether the key of each row is new, so that its slot is its number. */
  inOrder: boolean;
  /** Whether no two rows have one key. */
  unique: boolean;
}

export interface KeyIndex {
  readonly keys: readonly Column[];
  readonly rows: number;
  /** The texts of the only key, if they are short. */
  readonly short: ShortKeys | undefined;
  /** Rows by their keys; where there are short ones, made when it is first needed. */
  exact: Chains | undefined;
  /** Rows by their keys with texts that spell numbers taken for those; made when it is first needed. */
  byNumber: Chains | undefined;
  /** For each part of the key: whether rows have numbers there. */
  readonly numbers: readonly boolean[];
  /** The same of texts that spell numbers; found out when it is first needed. */
  numberTexts: readonly boolean[] | undefined;
  readonly scratch: ByteWriter;
  readonly spare: Column;
}

const notText = 0xff;
/** What record/key-bytes begins a text with: a byte for the kind, four for the length. */
const textKind = 5;
const textHeadBytes = 5;

function createChains(room: number): Chains {
  const table = createKeyedTable(room);
  const slots = table.starts.length;
  return {
    table,
    firsts: new Int32Array(slots),
    lasts: new Int32Array(slots),
    nexts: new Int32Array(room).fill(-1),
    inOrder: true,
    unique: true,
  };
}

/** Texts that are their own bytes. */
const isPlain = (tag: number): boolean => tag === Tag.text || tag === Tag.raw;

const isNumber = (tag: number): boolean => tag === Tag.number || tag === Tag.exact;

/** The text of a value, if it is one. */
function textAt(column: Column, row: number): string | undefined {
  const tag = column.tags[row]!;
  if (tag === Tag.text || tag === Tag.raw || tag === Tag.escaped) return textOf(column, row);
  if (tag === Tag.instant) {
    const spelled = column.spellInstant?.(column.numbers[row]!) ?? column.numbers[row]!;
    return typeof spelled === 'string' ? spelled : undefined;
  }
  const boxed = tag === Tag.boxed ? column.boxed[row] : undefined;
  if (typeof boxed === 'string') return boxed;
  const json = typeof boxed === 'object' ? boxed.json() : '';
  return json.startsWith('"') ? (JSON.parse(json) as string) : undefined;
}

/** Whether a text could spell a number, by its first byte: digits, signs, a point, white space. */
const mayBeNumber = (byte: number | undefined): boolean => byte === undefined || byte < 0x3a || byte > 0x7f;

function spellsNumber(column: Column, row: number): boolean {
  const tag = column.tags[row]!;
  if ((tag === Tag.text || tag === Tag.raw) && !mayBeNumber(column.bytes[column.starts[row]!])) return false;
  const text = textAt(column, row);
  return text !== undefined && parseNumber(text) !== undefined;
}

/** A computed value in the only row of a column. */
function put(spare: Column, value: string | number | bigint): Column {
  spare.tags[0] = typeof value === 'number' ? Tag.number : Tag.boxed;
  if (typeof value === 'number') spare.numbers[0] = value;
  else spare.boxed[0] = value;
  return spare;
}

/** Appends the key of one value; false for null. */
function writePart(index: KeyIndex, column: Column, row: number, asNumber: boolean): boolean {
  const { scratch, spare } = index;
  const tag = column.tags[row]!;
  if (tag <= Tag.null) return false;
  if (!asNumber && isPlain(tag)) {
    writeKeyBytes(scratch, column, row);
    return true;
  }
  const text = textAt(column, row);
  const number = asNumber && text !== undefined ? parseNumber(text) : undefined;
  const from = scratch.length;
  if (number !== undefined) writeKeyBytes(scratch, put(spare, number), 0);
  else if (tag !== Tag.instant) writeKeyBytes(scratch, column, row);
  else
    writeKeyBytes(
      scratch,
      put(spare, text ?? Number(column.spellInstant?.(column.numbers[row]!) ?? column.numbers[row]!)),
      0,
    );
  // What was computed may turn out to be null.
  return scratch.bytes[from] !== 0;
}

/** Writes the key of a row into the scratch; returns where it begins there, or -1 if there is a null in it. */
function writeKey(index: KeyIndex, columns: readonly Column[], row: number, asNumber: boolean): number {
  const { scratch } = index;
  scratch.length = 0;
  scratch.bytes[scratch.length++] = notText;
  for (const column of columns) if (!writePart(index, column, row, asNumber)) return -1;
  return columns.length === 1 && scratch.bytes[1] === textKind ? 1 + textHeadBytes : 0;
}

function append(chains: Chains, bytes: Uint8Array, start: number, length: number, row: number): void {
  const { table } = chains;
  const before = table.count;
  const slot = addKey(table, bytes, start, length, hashBytes(bytes, start, length));
  if (slot === before) {
    if (slot >= chains.firsts.length) {
      chains.firsts = grown(chains.firsts, table.starts.length);
      chains.lasts = grown(chains.lasts, table.starts.length);
    }
    chains.firsts[slot] = row;
  } else chains.nexts[chains.lasts[slot]!] = row;
  chains.lasts[slot] = row;
}

function grown(array: Int32Array, length: number): Int32Array {
  const longer = new Int32Array(length);
  longer.set(array);
  return longer;
}

/** Whether any of so many rows of a column is as asked. */
function some(column: Column, rows: number, is: (column: Column, row: number) => boolean): boolean {
  for (let row = 0; row < rows; row++) if (is(column, row)) return true;
  return false;
}

/** The rows[0, rows) of a table by their keys. */
export function createKeyIndex(keys: readonly Column[], rows: number): KeyIndex {
  const numbers = keys.map((column) => some(column, rows, ({ tags }, row) => isNumber(tags[row]!)));
  const isTexts = keys.length === 1 && !numbers[0];
  return {
    keys,
    rows,
    short: isTexts ? createShortKeys(keys[0]!, rows) : undefined,
    exact: undefined,
    byNumber: undefined,
    numbers,
    numberTexts: undefined,
    scratch: createByteWriter(1 << 8),
    spare: createColumn(1),
  };
}

function indexRow(index: KeyIndex, chains: Chains, row: number): void {
  const { keys } = index;
  const [only] = keys;
  const before = chains.table.count;
  if (keys.length === 1 && isPlain(only!.tags[row]!)) {
    append(chains, only!.bytes, only!.starts[row]!, only!.lengths[row]!, row);
  } else {
    const start = writeKey(index, keys, row, false);
    if (start < 0) {
      chains.inOrder = false;
      return;
    }
    append(chains, index.scratch.bytes, start, index.scratch.length - start, row);
  }
  if (chains.table.count > before) return;
  chains.unique = false;
  chains.inOrder = false;
}

function exactOf(index: KeyIndex): Chains {
  if (index.exact !== undefined) return index.exact;
  const chains = createChains(index.rows);
  for (let row = 0; row < index.rows; row++) indexRow(index, chains, row);
  index.exact = chains;
  return chains;
}

/** Whether no two rows have one key. */
export const isUnique = (index: KeyIndex): boolean => (index.short ?? exactOf(index)).unique;

/** The next row with the same key, or -1. */
export const nextRow = (index: KeyIndex, row: number): number =>
  isUnique(index) ? -1 : exactOf(index).nexts[row]!;

function numberTextsOf(index: KeyIndex): readonly boolean[] {
  index.numberTexts ??= index.keys.map((column) => some(column, index.rows, spellsNumber));
  return index.numberTexts;
}

/** Whether a row could be equal to one of the table by its number and not by its spelling. */
function needsNumbers(index: KeyIndex, columns: readonly Column[], row: number): boolean {
  const { numbers } = index;
  for (let part = 0; part < columns.length; part++) {
    const column = columns[part]!;
    const isText = !isNumber(column.tags[row]!);
    if (isText ? numbers[part] && spellsNumber(column, row) : numberTextsOf(index)[part]) return true;
  }
  return false;
}

function chainsByNumber(index: KeyIndex): Chains {
  if (index.byNumber !== undefined) return index.byNumber;
  const chains = createChains(index.rows);
  for (let row = 0; row < index.rows; row++) {
    const start = writeKey(index, index.keys, row, true);
    const { bytes, length } = index.scratch;
    if (start >= 0) append(chains, bytes, start, length - start, row);
  }
  index.byNumber = chains;
  return chains;
}

/** Whether the texts of a record and of a row of the table, where both have one, are the same. */
function sameTexts(index: KeyIndex, columns: readonly Column[], row: number, tableRow: number): boolean {
  return columns.every((column, part) => {
    const text = textAt(column, row);
    const other = textAt(index.keys[part]!, tableRow);
    return text === undefined || other === undefined || text === other;
  });
}

/** All rows of the table that are equal to a record by number, in order; the rare and slow way. */
function rowsByNumber(index: KeyIndex, columns: readonly Column[], row: number): number[] {
  const chains = chainsByNumber(index);
  const start = writeKey(index, columns, row, true);
  const found: number[] = [];
  for (let at = firstOf(index, chains, start); at >= 0; at = chains.nexts[at]!) {
    if (sameTexts(index, columns, row, at)) found.push(at);
  }
  return found;
}

function firstOf({ scratch }: KeyIndex, { table, firsts }: Chains, start: number): number {
  if (start < 0) return -1;
  const length = scratch.length - start;
  const slot = findKey(table, scratch.bytes, start, length, hashBytes(scratch.bytes, start, length));
  return slot < 0 ? -1 : firsts[slot]!;
}

/** Where the rows are that equal a record: a chain from `first` on, or a list of its own in `others`. */
export interface Found {
  /** By position in the selection: the first row, -1 for none, or -2 for those in `others`. */
  readonly first: Int32Array;
  readonly others: Map<number, readonly number[]>;
  /** Whether each record is known to have one. */
  areAll: boolean;
}

function findSlowly(
  index: KeyIndex,
  columns: readonly Column[],
  row: number,
  k: number,
  found: Found,
): number {
  const start = writeKey(index, columns, row, false);
  if (start < 0) return -1;
  if (!needsNumbers(index, columns, row)) {
    writeKey(index, columns, row, false);
    return firstOf(index, exactOf(index), start);
  }
  const rows = rowsByNumber(index, columns, row);
  if (rows.length < 2) return rows[0] ?? -1;
  found.others.set(k, rows);
  return -2;
}

/** Whether all keys are texts that are found by their bytes and nothing else. */
function areTexts({ numbers }: KeyIndex, { tags }: Column, { selection, selected }: Batch): boolean {
  if (numbers[0]) return false;
  for (let k = 0; k < selected; k++) if (tags[selection[k]!] !== Tag.text) return false;
  return true;
}

/**
 * Finds the rows for the selected rows of a batch. `hashed`: texts of the only column were hashed when they were scanned.
 * Texts that need no second look are found in this loop.
 */
export function findRows(
  index: KeyIndex,
  columns: readonly Column[],
  batch: Batch,
  hashed: boolean,
  found: Found,
): void {
  const { selection, selected } = batch;
  const { first, others } = found;
  if (others.size > 0) others.clear();
  found.areAll = false;
  const column = columns[0]!;
  if (hashed && areTexts(index, column, batch)) {
    if (index.short !== undefined) {
      found.areAll = findShortKeys(index.short, column, selection, selected, first) === 0;
      return;
    }
    const { table, firsts, inOrder } = exactOf(index);
    findKeys(table, column, selection, selected, first);
    if (!inOrder) for (let k = 0; k < selected; k++) if (first[k]! >= 0) first[k] = firsts[first[k]!]!;
    return;
  }
  const { table, firsts } = exactOf(index);
  const { tags, bytes, starts, lengths, hashes } = column;
  const single = columns.length === 1;
  const plain = !index.numbers[0];
  for (let k = 0; k < selected; k++) {
    const row = selection[k]!;
    const start = starts[row]!;
    if (single && tags[row] === Tag.text && (plain || !mayBeNumber(bytes[start]))) {
      const length = lengths[row]!;
      const hash = hashed ? hashes[row]! : hashBytes(bytes, start, length);
      const slot = findKey(table, bytes, start, length, hash);
      first[k] = slot < 0 ? -1 : firsts[slot]!;
    } else first[k] = findSlowly(index, columns, row, k, found);
  }
}
