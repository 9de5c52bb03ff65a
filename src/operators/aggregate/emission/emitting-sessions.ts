/**
 * Aggregation over sessions that gives more than results once: every change, provisional results, corrections for late
 * records. Which records are in which session is decided as without all this, by the watermark before each record; when a
 * session is told, by a watermark that does not depend on where the stream was cut. What was told of a session is taken back
 * when it is told again: a session that grows has other bounds, and two that a record bridges are one.
 */
import { emissionTexts, windowText } from '../../../plan/index.js';
import { type Batch, batchCapacity } from '../../../record/index.js';
import { sessionDuesOf } from '../../due.js';
import type { EntryEditor } from '../../entry.js';
import { assignSlots } from '../../keyed-cells/group-keys.js';
import type { Operator } from '../../operator.js';
import type { PlaceTime } from '../../place.js';
import { editSessions, openSessions } from '../edit-sessions.js';
import { showSlots } from '../entries.js';
import { updateGroups } from '../groups.js';
import { emitWatermark } from '../result.js';
import { beginBatch, endBatch, type Running, refuses } from '../running.js';
import { createSessionGroups, dropIdleKeys } from '../session-groups.js';
import { growFirst } from '../session-table.js';
import type { SessionShape } from '../sessions.js';
import type { ChangeImage } from './change-rows.js';
import { joinSession, type RowSessions } from './join-session.js';
import {
  advance,
  createKeptSessions,
  type KeptSessions,
  readKept,
  sessionChanged,
  takeStock,
  writeKept,
} from './kept-sessions.js';
import { createTeller } from './teller.js';

/** What sessions there are and how rows find theirs. */
export interface SessionPlace {
  readonly shape: SessionShape;
  readonly time: PlaceTime;
  readonly sessions: RowSessions;
  /** The key of the sessions in the shape of the state. */
  readonly by: string;
}

const rows = new Int32Array(1);
const slots = new Int32Array(1);

/** Takes a row into its session. */
function takeRow(kept: KeptSessions, sessions: RowSessions, batch: Batch, row: number, key: number): void {
  const { running, groups, latenessMs } = kept;
  if (!sessions.find(batch, row, running.services)) return;
  const mark = batch.marks[row]!;
  const arrival = running.arrival + row;
  const slot = joinSession(groups, running, sessions, { key, mark, latenessMs, arrival });
  if (slot < 0) {
    running.services.reports.late(batch, row);
    return;
  }
  // A record that is refused for a value has been there all the same: it keeps its session open.
  if (!refuses(running, batch, row)) {
    groups.table.filled[slot] = 1;
    rows[0] = row;
    slots[0] = slot;
    updateGroups(running, groups, rows, slots, 1);
  }
  sessionChanged(kept, slot);
}

/** Sessions are replaced; what was told of them goes with them. */
function editKept(kept: KeptSessions): EntryEditor {
  const { running, groups } = kept;
  Object.assign(groups, createSessionGroups(running, groups.gapMs));
  const editor = editSessions(running, groups, kept.watermark);
  return {
    add: (entry) => editor.add(entry),
    finish() {
      editor.finish();
      takeStock(kept);
    },
  };
}

/** An operator over sessions whose rows are changes. */
export function createEmittingSessions(
  running: Running,
  image: ChangeImage,
  { shape, time, sessions, by }: SessionPlace,
): Operator {
  const groups = createSessionGroups(running, shape.gapMs);
  const teller = createTeller(running, groups, image);
  const kept = createKeptSessions(running, groups, teller);
  const dues = sessionDuesOf(time);
  const keySlots = new Int32Array(batchCapacity);
  return {
    stateShape: `${running.shape} in ${windowText(shape)}${by}; ${emissionTexts(running.emission!).join(', ')}`,
    staysInMemory: true,
    snapshot: (into) => writeKept(into, kept),
    entries: () => showSlots(running, groups, openSessions(groups.table, groups.keys.table.count)),
    edit: () => editKept(kept),
    restore: (from) => readKept(from, kept),
    onBatch(batch) {
      beginBatch(running, batch);
      const { selection, selected, times, marks } = batch;
      assignSlots(groups.keys, running.reader, batch, selection, selected, keySlots);
      growFirst(groups.table, groups.keys.table.count);
      for (let k = 0; k < selected; k++) {
        const row = selection[k]!;
        advance(kept, dues.before(times[row]!, marks[row]!));
        takeRow(kept, sessions, batch, row, keySlots[k]!);
      }
      teller.send();
      dropIdleKeys(groups);
      endBatch(running, batch);
    },
    onWatermark(watermark) {
      advance(kept, dues.said(watermark));
      teller.send();
      dropIdleKeys(groups);
      emitWatermark(running.result, watermark);
    },
    onEnd() {},
  };
}
