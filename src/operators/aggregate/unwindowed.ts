/**
 * Aggregation without windows: groups are open until the input ends, and leave in order of first arrival.
 * Watermarks stop here, because results have no event time; that the input is complete is passed on behind
 * them.
 */
import type { Operator } from '../operator.js';
import { editTable } from './edit-table.js';
import { showTable } from './entries.js';
import { readGroups, writeGroups } from './group-pages.js';
import { createGroups, takeRows } from './groups.js';
import { emitTable, emitWatermark } from './result.js';
import { beginBatch, countGroups, endBatch, type Running, refuses } from './running.js';
import { readRunning, writeRunning } from './running-facts.js';
import { emitSpilled } from './spill/emission.js';
import { rest } from './spill/rest.js';

export function createUnwindowed(running: Running): Operator {
  let groups = createGroups(running);
  return {
    stateShape: `${running.shape} without windows`,
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
      const { selection } = batch;
      let kept = 0;
      for (let k = 0; k < batch.selected; k++) {
        const row = selection[k]!;
        if (!refuses(running, batch, row)) selection[kept++] = row;
      }
      batch.selected = kept;
      countGroups(running, takeRows(running, groups, batch, selection, kept));
      endBatch(running, batch);
    },
    onWatermark() {},
    onEnd() {
      const { spill, result } = running;
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
    onRest: () => rest(running, [groups]),
  };
}
