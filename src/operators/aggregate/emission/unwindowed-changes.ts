/**
 * Aggregation without windows that gives every change: each record changes the result of its group, which is passed on at
 * once. A record that leaves the result as it was gives nothing, and the end of the input gives nothing more. All groups
 * are in memory.
 */
import type { Operator } from '../../operator.js';
import { editTable } from '../edit-table.js';
import { showTable } from '../entries.js';
import { readGroups, writeGroups } from '../group-pages.js';
import { createGroups } from '../groups.js';
import { emitWatermark } from '../result.js';
import { beginBatch, endBatch, type Running, refuses } from '../running.js';
import { readRunning, writeRunning } from '../running-facts.js';
import { type ChangeImage, createChangeRows } from './change-rows.js';
import { createChanger } from './changer.js';

export function createUnwindowedChanges(running: Running, image: ChangeImage): Operator {
  let groups = createGroups(running);
  const rows = createChangeRows(running.result, image);
  const changer = createChanger(running, rows);
  return {
    stateShape: `${running.shape} without windows, every change`,
    staysInMemory: true,
    snapshot(into) {
      writeRunning(into, running);
      writeGroups(into, running, groups);
    },
    entries: () => showTable(running, groups, 0, 0),
    edit() {
      groups = createGroups(running);
      return editTable(running, groups);
    },
    restore(from) {
      readRunning(from, running);
      groups = readGroups(from, running);
    },
    onBatch(batch) {
      beginBatch(running, batch);
      for (let k = 0; k < batch.selected; k++) {
        const row = batch.selection[k]!;
        if (!refuses(running, batch, row)) changer.change(groups, batch, row, 0, 0);
      }
      rows.send();
      endBatch(running, batch);
    },
    onWatermark() {},
    onEnd() {
      emitWatermark(running.result, Number.POSITIVE_INFINITY);
    },
  };
}
