/** What an aggregation does while the run rests: one step at a time, so that what it puts and emits can be written. */
import type { Groups } from '../groups.js';
import type { Running } from '../running.js';
import { relieve } from './relief.js';

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
  return relieve(spill, running, tables);
}
