/** Entries of sessions: which there are, and how they become sessions again. */
import { isLate, sessionsMeet } from '../../time/index.js';
import { type EntryEditor, type GivenEntry, type Plain, wrongEntry } from '../entry.js';
import type { EntryBounds } from '../entry-bounds.js';
import { openCells } from '../keyed-cells/cells.js';
import { type Arrivals, arrivalOfPlain, notPlain } from '../keyed-cells/plain-things.js';
import { beginEditing, endEditing, fillGroup, keyOfEntry, windowOfEntry } from './edit.js';
import type { GroupSlots, GroupTable } from './entries.js';
import { countGroups, type Running } from './running.js';
import { growFirst, openSession, type SessionTable } from './session-table.js';

/** The sessions of a key as they are linked, the oldest first: so they are linked the same way when they are opened again. */
function sessionsOfKey({ first, next }: SessionTable, key: number): number[] {
  const slots: number[] = [];
  for (let slot = first[key] ?? -1; slot >= 0; slot = next[slot]!) slots.push(slot);
  return slots.reverse();
}

/** All open sessions. One of refused records alone is open too, and has no result of its own. */
export function* openSessions(table: SessionTable, keys: number): Generator<GroupSlots> {
  const { starts, ends, filled, arrivals } = table;
  for (let key = 0; key < keys; key++) {
    for (const slot of sessionsOfKey(table, key)) {
      const facts = { arrival: arrivals[slot]!, ...(filled[slot] === 1 ? {} : { filled: false }) };
      yield { key, cell: slot, start: starts[slot]!, end: ends[slot]!, facts };
    }
  }
}

function arrivalOf(arrival: Plain | undefined, arrivals: Arrivals): number {
  return arrival === undefined ? ++arrivals.highest : arrivalOfPlain(arrival, arrivals);
}

/** A session that takes no more records and has not been told yet may touch another, which it is no part of. */
function refuseMeeting(
  table: SessionTable,
  key: number,
  { start, end }: EntryBounds,
  isClosed: (end: number) => boolean,
): void {
  if (isClosed(end)) return;
  for (const slot of sessionsOfKey(table, key)) {
    if (isClosed(table.ends[slot]!) || !sessionsMeet(table.starts[slot]!, table.ends[slot]!, start, end))
      continue;
    throw wrongEntry(
      'there is a session of this key already that it overlaps or touches',
      'make one session of the two',
    );
  }
}

/**
 * Replaces all sessions; table and cells are new and empty. By `watermark` they have been told for good, where that is not
 * the one that was passed on.
 */
export function editSessions(
  running: Running,
  sessions: GroupTable & { readonly table: SessionTable; readonly gapMs: number },
  watermark?: number,
): EntryEditor {
  const editing = beginEditing(running, watermark);
  const latenessMs = running.emission?.latenessMs ?? 0;
  const isClosed = (end: number): boolean => isLate(end + latenessMs, running.result.watermark);
  const { table, keys, cells, gapMs } = sessions;
  return {
    add(entry: GivenEntry) {
      const { start, end } = windowOfEntry(editing, entry);
      const { arrival, filled = true } = entry.state;
      if (typeof filled !== 'boolean') throw notPlain('true or false', filled);
      if (end - start < gapMs) {
        throw wrongEntry('its session is shorter than the gap', 'a session ends a gap after its last record');
      }
      const key = keyOfEntry(editing, entry, keys);
      growFirst(table, keys.table.count);
      refuseMeeting(table, key, { start, end }, isClosed);
      const slot = openSession(table, key, start, end, arrivalOf(arrival, editing.arrivals));
      table.filled[slot] = filled ? 1 : 0;
      openCells(cells, slot, slot + 1);
      countGroups(running, 1);
      fillGroup(editing, entry, sessions, { key, cell: slot, start, end }, ['arrival', 'filled']);
    },
    finish: () => endEditing(editing),
  };
}
