/**
 * A table in memory: the values of its fields as columns over one arena, by row, and its keys in hash tables. It is made
 * from the bytes of a file in one go and never changes; a file that has changed gives another one.
 */
import { problem } from '../../diagnostics/index.js';
import {
  type Batch,
  type ByteWriter,
  type Column,
  createBatch,
  createByteWriter,
  createColumn,
  createLayout,
  type Layout,
  type Path,
  scannedColumn,
  spellPath,
  Tag,
  writeBytes,
  writeValue,
} from '../../record/index.js';
import type { TableContent, TableFile } from '../table-file.js';
import { createKeyIndex, indexRow, type KeyIndex } from './key-index.js';

export interface LookupTable {
  readonly rows: number;
  /** The wanted fields, in order. */
  readonly fields: readonly Column[];
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

/** Scans a whole file, batch by batch. Throws a problem for the first line that is no record. */
export function scanTable(
  file: TableFile,
  { bytes, lengthBytes }: TableContent,
  layout: Layout,
  take: (batch: Batch) => void,
): readonly string[] | undefined {
  const scanner = file.scanner(layout);
  const batch = createBatch({ base: 'line', dropped: [], fields: [] });
  batch.source = file.name;
  for (let from = 0; from < lengthBytes; ) {
    from = scanner.scan(bytes, from, lengthBytes, true, batch);
    if (batch.rejected.length > 0) throw refused(file, batch);
    take(batch);
    batch.firstLine += scanner.lines;
  }
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

/** A table without rows. */
export function emptyTable({ keys, fields }: TableShape): LookupTable {
  const columns = keys.map(() => createColumn(0));
  return { rows: 0, fields: fields.map(() => createColumn(0)), index: createKeyIndex(columns, 0) };
}

function countLines({ bytes, lengthBytes }: TableContent): number {
  let count = 1;
  for (let at = bytes.indexOf(newline); at >= 0 && at < lengthBytes; at = bytes.indexOf(newline, at + 1))
    count++;
  return count;
}

/** Takes over a value, its text into the arena. */
function copyValue(from: Column, row: number, into: Column, to: number, arena: ByteWriter): void {
  const tag = from.tags[row]! as Tag;
  const start = arena.length;
  into.starts[to] = start;
  into.numbers[to] = from.numbers[row]!;
  into.tags[to] = tag;
  if (tag === Tag.boxed || tag === Tag.instant) {
    writeValue(from, row, arena);
    // What formats box, and spell as times, are texts.
    into.tags[to] = Tag.escaped;
    into.starts[to] = start + 1;
    into.lengths[to] = arena.length - start - 2;
    return;
  }
  if (tag === Tag.missing) into.tags[to] = Tag.null;
  const length = tag >= Tag.number ? from.lengths[row]! : 0;
  writeBytes(arena, from.bytes, from.starts[row]!, from.starts[row]! + length);
  into.lengths[to] = length;
}

/** A key that no row has is misspelt. */
function checkKeys(file: TableFile, { keys }: TableShape, missing: readonly number[], rows: number): void {
  const none = keys.find((_, index) => rows > 0 && missing[index] === rows);
  if (none === undefined) return;
  throw problem({
    code: 'input',
    message: `${file.name} has no field ${spellPath(none)}`,
    place: { kind: 'file', path: file.name },
    hint: "--on 'user = id' names the field of the record first and that of the table behind it",
  });
}

/** Reads the table of a file. Throws a problem when it cannot be one. */
export function loadTable(file: TableFile, content: TableContent, shape: TableShape): LookupTable {
  const layout = createLayout();
  const keyNumbers = shape.keys.map((path) => scannedColumn(layout, path));
  const fieldNumbers = shape.fields.map((path) => scannedColumn(layout, path));
  const room = countLines(content);
  const arena = createByteWriter(Math.max(64, content.lengthBytes >> 1));
  const fields = fieldNumbers.map(() => createColumn(room));
  const keys = keyNumbers.map(() => createColumn(room));
  const missing = keyNumbers.map(() => 0);
  let rows = 0;
  scanTable(file, content, layout, (batch) => {
    for (let row = 0; row < batch.count; row++, rows++) {
      keyNumbers.forEach((column, index) => {
        const from = batch.columns[column]!;
        if (from.tags[row] === Tag.missing) missing[index]!++;
        copyValue(from, row, keys[index]!, rows, arena);
      });
      fieldNumbers.forEach((column, index) => {
        copyValue(batch.columns[column]!, row, fields[index]!, rows, arena);
      });
    }
  });
  checkKeys(file, shape, missing, rows);
  for (const column of [...keys, ...fields]) column.bytes = arena.bytes;
  const index = createKeyIndex(keys, room);
  for (let row = 0; row < rows; row++) indexRow(index, row);
  return { rows, fields, index };
}
