/** What an aggregation does while the run rests: one step at a time, so that what it puts and emits can be written. */

import { arrayBytes, thingBytes } from '../../keyed-cells/group-memory.js';
import { relieve } from '../../keyed-cells/relief.js';
import { emptyGroups, type Groups, renewGroups } from '../groups.js';
import type { Running } from '../running.js';

function bytesOf(groups: Groups, running: Running): number {
  const { sampled, rowsTaken } = groups;
  // Looking at things costs more than looking at arrays: it waits until an eighth of the rows is new.
  if (running.cellPlan.lists.length > 0 && rowsTaken > sampled.rows * 1.125) {
    groups.sampled = { rows: rowsTaken, bytes: thingBytes(groups, running.cellPlan) };
  }
  return arrayBytes(groups) + groups.sampled.bytes;
}

/** A step. Returns whether there was something to do. */
export function rest(running: Running, tables: Iterable<Groups>): boolean {
  const { spill } = running;
  if (spill === undefined) return false;
  spill.dropped.length = 0;
  const [emission] = spill.emissions;
  if (emission !== undefined) {
    if (!emission()) spill.emissions.shift();
    return true;
  }
  return relieve(
    spill,
    {
      plan: running.cellPlan,
      bytesOf: (groups) => bytesOf(groups, running),
      empty: emptyGroups,
      renew: (groups) => renewGroups(groups, running),
    },
    tables,
  );
}
