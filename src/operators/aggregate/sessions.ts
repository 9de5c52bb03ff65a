/**
 * Aggregation over sessions: spans of activity of a key that end when nothing came for the gap. A record
 * opens a session of its own, [time, time + gap), which becomes one with every open session of the key
 * that it overlaps or touches; so two sessions may grow together. A record is late if what it has become
 * one with ends before the watermark as it was before the record: one that comes late but falls into an
 * open session survives, as in Flink.
 */
import { type WindowShape, windowText } from '../../plan/index.js';
import type { Batch } from '../../record/index.js';
import { batchCapacity } from '../../record/index.js';
import { isLate, sessionEnd, sessionsMeet } from '../../time/index.js';
import { assignSlots } from '../keyed-cells/group-keys.js';
import type { Operator } from '../operator.js';
import { editSessions, openSessions } from './edit-sessions.js';
import { showSlots } from './entries.js';
import { emit, emitWatermark } from './result.js';
import { beginBatch, endBatch, type Running, refuses } from './running.js';
import {
  addSession,
  createSessionGroups,
  dropIdleKeys,
  growSession,
  mergeSessions,
  readSessionGroups,
  type SessionGroups,
  writeSessionGroups,
} from './session-groups.js';
import { closeDue, freeSession, growFirst, sessionsDue } from './session-table.js';

export type SessionShape = Extract<WindowShape, { shape: 'session' }>;

interface Sessions extends SessionGroups {
  /** Slots of the keys of the batch's rows, by position in the selection. */
  readonly keySlots: Int32Array;
  /** Rows that wait to be taken in, and the slots of their sessions. */
  readonly rows: Int32Array;
  readonly slots: Int32Array;
  waiting: number;
  /** Sessions that have closed and not left yet, in the order in which they leave. */
  readonly closed: number[];
}

/** Takes in the rows that wait. */
function takeWaiting(sessions: Sessions, running: Running): void {
  const { rows, slots, waiting, cells } = sessions;
  if (waiting === 0) return;
  const taken = { rows, slots, count: waiting, arrival: running.arrival };
  for (const part of running.parts) part.update(cells, taken);
  sessions.waiting = 0;
}

/** Lets the sessions that have closed leave. */
function leave(sessions: Sessions, running: Running): void {
  const { table, keys, cells } = sessions;
  const { result } = running;
  const closed = sessions.closed.filter((slot) => table.filled[slot] === 1);
  const bounds = result.bounds!;
  if (sessions.closed.length === 0) return;
  const cellSlots = new Int32Array(Math.min(closed.length, batchCapacity));
  const keySlots = new Int32Array(cellSlots.length);
  for (let from = 0; from < closed.length; from += batchCapacity) {
    const count = Math.min(batchCapacity, closed.length - from);
    for (let row = 0; row < count; row++) {
      const slot = closed[from + row]!;
      cellSlots[row] = slot;
      keySlots[row] = table.keys[slot]!;
      bounds.starts[row] = table.starts[slot]!;
      bounds.ends[row] = table.ends[slot]!;
    }
    emit(result, keys, keySlots, cells, cellSlots, count);
  }
  for (const slot of sessions.closed) freeSession(table, slot);
  running.groups -= sessions.closed.length;
  sessions.closed.length = 0;
}

/** Closes what the watermark fires. Sessions that fire together leave by end, start and first arrival. */
function close(sessions: Sessions, running: Running, watermark: number): void {
  const { table, closed } = sessions;
  const { starts, ends, arrivals } = table;
  const due: number[] = [];
  for (let slot = closeDue(table, watermark); slot >= 0; slot = closeDue(table, watermark)) due.push(slot);
  due.sort((a, b) => ends[a]! - ends[b]! || starts[a]! - starts[b]! || arrivals[a]! - arrivals[b]!);
  for (const slot of due) closed.push(slot);
  if (running.maxGroups === Number.POSITIVE_INFINITY) return;
  takeWaiting(sessions, running);
  leave(sessions, running);
}

/** Makes session `from` part of session `into`. */
function merge(sessions: Sessions, running: Running, into: number, from: number): void {
  takeWaiting(sessions, running);
  mergeSessions(sessions, running, into, from);
}

/** The session of a record at `time`, grown or opened; -1 when the record is late. */
function sessionOf(
  sessions: Sessions,
  running: Running,
  key: number,
  time: number,
  mark: number,
  row: number,
): number {
  const { table, gapMs } = sessions;
  const end = sessionEnd(time, gapMs);
  let found = -1;
  let next = -1;
  for (let slot = table.first[key]!; slot >= 0; slot = next) {
    next = table.next[slot]!;
    if (!sessionsMeet(table.starts[slot]!, table.ends[slot]!, time, end)) continue;
    if (found < 0) found = slot;
    else merge(sessions, running, found, slot);
  }
  if (found >= 0) {
    growSession(sessions, found, time, end);
    return found;
  }
  if (isLate(end, mark)) return -1;
  return addSession(sessions, running, key, time, end, running.arrival + row);
}

function takeBatch(sessions: Sessions, running: Running, batch: Batch): void {
  const { selection, selected, times, marks } = batch;
  const { table, keySlots, rows, slots } = sessions;
  assignSlots(sessions.keys, running.reader, batch, selection, selected, keySlots);
  growFirst(table, sessions.keys.table.count);
  const careful = running.inputs.errors.size > 0;
  for (let k = 0; k < selected; k++) {
    const row = selection[k]!;
    const mark = marks[row]!;
    if (mark >= sessionsDue(table)) close(sessions, running, mark);
    const time = times[row]!;
    const slot = sessionOf(sessions, running, keySlots[k]!, time, mark, row);
    if (slot < 0) {
      running.services.reports.late(batch, row);
      continue;
    }
    // A record that is refused for a value has been there all the same: it keeps its session open.
    if (careful && refuses(running, batch, row)) continue;
    table.filled[slot] = 1;
    const at = sessions.waiting++;
    rows[at] = row;
    slots[at] = slot;
  }
}

/** An operator that aggregates over the sessions of each key; rows carry their times and marks. */
export function createSessions(running: Running, shape: SessionShape, by: string): Operator {
  const sessions: Sessions = {
    ...createSessionGroups(running, shape.gapMs),
    keySlots: new Int32Array(batchCapacity),
    rows: new Int32Array(batchCapacity),
    slots: new Int32Array(batchCapacity),
    waiting: 0,
    closed: [],
  };
  return {
    stateShape: `${running.shape} in ${windowText(shape)}${by}`,
    staysInMemory: true,
    snapshot: (into) => writeSessionGroups(into, running, sessions),
    entries: () => showSlots(running, sessions, openSessions(sessions.table, sessions.keys.table.count)),
    edit() {
      Object.assign(sessions, createSessionGroups(running, sessions.gapMs));
      return editSessions(running, sessions);
    },
    restore: (from) => readSessionGroups(from, running, sessions),
    onBatch(batch) {
      beginBatch(running, batch);
      takeBatch(sessions, running, batch);
      takeWaiting(sessions, running);
      leave(sessions, running);
      dropIdleKeys(sessions);
      endBatch(running, batch);
    },
    onWatermark(time) {
      close(sessions, running, time);
      leave(sessions, running);
      dropIdleKeys(sessions);
      emitWatermark(running.result, time, sessionsDue(sessions.table));
    },
    onEnd() {},
  };
}
