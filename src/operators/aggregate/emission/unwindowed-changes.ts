/**
 * Aggregation without windows that gives every change: each record changes the result of its group, which is passed on at
 * once. A record that leaves the result as it was gives nothing, and the end of the input gives nothing more. All groups
 * are in memory.
 */
import type { Operator } from '../../operator.js';
import { emitWatermark } from '../result.js';
import { beginBatch, endBatch, type Running, refuses } from '../running.js';
import { createUnwindowedGroups } from '../unwindowed-groups.js';
import { type ChangeImage, createChangeRows } from './change-rows.js';
import { createChanger } from './changer.js';

export function createUnwindowedChanges(running: Running, image: ChangeImage): Operator {
  const state = createUnwindowedGroups(running);
  const rows = createChangeRows(running.result, image);
  const changer = createChanger(running, rows);
  return {
    stateShape: `${running.shape} without windows, every change`,
    staysInMemory: true,
    ...state.hooks,
    onBatch(batch) {
      beginBatch(running, batch);
      for (let k = 0; k < batch.selected; k++) {
        const row = batch.selection[k]!;
        if (!refuses(running, batch, row)) changer.change(state.groups, batch, row, 0, 0);
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
