/**
 * A table in memory: the values of its fields by row, and its keys in hash tables. It is made from the bytes of a file in
 * one go and never changes; a file that has changed gives another one.
 */
import { problem } from '../../diagnostics/index.js';
import {
  type Batch,
  type ByteWriter,
  type Column,
  createBatch,
  createByteWriter,
  createColumn,
  createIntake,
  createLayout,
  hashBytes,
  hashColumn,
  type Layout,
  type Path,
  reserve,
  scannedColumn,
  spellPath,
  Tag,
} from '../../record/index.js';
import type { TableContent, TableFile } from '../table-file.js';
import { addValues, completeDictionary, createDictionary, type Dictionary } from './dictionary.js';
import { createKeyIndex, type KeyIndex } from './key-index.js';

export interface LookupTable {
  /** The wanted fields, in order. */
  readonly fields: readonly Dictionary[];
  readonly index: KeyIndex;
}

/** What of a file is wanted. */
export interface TableShape {
  readonly keys: readonly Path[];
  readonly fields: readonly Path[];
}

const newline = 0x0a;

function refused(file: TableFile, batch: Batch): Error {
  const [first] = batch.rejected;
  return problem({
    code: 'input',
    message: first!.reason,
    place: { kind: 'record', source: file.name, line: first!.line },
    hint: 'all lines of a table have to be records',
  });
}

/** Scans a whole file, batch by batch. Throws a problem for the first line that is no record. Gives the names of a header. */
function scanTable(
  file: TableFile,
  { bytes }: TableContent,
  layout: Layout,
  take: (batch: Batch) => void,
): readonly string[] | undefined {
  const scanner = file.scanner(layout);
  const batch = createBatch({ base: 'line', dropped: [], fields: [] });
  const intake = createIntake(scanner, { batch, source: file.name });
  const work = (): void => {
    while (intake.next() === 'batch') {
      if (batch.rejected.length > 0) throw refused(file, batch);
      take(batch);
    }
  };
  work();
  for (let from = 0; from < bytes.length; ) {
    const space = intake.space();
    const piece = bytes.subarray(from, from + space.length);
    space.set(piece);
    from += piece.length;
    intake.filled(piece.length);
    work();
  }
  intake.finish();
  work();
  return scanner.remember?.()?.['columns'] as readonly string[] | undefined;
}

/** The names of all fields that the records of a file have, in the order in which they come up. */
export function fieldNames(file: TableFile, content: TableContent): readonly string[] {
  if (file.columns !== undefined) return file.columns;
  const names = new Set<string>();
  const header = scanTable(file, content, createLayout(), (batch) => {
    if (batch.foreign !== undefined) return;
    for (let row = 0; row < batch.count; row++) {
      const { starts, ends } = batch;
      const text = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset).toString(
        'utf8',
        starts[row],
        ends[row],
      );
      for (const name of Object.keys(JSON.parse(text) as object)) names.add(name);
    }
  });
  return header ?? [...names];
}

function countLines({ bytes }: TableContent): number {
  let count = 1;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) count++;
  return count;
}

const isSpan = (tag: number): boolean => tag >= Tag.number && tag < Tag.instant;

/** Takes over the values of a batch, their texts into the arena, with the hashes of texts. Returns how many are missing. */
function copyValues(from: Column, count: number, into: Column, at: number, arena: ByteWriter): number {
  const { tags, bytes, starts, lengths, hashes } = from;
  let missing = 0;
  let textBytes = 0;
  for (let row = 0, to = at; row < count; row++, to++) {
    const tag = tags[row]!;
    const length = isSpan(tag) ? lengths[row]! : 0;
    into.tags[to] = tag;
    into.lengths[to] = length;
    into.numbers[to] = from.numbers[row]!;
    into.hashes[to] = tag === Tag.raw ? hashBytes(bytes, starts[row]!, length) : hashes[row]!;
    if (tag === Tag.missing) missing++;
    else if (tag === Tag.boxed) into.boxed[to] = from.boxed[row]!;
    textBytes += length;
  }
  reserve(arena, textBytes);
  const target = arena.bytes;
  let end = arena.length;
  for (let row = 0, to = at; row < count; row++, to++) {
    into.starts[to] = end;
    const start = starts[row]!;
    const length = into.lengths[to]!;
    for (let index = 0; index < length; index++) target[end++] = bytes[start + index]!;
  }
  arena.length = end;
  return missing;
}

/** A key that no row has is misspelt. */
function checkKeys(file: TableFile, { keys }: TableShape, missing: readonly number[], rows: number): void {
  const none = keys.find((_, index) => rows > 0 && missing[index] === rows);
  if (none === undefined) return;
  throw problem({
    code: 'input',
    message: `the table has no field ${spellPath(none)}`,
    place: { kind: 'file', path: file.name },
    hint: "--on 'user = id' names the field of the record first and that of the table behind it",
  });
}

/** Reads the table of a file. Throws a problem when it cannot be one. */
export function loadTable(file: TableFile, content: TableContent, shape: TableShape): LookupTable {
  const layout = createLayout();
  const keyNumbers = shape.keys.map((path) => scannedColumn(layout, path));
  const fieldNumbers = shape.fields.map((path) => scannedColumn(layout, path));
  // Of several keys nobody asks for the hash of one.
  const hashed = keyNumbers.length === 1 ? [...keyNumbers, ...fieldNumbers] : fieldNumbers;
  for (const number of hashed) hashColumn(layout, number);
  const room = countLines(content);
  const fields = fieldNumbers.map(() => createDictionary(room));
  const keys = keyNumbers.map(() => createColumn(room));
  const arena = createByteWriter();
  const missing = keyNumbers.map(() => 0);
  let rows = 0;
  scanTable(file, content, layout, ({ columns, count }) => {
    for (let part = 0; part < keys.length; part++) {
      missing[part]! += copyValues(columns[keyNumbers[part]!]!, count, keys[part]!, rows, arena);
    }
    for (let part = 0; part < fields.length; part++) {
      addValues(fields[part]!, rows, columns[fieldNumbers[part]!]!, count);
    }
    rows += count;
  });
  checkKeys(file, shape, missing, rows);
  for (const column of keys) column.bytes = arena.bytes;
  return { fields: fields.map(completeDictionary), index: createKeyIndex(keys, rows) };
}
