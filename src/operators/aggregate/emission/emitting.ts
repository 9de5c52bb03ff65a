/**
 * Aggregation over windows of a fixed size that gives more than results once: provisional results, corrections for late
 * records, rows over nothing, rows before the end. Records are taken in one by one, because the order of what is said shows;
 * the plain operators, which take them in by the batch, know nothing of all this.
 *
 * A window fires when the watermark passes its end; its groups are kept for as long as it takes late records. Early results
 * are given when the watermark passes a multiple of their step, as if windows ended there. What fires together goes
 * first, then what is early, each by window end, start and first arrival of the key. All groups are in memory.
 */
import { emissionTexts, windowText } from '../../../plan/index.js';
import type { Batch } from '../../../record/index.js';
import {
  readerUnder,
  readFacts,
  readWindows,
  type SnapshotReader,
  type SnapshotWriter,
  windowsInOrder,
  writeFacts,
  writerUnder,
  writeWindows,
} from '../../../state/index.js';
import { type AlignedShape, isLate } from '../../../time/index.js';
import { duesOf } from '../../due.js';
import type { EntryEditor, ShownEntry } from '../../entry.js';
import type { Operator } from '../../operator.js';
import type { PlaceTime } from '../../place.js';
import { editWindows } from '../edit-table.js';
import { showTable } from '../entries.js';
import { readGroups, writeGroups } from '../group-pages.js';
import { emitWatermark } from '../result.js';
import { beginBatch, countGroups, endBatch, type Running, refuses } from '../running.js';
import { readRunning, writeRunning } from '../running-facts.js';
import type { ChangeImage } from './change-rows.js';
import { advance, createKeptWindows, type KeptWindows, keptWindow, setDue } from './kept-windows.js';
import type { RowWindows } from './row-windows.js';
import { noteKey, readSeen, writeSeen } from './seen-keys.js';
import { createSpeaker } from './speaker.js';

/** What windows there are and how rows find theirs. */
export interface EmittingPlace {
  readonly shape: AlignedShape;
  readonly time: PlaceTime;
  readonly windows: RowWindows;
}

/** Takes a row into those of its windows that still take records. */
function takeRow(kept: KeptWindows, windows: RowWindows, batch: Batch, row: number): void {
  const { running, speaker, latenessMs, seen } = kept;
  const { reports } = running.services;
  const count = windows.find(batch, row, running.services);
  const mark = Math.max(batch.marks[row]!, kept.watermark);
  let taken = 0;
  for (let k = 0; k < count; k++) {
    const end = windows.ends[k]!;
    if (isLate(end + latenessMs, mark)) continue;
    if (taken === 0 && refuses(running, batch, row)) return;
    if (taken++ === 0 && seen !== undefined) noteKey(seen, running, batch, row);
    speaker.take(keptWindow(kept, windows.starts[k]!, end), batch, row, end - 1 <= kept.watermark);
  }
  if (count > 0 && taken === 0) reports.late(batch, row);
}

function writeState(into: SnapshotWriter, kept: KeptWindows): void {
  const { running, tables, watermark, lastEnd, seen } = kept;
  writeRunning(into, running);
  writeFacts(writerUnder(into, 'emission/'), { watermark, lastEnd });
  writeWindows(into, tables, (under, groups) => writeGroups(under, running, groups));
  if (seen !== undefined) writeSeen(into, seen);
}

function readState(from: SnapshotReader, kept: KeptWindows): void {
  const { running } = kept;
  readRunning(from, running);
  Object.assign(kept, readFacts(readerUnder(from, 'emission/'), { watermark: 0, lastEnd: 0 }));
  readWindows(from, kept.tables, (under) => readGroups(under, running));
  if (kept.seen !== undefined) kept.seen = readSeen(from, running);
  setDue(kept);
}

function* showKept({ tables, running }: KeptWindows): Generator<ShownEntry> {
  for (const { table, start, end } of windowsInOrder(tables)) yield* showTable(running, table, start, end);
}

/** Groups are replaced; the keys that were seen stay. */
function editKept(kept: KeptWindows, shape: AlignedShape): EntryEditor {
  const { running, tables, assigner, seen } = kept;
  const starts = new Float64Array(assigner.most + 1);
  const ends = new Float64Array(assigner.most + 1);
  const isWindow = (start: number, end: number): boolean => {
    const count = assigner.assign(start, starts, ends);
    for (let k = 0; k < count; k++) if (starts[k] === start && ends[k] === end) return true;
    return false;
  };
  const windows = { tables, touched: [], fired: [], due: 0 };
  const editor = editWindows(running, windows, isWindow, windowText(shape), kept.watermark);
  countGroups(running, seen?.firsts.length ?? 0);
  return {
    add: (entry) => editor.add(entry),
    finish() {
      editor.finish();
      setDue(kept);
    },
  };
}

/** An operator that gives what its emission asks for; with an image of changes its rows are changes. */
export function createEmitting(
  running: Running,
  image: ChangeImage | undefined,
  { shape, time, windows }: EmittingPlace,
): Operator {
  const speaker = createSpeaker(running, image);
  const kept = createKeptWindows(running, shape, speaker);
  const dues = duesOf(time);
  return {
    stateShape: `${running.shape} in ${windowText(shape)}; ${emissionTexts(running.emission!).join(', ')}`,
    staysInMemory: true,
    snapshot: (into) => writeState(into, kept),
    entries: () => showKept(kept),
    edit: () => editKept(kept, shape),
    restore: (from) => readState(from, kept),
    onBatch(batch) {
      beginBatch(running, batch);
      for (let k = 0; k < batch.selected; k++) {
        const row = batch.selection[k]!;
        advance(kept, dues.before(batch.times[row]!, batch.marks[row]!));
        takeRow(kept, windows, batch, row);
      }
      speaker.send();
      endBatch(running, batch);
    },
    onWatermark(watermark) {
      advance(kept, dues.said(watermark));
      speaker.send();
      emitWatermark(running.result, watermark);
    },
    onEnd() {},
  };
}
