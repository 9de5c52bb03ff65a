/**
 * Open sessions as pages. Slots of no session are blank, and the order in which free ones are given out is kept: a
 * restored table goes on exactly as the other would have.
 */
import {
  readArray,
  readInts,
  readQueue,
  type SnapshotReader,
  type SnapshotWriter,
  storedLength,
  writeArray,
  writeQueue,
} from '../../state/index.js';
import { createSessionTable, type SessionTable } from './session-table.js';

/** Blanks what slots without a session still hold of an earlier one; `clear` is called for each of them. */
export function blankSlots(table: SessionTable, clear: (slot: number) => void): void {
  for (const slot of table.free) table.keys[slot] = -1;
  for (let slot = 0; slot < table.used; slot++) {
    if (table.keys[slot] !== -1) continue;
    table.starts[slot] = 0;
    table.ends[slot] = 0;
    table.arrivals[slot] = 0;
    table.filled[slot] = 0;
    table.next[slot] = 0;
    clear(slot);
  }
}

/** Writes sessions whose unused slots are blank, for so many keys. */
export function writeSessions(into: SnapshotWriter, table: SessionTable, keys: number): void {
  const { used } = table;
  writeQueue(into, table.queue);
  writeArray(into, 'starts', table.starts, used);
  writeArray(into, 'ends', table.ends, used);
  writeArray(into, 'arrivals', table.arrivals, used);
  writeArray(into, 'filled', table.filled, used);
  writeArray(into, 'keys of sessions', table.keys, used);
  writeArray(into, 'next', table.next, used);
  writeArray(into, 'first', table.first, keys);
  writeArray(into, 'free', Int32Array.from(table.free));
}

export function readSessions(from: SnapshotReader): SessionTable {
  const used = storedLength(from, 'filled', 1);
  const room = Math.max(16, used);
  const table: SessionTable = {
    ...createSessionTable(),
    queue: readQueue(from),
    starts: new Float64Array(room),
    ends: new Float64Array(room),
    arrivals: new Float64Array(room),
    filled: new Uint8Array(room),
    keys: new Int32Array(room),
    next: new Int32Array(room),
    first: new Int32Array(Math.max(16, storedLength(from, 'first', 4))).fill(-1),
    used,
    free: [...readInts(from, 'free')],
  };
  readArray(from, 'starts', table.starts);
  readArray(from, 'ends', table.ends);
  readArray(from, 'arrivals', table.arrivals);
  readArray(from, 'filled', table.filled);
  readArray(from, 'keys of sessions', table.keys);
  readArray(from, 'next', table.next);
  readArray(from, 'first', table.first);
  for (let slot = 0; slot < used; slot++) if (table.keys[slot] !== -1) table.open++;
  return table;
}
