/**
 * Shows the groups that are open as rows of results, without closing any: what people see who look into the state of a job.
 */
import { batchCapacity } from '../../record/index.js';
import type { EntryVisitor } from '../operator.js';
import type { Cells } from './cells.js';
import type { GroupKeys } from './group-keys.js';
import type { Groups } from './groups.js';
import { emit, emitTable, type Result } from './result.js';
import type { Running } from './running.js';

/** The results of a running aggregation, as they go to a visitor. */
function shown({ result }: Running, visit: EntryVisitor): Result {
  const fields = { bounds: result.bounds === undefined ? 0 : 2, keys: result.keyCount } as const;
  return { ...result, output: { batch: (batch) => visit(batch, fields), watermark() {} } };
}

/** Shows the groups of a table, which are all in memory. */
export function showTable(
  running: Running,
  visit: EntryVisitor,
  groups: Groups,
  start: number,
  end: number,
): void {
  emitTable(shown(running, visit), groups, start, end);
}

/** A group, by where its key and its accumulators are. */
export interface GroupSlots {
  readonly key: number;
  readonly cell: number;
  readonly start: number;
  readonly end: number;
}

/** Shows groups whose keys and accumulators have slots of their own. */
export function showSlots(
  running: Running,
  visit: EntryVisitor,
  { keys, cells }: { readonly keys: GroupKeys; readonly cells: Cells },
  groups: Iterable<GroupSlots>,
): void {
  const result = shown(running, visit);
  const keySlots = new Int32Array(batchCapacity);
  const cellSlots = new Int32Array(batchCapacity);
  let count = 0;
  for (const { key, cell, start, end } of groups) {
    keySlots[count] = key;
    cellSlots[count] = cell;
    if (result.bounds !== undefined) {
      result.bounds.starts[count] = start;
      result.bounds.ends[count] = end;
    }
    if (++count < batchCapacity) continue;
    emit(result, keys, keySlots, cells, cellSlots, count);
    count = 0;
  }
  if (count > 0) emit(result, keys, keySlots, cells, cellSlots, count);
}
