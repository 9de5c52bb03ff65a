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
import { createMemberWriter } from './member-writer.js';
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

function putField(
  column: Column,
  row: number,
  bytes: Buffer,
  fields: FieldSpans,
  index: number,
  quotes: boolean,
): void {
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
function headerNames(bytes: Buffer, fields: FieldSpans, dialect: Dialect): readonly string[] {
  const names = Array.from({ length: fields.count }, (_, index) => {
    const text = bytes.toString('utf8', fields.spans[index * 2]!, fields.spans[index * 2 + 1]!);
    const name = dialect.quotes ? text.replaceAll('""', '"') : decodeTsv(text);
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

/** Makes a reader of csv or tsv; without `columns` the first line of each source is its header. */
export function createDelimitedReader(
  name: 'csv' | 'tsv',
  columns: readonly string[] | undefined,
): RecordReader {
  const dialect = dialects[name];
  const { delimiter, quotes } = dialect;
  const fields = createFieldSpans();
  let names: readonly string[] | undefined = columns;
  let bytes: Buffer = Buffer.alloc(0);
  let start = 0;
  let wrong = '';
  if (columns !== undefined) checkNames(columns, dialect);

  const slotCell =
    (slot: Slot): Cell =>
    (column, row) => {
      if (slot.index < 0) putMissing(column, row);
      else putField(column, row, bytes, fields, slot.index, quotes);
    };

  // What was asked for by name finds its position when the header is known.
  const wanted: Slot[] = [];
  const locate = (): void => {
    for (const slot of wanted) slot.index = names?.indexOf(slot.name) ?? -1;
  };

  const writerOf = (): ReturnType<typeof createMemberWriter> =>
    createMemberWriter(
      (names ?? []).map((one, index) => ({ name: one, cell: slotCell({ name: one, index }) })),
    );
  let writeMembers = writerOf();

  const refuse = (reason: string): Read => {
    wrong = reason;
    return Read.refused;
  };

  return {
    fieldNames: columns,
    spacesAreBlank: false,
    begin() {
      if (columns === undefined) names = undefined;
    },
    read(given, from, end) {
      bytes = given;
      start = from;
      const split = splitFields(fields, given, from, end, delimiter, quotes);
      if (split === 'open') {
        wrong = `the quote at column ${fields.stop - from} is not closed`;
        return Read.open;
      }
      if (split === 'wrong') {
        return refuse(
          `expected a ${quotes ? 'comma' : 'tab'} behind the quote at column ${fields.stop - start + 1}`,
        );
      }
      if (names === undefined) {
        names = headerNames(given, fields, dialect);
        locate();
        writeMembers = writerOf();
        return Read.skipped;
      }
      if (fields.count === names.length) return Read.record;
      return refuse(`${countOf(fields.count)} where there are ${countOf(names.length)} in the header`);
    },
    reason: () => wrong,
    closing: (given, _end, to) => {
      const close = closingQuote(given, fields.stop, to);
      return close < 0 ? -1 : close + 1;
    },
    cell(path) {
      if (path.length !== 1) return putMissing;
      const slot: Slot = { name: String(path[0]), index: -1 };
      wanted.push(slot);
      locate();
      return slotCell(slot);
    },
    write: (out) => writeMembers(bytes, out),
  };
}

const countOf = (count: number): string => (count === 1 ? '1 field' : `${count} fields`);
