/**
 * Aggregation over tumbling, hopping and cumulating windows, with nothing materialised: a row goes
 * straight to the tables of its windows. All times of a pane - the stretch between two neighbouring bounds
 * of windows - are in the same windows, so they are looked up once a pane; out-of-order streams go back
 * and forth between two panes, so two are remembered.
 *
 * A record is judged by the watermark as it was before it: windows fire before the row that finds them due
 * is looked at, a window that has fired takes no more rows, and a row whose windows have all fired is
 * late.
 */
import { windowText } from '../../plan/index.js';
import type { Batch } from '../../record/index.js';
import type { OpenWindow } from '../../state/index.js';
import {
  type AlignedShape,
  createAssigner,
  isLate,
  tumbleStart,
  type WindowAssigner,
} from '../../time/index.js';
import type { Operator } from '../operator.js';
import { editWindows } from './edit-table.js';
import {
  createFiringWindows,
  type FiringWindows,
  fireDue,
  onRest,
  passWatermark,
  readFiring,
  settle,
  showFiring,
  touch,
  windowAt,
  writeFiring,
} from './fire.js';
import { addRow, type Groups } from './groups.js';
import { beginBatch, endBatch, type Running, refuses } from './running.js';

/** Times [start, end), and the open windows they are in. */
interface Pane {
  start: number;
  end: number;
  readonly windows: OpenWindow<Groups>[];
  /** All windows of the pane have fired. */
  late: boolean;
}

interface Panes {
  readonly assigner: WindowAssigner;
  /** Length of a pane and where panes begin; 0 when they cannot be told by arithmetic. */
  readonly sizeMs: number;
  readonly offsetMs: number;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  current: Pane;
  other: Pane;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

function paneSize(shape: AlignedShape): number {
  if (shape.zone !== undefined && shape.zone !== 'UTC') return 0;
  switch (shape.shape) {
    case 'tumble':
      return shape.sizeMs;
    case 'hop':
      return commonDivisor(shape.sizeMs, shape.slideMs);
    case 'cumulate':
      return commonDivisor(shape.maxMs, shape.stepMs);
  }
}

function noPane(): Pane {
  return { start: 0, end: 0, windows: [], late: false };
}

function createPanes(shape: AlignedShape): Panes {
  const assigner = createAssigner(shape);
  return {
    assigner,
    sizeMs: paneSize(shape),
    offsetMs: shape.offsetMs,
    starts: new Float64Array(assigner.most),
    ends: new Float64Array(assigner.most),
    current: noPane(),
    other: noPane(),
  };
}

function forget(panes: Panes): void {
  panes.current.end = panes.current.start;
  panes.other.end = panes.other.start;
}

/** Fills a pane for a time; opens those of its windows that have not fired. */
function fillPane(
  panes: Panes,
  pane: Pane,
  windows: FiringWindows,
  running: Running,
  time: number,
  mark: number,
): void {
  const { assigner, sizeMs, starts, ends } = panes;
  const count = assigner.assign(time, starts, ends);
  if (sizeMs > 0) {
    pane.start = tumbleStart(time, sizeMs, panes.offsetMs);
    pane.end = pane.start + sizeMs;
  } else if (assigner.most === 1 && count === 1) {
    pane.start = starts[0]!;
    pane.end = ends[0]!;
  } else {
    pane.start = time;
    pane.end = time + 1;
  }
  pane.windows.length = 0;
  for (let k = 0; k < count; k++) {
    if (!isLate(ends[k]!, mark)) pane.windows.push(windowAt(windows, running, starts[k]!, ends[k]!));
  }
  pane.late = count > 0 && pane.windows.length === 0;
  // Whether later rows of the pane are late does not depend on the mark: it only rises.
}

function paneOf(panes: Panes, windows: FiringWindows, running: Running, time: number, mark: number): Pane {
  const pane = panes.other;
  panes.other = panes.current;
  panes.current = pane;
  if (time < pane.start || time >= pane.end) fillPane(panes, pane, windows, running, time, mark);
  return pane;
}

function takeBatch(panes: Panes, windows: FiringWindows, running: Running, batch: Batch): void {
  const { selection, selected, times, marks } = batch;
  const careful = running.inputs.errors.size > 0;
  for (let k = 0; k < selected; k++) {
    const row = selection[k]!;
    const mark = marks[row]!;
    if (mark >= windows.due) {
      fireDue(windows, running, batch, mark);
      forget(panes);
    }
    const time = times[row]!;
    let pane = panes.current;
    if (time < pane.start || time >= pane.end) pane = paneOf(panes, windows, running, time, mark);
    if (pane.late) {
      running.services.reports.late(batch, row);
      continue;
    }
    if (careful && refuses(running, batch, row)) continue;
    for (const { table } of pane.windows) {
      touch(windows, table);
      addRow(table, row);
    }
  }
}

/** Whether the shape has a window of these bounds. */
function isWindowOf({ assigner, starts, ends }: Panes, start: number, end: number): boolean {
  const count = assigner.assign(start, starts, ends);
  for (let k = 0; k < count; k++) if (starts[k] === start && ends[k] === end) return true;
  return false;
}

/** An operator that aggregates over windows of a shape; rows carry their times and marks. */
export function createAligned(running: Running, shape: AlignedShape): Operator {
  const panes = createPanes(shape);
  const windows = createFiringWindows();
  return {
    stateShape: `${running.shape} in ${windowText(shape)}`,
    snapshot: (into) => writeFiring(into, windows, running),
    entries: () => showFiring(windows, running),
    edit: () =>
      editWindows(running, windows, (start, end) => isWindowOf(panes, start, end), windowText(shape)),
    restore: (from) => readFiring(from, windows, running),
    onBatch(batch) {
      beginBatch(running, batch);
      takeBatch(panes, windows, running, batch);
      settle(windows, running, batch);
      endBatch(running, batch);
    },
    onWatermark(time) {
      passWatermark(windows, running, time);
      forget(panes);
    },
    onEnd() {},
    onRest: () => onRest(windows, running),
  };
}
