/**
 * Tells what a session is. A session is known downstream by its bounds and its key, and while it grows and merges both its
 * bounds and its records change; so what was told of it, or of the sessions that are part of it now, is taken back first.
 * Where only the results have changed, that is one row updated. Telling again what has been told says nothing.
 */
import { keep } from '../../keyed-cells/cells.js';
import type { Running } from '../running.js';
import type { SessionGroups } from '../session-groups.js';
import { type ChangeImage, createChangeRows } from './change-rows.js';
import { areSame, createValueReader, valuesNow } from './result-values.js';
import { toldOf, toldSite } from './told-rows.js';

export interface Teller {
  /** Tells a session, if it has records that were taken in. */
  tell(slot: number): void;
  /** Passes on what is still here: before keys are moved, and when a batch is done. */
  send(): void;
}

/** The teller of an operator. */
export function createTeller(running: Running, groups: SessionGroups, image: ChangeImage): Teller {
  const rows = createChangeRows(running.result, image);
  const reader = createValueReader(running.result.fills);
  const site = toldSite(running.sites);
  return {
    tell(slot) {
      const { table, cells } = groups;
      if (table.filled[slot] === 0) return;
      const start = table.starts[slot]!;
      const end = table.ends[slot]!;
      const key = table.keys[slot]!;
      const told = toldOf(cells, site, slot);
      const values = valuesNow(reader, cells, slot, start, end);
      const [before] = told;
      const isUpdate = told.length === 1 && before!.start === start && before!.end === end;
      if (isUpdate) {
        if (areSame(before!.values, values)) return;
        rows.put('-U', groups, key, before!.values, start, end);
        rows.put('+U', groups, key, values, start, end);
      } else {
        for (const row of told) rows.put('-D', groups, key, row.values, row.start, row.end);
        rows.put('+I', groups, key, values, start, end);
      }
      keep(cells.kept[site.list]!, slot, [{ start, end, values }]);
    },
    send: rows.send,
  };
}
