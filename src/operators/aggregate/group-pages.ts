/**
 * Keys and accumulators of groups as pages. Only what means something is written: what an array holds of an
 * earlier use, such as the number of a key that is a text, is not, so the same groups always give the same
 * pages. The texts of a single key column lie where the keys themselves do, and are not written twice.
 */
import { Tag } from '../../record/index.js';
import {
  type KeyedTable,
  misfit,
  readArray,
  readerUnder,
  readFacts,
  readSlots,
  readTable,
  type SnapshotReader,
  type SnapshotWriter,
  storedLength,
  writeArray,
  writeFacts,
  writerUnder,
  writeSlots,
  writeTable,
} from '../../state/index.js';
import { formFromName, formName, formOfSpeller, spellInstant } from '../../time/index.js';
import { type CellPlan, type Cells, createCells } from '../keyed-cells/cells.js';
import { createGroupKeys, type GroupKeys, type KeyValues } from '../keyed-cells/group-keys.js';
import { readSpilled, writeSpilled } from '../keyed-cells/spilled-pages.js';
import type { Groups } from './groups.js';
import { createGroups } from './groups.js';
import type { Running } from './running.js';

function isNumeric(tag: number): boolean {
  return tag === Tag.number || tag === Tag.instant;
}

/** Whether the values of a column are the keys themselves. */
function lieInKeys(values: KeyValues, { starts, lengths, count }: KeyedTable): boolean {
  for (let slot = 0; slot < count; slot++) {
    if (values.starts[slot] !== starts[slot] || values.lengths[slot] !== lengths[slot]) return false;
  }
  return true;
}

function writeNumbers(into: SnapshotWriter, { tags, numbers }: KeyValues, count: number): void {
  const kept = new Float64Array(count);
  let found = false;
  for (let slot = 0; slot < count; slot++) {
    if (!isNumeric(tags[slot]!)) continue;
    kept[slot] = numbers[slot]!;
    found = true;
  }
  if (found) writeArray(into, 'numbers', kept);
}

/** The name of the form that instants among the values are spelled in; empty when there are none. */
function formOfValues({ tags, spell }: KeyValues, count: number): string {
  if (spell === undefined || tags.subarray(0, count).indexOf(Tag.instant) < 0) return '';
  const form = formOfSpeller(spell);
  return form === undefined ? '' : formName(form);
}

function writeValues(into: SnapshotWriter, values: KeyValues, table: KeyedTable): void {
  const { count } = table;
  writeFacts(into, { form: formOfValues(values, count) });
  writeArray(into, 'tags', values.tags, count);
  writeNumbers(into, values, count);
  if (lieInKeys(values, table)) return;
  writeArray(into, 'starts', values.starts, count);
  writeArray(into, 'lengths', values.lengths, count);
}

function readValues(from: SnapshotReader, values: KeyValues, table: KeyedTable): void {
  const { form } = readFacts(from, { form: '' });
  values.spell = form === '' ? undefined : spellInstant(formFromName(form));
  if (readArray(from, 'tags', values.tags) !== table.count) throw misfit('tags', 'does not fit the keys');
  readArray(from, 'numbers', values.numbers);
  if (storedLength(from, 'starts', 4) > 0) {
    readArray(from, 'starts', values.starts);
    readArray(from, 'lengths', values.lengths);
  } else {
    values.starts.set(table.starts.subarray(0, table.count));
    values.lengths.set(table.lengths.subarray(0, table.count));
  }
}

/** Writes keys; none at all have no pages. */
export function writeKeys(into: SnapshotWriter, { table, values }: GroupKeys): void {
  if (table.count === 0) return;
  writeTable(writerUnder(into, 'keys/'), table);
  values.forEach((column, index) => {
    writeValues(writerUnder(into, `key ${index}/`), column, table);
  });
}

/** Reads the keys of so many columns. */
export function readKeys(from: SnapshotReader, columns: number): GroupKeys {
  const table = readTable(readerUnder(from, 'keys/'));
  const keys = createGroupKeys(columns, table);
  if (table.count === 0) return keys;
  keys.values.forEach((column, index) => {
    readValues(readerUnder(from, `key ${index}/`), column, table);
  });
  return keys;
}

/** Writes the cells of slots [0, count); those of free slots must have been cleared. */
export function writeCells(into: SnapshotWriter, cells: Cells, plan: CellPlan, count: number): void {
  writeArray(into, 'numbers', cells.numbers, count * cells.stride);
  plan.lists.forEach((codec, list) => {
    writeSlots(into, `list ${list}`, cells.kept[list]!, count, codec);
  });
}

export function readCells(from: SnapshotReader, plan: CellPlan, count: number): Cells {
  const cells = createCells(plan, count);
  if (readArray(from, 'numbers', cells.numbers) !== count * cells.stride) {
    throw misfit('numbers', 'does not fit the groups');
  }
  plan.lists.forEach((codec, list) => {
    readSlots(from, `list ${list}`, codec, cells.kept[list]!);
  });
  return cells;
}

export function writeGroups(into: SnapshotWriter, { cellPlan }: Running, groups: Groups): void {
  const { keys, cells, spilled } = groups;
  writeKeys(into, keys);
  writeCells(into, cells, cellPlan, keys.table.count);
  writeSpilled(writerUnder(into, 'spilled/'), spilled, keys.table.count);
}

export function readGroups(from: SnapshotReader, running: Running): Groups {
  const keys = readKeys(from, running.reader.columns.length);
  const groups = createGroups(running, keys, readCells(from, running.cellPlan, keys.table.count));
  groups.spilled = readSpilled(readerUnder(from, 'spilled/'), running.spill);
  return groups;
}
