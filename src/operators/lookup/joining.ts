/**
 * Records joined with rows, batch by batch. Where each record has one row at most and all agree in which names clash, the
 * values are put into the columns field by field and the batch goes on as a whole. Otherwise it goes on in pieces: a record
 * that has several rows stands in as many of them, each time with other values beside it.
 */
import { type Batch, batchCapacity, type Column, createColumn, Tag } from '../../record/index.js';
import type { Reject } from '../builder.js';
import type { Output } from '../operator.js';
import {
  type AddedField,
  clashImages,
  isPresent,
  type Presence,
  placeColumns,
  presenceOf,
} from './added-fields.js';
import type { Dictionary } from './dictionary.js';
import { type Found, findRows, isUnique, nextRow } from './key-index.js';
import type { LookupTable } from './table.js';

/** Joins the selected records of a batch with a table; `keys` are the columns of its keys. */
export type Joining = (table: LookupTable, keys: readonly Column[], hashed: boolean, batch: Batch) => void;

/** Puts the value of a row of the table beside a record; -1: null. */
function putValue({ codes, values: from }: Dictionary, tableRow: number, into: Column, row: number): void {
  into.bytes = from.bytes;
  if (tableRow < 0) {
    into.tags[row] = Tag.null;
    into.lengths[row] = 0;
    return;
  }
  const code = codes[tableRow]!;
  into.tags[row] = from.tags[code]!;
  into.starts[row] = from.starts[code]!;
  into.lengths[row] = from.lengths[code]!;
  into.numbers[row] = from.numbers[code]!;
}

/** The same for all records of a selection. */
function putValues(
  { codes, values: from, hasNumbers }: Dictionary,
  first: Int32Array,
  into: Column,
  rows: Int32Array,
  count: number,
): void {
  into.bytes = from.bytes;
  const { tags, starts, lengths, numbers } = from;
  const { tags: intoTags, starts: intoStarts, lengths: intoLengths, numbers: intoNumbers } = into;
  for (let k = 0; k < count; k++) {
    const row = rows[k]!;
    const tableRow = first[k]!;
    if (tableRow < 0) {
      intoTags[row] = Tag.null;
      intoLengths[row] = 0;
      continue;
    }
    const code = codes[tableRow]!;
    intoTags[row] = tags[code]!;
    intoStarts[row] = starts[code]!;
    intoLengths[row] = lengths[code]!;
    if (hasNumbers) intoNumbers[row] = numbers[code]!;
  }
}

interface Joiner {
  readonly added: readonly AddedField[];
  readonly values: readonly Column[];
  readonly absent: Column;
  readonly keepsAll: boolean;
  readonly found: Found;
  /** The rows of the piece under way. */
  readonly rows: Int32Array;
  count: number;
  readonly clashes: boolean[];
  readonly imageFor: ReturnType<typeof clashImages>;
  readonly output: Output;
  readonly reject: Reject;
}

/** Sends some of the rows on with what was added to them. */
function sendRows(joiner: Joiner, batch: Batch, rows: Int32Array, count: number): void {
  const { added, values, absent, clashes } = joiner;
  const { image, selection, selected } = batch;
  for (let index = 0; index < added.length; index++) {
    placeColumns(added[index]!, clashes[index]!, batch, values[index]!, absent);
  }
  batch.image = joiner.imageFor(image, clashes);
  batch.selection = rows;
  batch.selected = count;
  joiner.output.batch(batch);
  batch.image = image;
  batch.selection = selection;
  batch.selected = selected;
}

/** Sends the piece under way on and begins the next. */
function send(joiner: Joiner, batch: Batch): void {
  const { rows, count } = joiner;
  if (count === 0) return;
  joiner.count = 0;
  sendRows(joiner, batch, rows, count);
}

/** Every record with one row at most, all with the same clashes. */
function joinWhole(joiner: Joiner, table: LookupTable, batch: Batch, presences: readonly Presence[]): void {
  const { found, keepsAll, values, clashes } = joiner;
  const { selection, selected } = batch;
  const { first } = found;
  let rows = selection;
  let count = selected;
  if (!keepsAll && !found.areAll) {
    rows = joiner.rows;
    count = 0;
    for (let k = 0; k < selected; k++) {
      const tableRow = first[k]!;
      if (tableRow < 0) continue;
      rows[count] = selection[k]!;
      first[count++] = tableRow;
    }
    if (count === 0) return;
  }
  for (let index = 0; index < values.length; index++) {
    clashes[index] = presences[index] === 'all';
    putValues(table.fields[index]!, first, values[index]!, rows, count);
  }
  sendRows(joiner, batch, rows, count);
}

/** What both names of a field say when the record has both already. */
function refusal({ plain, prefixed }: AddedField): string {
  return `it has ${plain.name} and ${prefixed.name} already: say another --prefix, or another name in --fields`;
}

/** Record by record. */
function joinPieces(
  joiner: Joiner,
  table: LookupTable,
  batch: Batch,
  plain: readonly Presence[],
  prefixed: readonly Presence[],
): void {
  const { found, keepsAll, values, clashes, added, rows } = joiner;
  const { selection, selected } = batch;
  const add = (row: number, tableRow: number): void => {
    if (joiner.count > 0 && rows[joiner.count - 1] === row) send(joiner, batch);
    values.forEach((value, index) => {
      putValue(table.fields[index]!, tableRow, value, row);
    });
    rows[joiner.count++] = row;
  };
  for (let k = 0; k < selected; k++) {
    const row = selection[k]!;
    let tableRow = found.first[k]!;
    if (tableRow === -1 && !keepsAll) continue;
    const both = added.findIndex(
      (_, index) => isPresent(plain[index]!, row) && isPresent(prefixed[index]!, row),
    );
    if (both >= 0) {
      joiner.reject(batch, row, refusal(added[both]!));
      continue;
    }
    if (clashes.some((clash, index) => clash !== isPresent(plain[index]!, row))) {
      send(joiner, batch);
      for (let index = 0; index < clashes.length; index++) clashes[index] = isPresent(plain[index]!, row);
    }
    if (tableRow === -2) for (const one of found.others.get(k)!) add(row, one);
    else {
      add(row, tableRow);
      while (tableRow >= 0) {
        tableRow = nextRow(table.index, tableRow);
        if (tableRow >= 0) add(row, tableRow);
      }
    }
  }
  send(joiner, batch);
}

/** Makes what joins; `keepsAll`: records without a row go on with nulls. */
export function createJoining(
  added: readonly AddedField[],
  keepsAll: boolean,
  output: Output,
  reject: Reject,
): Joining {
  const joiner: Joiner = {
    added,
    values: added.map(() => Object.assign(createColumn(batchCapacity), { isDictionary: true })),
    absent: createColumn(batchCapacity),
    keepsAll,
    found: { first: new Int32Array(batchCapacity), others: new Map(), areAll: false },
    rows: new Int32Array(batchCapacity),
    count: 0,
    clashes: added.map(() => false),
    imageFor: clashImages(added),
    output,
    reject,
  };
  const { found } = joiner;
  return (table, keys, hashed, batch) => {
    findRows(table.index, keys, batch, hashed, found);
    const plain = added.map((field) => presenceOf(field.plain, batch));
    const prefixed = added.map((field) => presenceOf(field.prefixed, batch));
    const agree = plain.every(
      (presence, index) => presence === 'none' || (presence === 'all' && prefixed[index] === 'none'),
    );
    if (agree && isUnique(table.index) && found.others.size === 0) joinWhole(joiner, table, batch, plain);
    else joinPieces(joiner, table, batch, plain, prefixed);
  };
}
