/**
 * The reader of csv and tsv. The header names the fields, in each source anew, unless names are given. A
 * field without quotes is a number if JSON takes it for one and null if it is empty (in tsv also \N);
 * everything else is text. A record with more or fewer fields than the header is refused: which of them is
 * meant cannot be known.
 */
import { problem } from '../diagnostics/index.js';
import type { Column } from '../record/index.js';
import { putBoxed, putMissing, putNull, putNumber, putText } from './cells.js';
import { closingQuote, createFieldSpans, Field, type FieldSpans, splitFields } from './delimited-split.js';
import { createMemberWriter, type MemberWriter } from './member-writer.js';
import { type Cell, Read, type RecordReader } from './reader.js';

/** csv or tsv. */
interface Dialect {
  readonly name: 'csv' | 'tsv';
  readonly delimiter: number;
  readonly quotes: boolean;
}

const dialects: Readonly<Record<Dialect['name'], Dialect>> = {
  csv: { name: 'csv', delimiter: 0x2c, quotes: true },
  tsv: { name: 'tsv', delimiter: 0x09, quotes: false },
};

const tsvEscapes: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', '\\': '\\' };

const decodeTsv = (text: string): string =>
  text.replace(/\\([tnr\\])/g, (_, letter: string) => tsvEscapes[letter]!);

function putTsvText(column: Column, row: number, bytes: Buffer, start: number, end: number): void {
  let backslash = start;
  while (backslash < end && bytes[backslash] !== 0x5c) backslash++;
  if (backslash === end) putText(column, row, bytes, start, end);
  else if (end - start === 2 && bytes[start + 1] === 0x4e && backslash === start) putNull(column, row);
  else putBoxed(column, row, decodeTsv(bytes.toString('utf8', start, end)));
}

/** What a number begins with; saves trying on words. */
const mayBeNumber = (byte: number): boolean => byte === 0x2d || (byte >= 0x30 && byte <= 0x39);

function putField(column: Column, row: number, fields: FieldSpans, index: number, quotes: boolean): void {
  const { bytes } = fields;
  const start = fields.spans[index * 2]!;
  const end = fields.spans[index * 2 + 1]!;
  const form = fields.forms[index]!;
  if (form === Field.doubled) putBoxed(column, row, bytes.toString('utf8', start, end).replaceAll('""', '"'));
  else if (form === Field.quoted) putText(column, row, bytes, start, end);
  else if (start === end) putNull(column, row);
  else if (mayBeNumber(bytes[start]!) && putNumber(column, row, bytes, start, end)) return;
  else if (quotes) putText(column, row, bytes, start, end);
  else putTsvText(column, row, bytes, start, end);
}

/** Names of a header's fields; a column without a name is called by its position, column_3. */
function headerNames(fields: FieldSpans, dialect: Dialect): readonly string[] {
  const names = Array.from({ length: fields.count }, (_, index) => {
    const text = fields.bytes.toString('utf8', fields.spans[index * 2]!, fields.spans[index * 2 + 1]!);
    const doubled = fields.forms[index] === Field.doubled;
    const name = doubled ? text.replaceAll('""', '"') : dialect.quotes ? text : decodeTsv(text);
    return name.trim() === '' ? `column_${index + 1}` : name;
  });
  checkNames(names, dialect);
  return names;
}

function checkNames(names: readonly string[], dialect: Dialect): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw problem({
    code: 'format',
    message: `two columns of the ${dialect.name} input are called ${twice}`,
    hint: 'name the columns with --columns',
  });
}

/** A field by name; index -1 while or where there is none of that name. */
interface Slot {
  readonly name: string;
  index: number;
}

function slotCell(fields: FieldSpans, slot: Slot, quotes: boolean): Cell {
  return (column, row) => {
    if (slot.index < 0) putMissing(column, row);
    else putField(column, row, fields, slot.index, quotes);
  };
}

function rowWriter(fields: FieldSpans, names: readonly string[], quotes: boolean): MemberWriter {
  return createMemberWriter(
    names.map((name, index) => ({ name, cell: slotCell(fields, { name, index }, quotes) })),
  );
}

const countOf = (count: number): string => (count === 1 ? '1 field' : `${count} fields`);

/** Makes a reader of csv or tsv; without `columns` the first line of each source is its header. */
export function createDelimitedReader(
  name: 'csv' | 'tsv',
  columns: readonly string[] | undefined,
): RecordReader {
  const dialect = dialects[name];
  const { delimiter, quotes } = dialect;
  const fields = createFieldSpans();
  const wanted: Slot[] = [];
  let names: readonly string[] | undefined;
  let writeMembers = rowWriter(fields, [], quotes);
  let wrong = '';

  /** What was asked for by name finds its position when the names are known. */
  const setNames = (known: readonly string[]): void => {
    names = known;
    for (const slot of wanted) slot.index = known.indexOf(slot.name);
    writeMembers = rowWriter(fields, known, quotes);
  };
  if (columns !== undefined) {
    checkNames(columns, dialect);
    setNames(columns);
  }

  return {
    fieldNames: columns,
    spacesAreBlank: false,
    begin() {
      if (columns === undefined) names = undefined;
    },
    remember: () => (columns === undefined && names !== undefined ? { columns: names } : undefined),
    recall(memory) {
      if (columns !== undefined) return;
      if (memory === undefined) names = undefined;
      else setNames(memory.columns as readonly string[]);
    },
    read(bytes, start, end) {
      const split = splitFields(fields, bytes, start, end, delimiter, quotes);
      if (split === 'open') {
        wrong = `the quote at column ${fields.stop - start} is not closed`;
        return Read.open;
      }
      if (split === 'wrong') {
        wrong = `expected a comma behind the quote at column ${fields.stop - start + 1}`;
        return Read.refused;
      }
      if (names === undefined) {
        setNames(headerNames(fields, dialect));
        return Read.skipped;
      }
      if (fields.count === names.length) return Read.record;
      wrong = `${countOf(fields.count)} where ${names.length} are expected`;
      return Read.refused;
    },
    reason: () => wrong,
    closing: (bytes, _end, to) => {
      const close = closingQuote(bytes, fields.stop, to);
      return close < 0 ? -1 : close + 1;
    },
    cell(path) {
      if (path.length !== 1) return putMissing;
      const wantedName = String(path[0]);
      const slot: Slot = { name: wantedName, index: names?.indexOf(wantedName) ?? -1 };
      wanted.push(slot);
      return slotCell(fields, slot, quotes);
    },
    write: (out) => writeMembers(fields.bytes, out),
  };
}
