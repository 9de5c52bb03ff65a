/**
 * Which session a row is in: every session of its key that it meets becomes one, with the row. A session takes rows until the
 * watermark has passed its end and the allowed lateness; so with a lateness there are the same sessions as with a
 * delay that is longer by so much. Nothing here knows when sessions are told.
 */
import type { Batch } from '../../../record/index.js';
import { isLate, sessionEnd, sessionsMeet } from '../../../time/index.js';
import type { PlaceTime, Services } from '../../place.js';
import { boundAt } from '../../window/read-bound.js';
import type { BoundColumns } from '../bounds.js';
import type { Running } from '../running.js';
import { addSession, growSession, mergeSessions, type SessionGroups } from '../session-groups.js';
import { closeDue, freeSession } from '../session-table.js';

/** The session of a row by itself, and which others it meets. */
export interface RowSessions {
  start: number;
  end: number;
  /** Whether the row found last meets a session. */
  meets(start: number, end: number): boolean;
  /** Finds the session of a row; false when it was refused. */
  find(batch: Batch, row: number, services: Services): boolean;
}

/** Sessions that follow from the times of rows. */
export function assignedSessions(gapMs: number): RowSessions {
  const its: RowSessions = {
    start: 0,
    end: 0,
    meets: (start, end) => sessionsMeet(start, end, its.start, its.end),
    find(batch, row) {
      its.start = batch.times[row]!;
      its.end = sessionEnd(its.start, gapMs);
      return true;
    },
  };
  return its;
}

/** Rows carry the bounds that their session had with them: those inside are part of it. */
export function carriedSessions(columns: BoundColumns, { cell }: PlaceTime): RowSessions {
  const its: RowSessions = {
    start: 0,
    end: 0,
    meets: (start, end) => start >= its.start && end <= its.end,
    find(batch, row, services) {
      its.start = boundAt(cell.form, batch.columns[columns.start]!, row);
      its.end = boundAt(cell.form, batch.columns[columns.end]!, row);
      if (its.start < its.end) return true;
      services.reports.reject(batch, row, 'window_start and window_end are not the bounds of a window');
      return false;
    },
  };
  return its;
}

/** A row that looks for its session. */
export interface JoiningRow {
  /** The slot of its key. */
  readonly key: number;
  /** The watermark before it. */
  readonly mark: number;
  readonly latenessMs: number;
  /** Its number among all rows. */
  readonly arrival: number;
}

/** The session of the row that `rows` found last, grown or opened; -1 when the row is late. */
export function joinSession(
  groups: SessionGroups,
  running: Running,
  rows: RowSessions,
  { key, mark, latenessMs, arrival }: JoiningRow,
): number {
  const { table } = groups;
  const { start, end } = rows;
  let found = -1;
  let next = -1;
  for (let slot = table.first[key]!; slot >= 0; slot = next) {
    next = table.next[slot]!;
    const its = table.ends[slot]!;
    if (isLate(its + latenessMs, mark) || !rows.meets(table.starts[slot]!, its)) continue;
    if (found < 0) found = slot;
    else mergeSessions(groups, running, found, slot);
  }
  if (found >= 0) {
    growSession(groups, found, start, end);
    return found;
  }
  if (isLate(end + latenessMs, mark)) return -1;
  return addSession(groups, running, key, start, end, arrival);
}

/** Forgets the sessions that take no more rows at a watermark, from which the lateness was taken off. */
export function forgetSessions({ table }: SessionGroups, running: Running, watermark: number): void {
  for (let slot = closeDue(table, watermark); slot >= 0; slot = closeDue(table, watermark)) {
    // The slot is nobody's until it is opened again.
    table.keys[slot] = -1;
    freeSession(table, slot);
    running.groups--;
  }
}
