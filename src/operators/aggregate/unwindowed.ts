/**
 * Aggregation without windows: groups are open until the input ends, and leave in order of first arrival.
 * Watermarks stop here, because results have no event time; that the input is complete is passed on behind
 * them.
 */
import type { Operator } from '../operator.js';
import { takeRows } from './groups.js';
import { emitTable, emitWatermark } from './result.js';
import { beginBatch, countGroups, endBatch, type Running, refuses } from './running.js';
import { emitSpilled } from './spill/emission.js';
import { rest } from './spill/rest.js';
import { createUnwindowedGroups } from './unwindowed-groups.js';

export function createUnwindowed(running: Running): Operator {
  const state = createUnwindowedGroups(running);
  return {
    stateShape: `${running.shape} without windows`,
    ...state.hooks,
    onBatch(batch) {
      beginBatch(running, batch);
      const { selection } = batch;
      let kept = 0;
      for (let k = 0; k < batch.selected; k++) {
        const row = selection[k]!;
        if (!refuses(running, batch, row)) selection[kept++] = row;
      }
      batch.selected = kept;
      countGroups(running, takeRows(running, state.groups, batch, selection, kept));
      endBatch(running, batch);
    },
    onWatermark() {},
    onEnd() {
      const { spill, result } = running;
      const { groups } = state;
      if (spill !== undefined && groups.spilled !== undefined) {
        const emission = emitSpilled(spill.space, running, groups, 0, 0);
        spill.emissions.push(() => {
          if (emission()) return true;
          emitWatermark(result, Number.POSITIVE_INFINITY);
          return false;
        });
        return;
      }
      emitTable(result, groups, 0, 0);
      emitWatermark(result, Number.POSITIVE_INFINITY);
    },
    onRest: () => rest(running, [state.groups]),
  };
}
