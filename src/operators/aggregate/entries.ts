/**
 * Shows the groups that are open as rows of results, without closing any: what people see who look into the state of a job.
 * And the state of each, from which the group can be made again.
 */
import { batchCapacity, recordText } from '../../record/index.js';
import type { PlainObject, ShownEntry } from '../entry.js';
import { plainBounds } from '../entry-bounds.js';
import type { Cells } from '../keyed-cells/cells.js';
import type { GroupKeys } from '../keyed-cells/group-keys.js';
import { createPlainKeys, type PlainKeys, plainKey } from '../keyed-cells/plain-keys.js';
import type { Output } from '../operator.js';
import type { Groups } from './groups.js';
import { plainCells } from './plain-cells.js';
import { emit, type Result } from './result.js';
import type { Running } from './running.js';
import { groupPieces } from './spill/emission.js';

/** Groups whose keys and accumulators have slots of their own. */
export interface GroupTable {
  readonly keys: GroupKeys;
  readonly cells: Cells;
}

/** A group, by where its key and its accumulators are. */
export interface GroupSlots {
  readonly key: number;
  readonly cell: number;
  readonly start: number;
  readonly end: number;
  /** What its state says besides the parts. */
  readonly facts?: PlainObject;
  /** It is no window: there are facts and no parts. */
  readonly isBare?: boolean;
}

const nowhere: Output = { batch() {}, watermark() {} };

/** The names of the keys, as results have them. */
export function keyNames({ batch, bounds, keyCount }: Result): readonly string[] {
  const first = bounds === undefined ? 0 : 2;
  return batch.image.fields.slice(first, first + keyCount).map(({ name }) => name);
}

const keySlots = new Int32Array(batchCapacity);
const cellSlots = new Int32Array(batchCapacity);

/** Fills the batch of a result with groups, as rows that go nowhere. */
export function fillRows(result: Result, { keys, cells }: GroupTable, groups: readonly GroupSlots[]): void {
  groups.forEach(({ key, cell, start, end }, row) => {
    keySlots[row] = key;
    cellSlots[row] = cell;
    if (result.bounds === undefined) return;
    result.bounds.starts[row] = start;
    result.bounds.ends[row] = end;
  });
  emit({ ...result, output: nowhere }, keys, keySlots, cells, cellSlots, groups.length);
}

function stateOf(
  running: Running,
  plain: PlainKeys,
  { keys, cells }: GroupTable,
  { key, cell, start, end, facts, isBare }: GroupSlots,
  record: string,
): PlainObject {
  const { result } = running;
  const its = plainKey(plain, keys, key, record);
  return {
    ...(result.bounds === undefined ? {} : plainBounds({ start, end }, result.time)),
    ...(its === undefined ? {} : { key: its }),
    ...facts,
    ...(isBare === true ? {} : plainCells(running, cells, cell)),
  };
}

function* showRows(
  running: Running,
  plain: PlainKeys,
  table: GroupTable,
  groups: readonly GroupSlots[],
): Generator<ShownEntry> {
  const { result } = running;
  fillRows(result, table, groups);
  const fields = { bounds: result.bounds === undefined ? 0 : 2, keys: result.keyCount } as const;
  for (let row = 0; row < groups.length; row++) {
    const record = recordText(result.batch, row);
    yield { record, ...fields, state: () => stateOf(running, plain, table, groups[row]!, record) };
  }
}

/** Shows groups of a table by their slots. */
export function* showSlots(
  running: Running,
  table: GroupTable,
  groups: Iterable<GroupSlots>,
): Generator<ShownEntry> {
  const plain = createPlainKeys(keyNames(running.result));
  let waiting: GroupSlots[] = [];
  for (const group of groups) {
    waiting.push(group);
    if (waiting.length < batchCapacity) continue;
    yield* showRows(running, plain, table, waiting);
    waiting = [];
  }
  if (waiting.length > 0) yield* showRows(running, plain, table, waiting);
}

/** Shows all groups of a window, wherever they are. */
export function* showTable(
  running: Running,
  groups: Groups,
  start: number,
  end: number,
): Generator<ShownEntry> {
  const plain = createPlainKeys(keyNames(running.result));
  for (const { groups: table, slots, count } of groupPieces(running, groups)) {
    const rows = Array.from({ length: count }, (_, row) => {
      const slot = slots[row]!;
      return { key: slot, cell: slot, start, end };
    });
    yield* showRows(running, plain, table, rows);
  }
}
