/**
 * The windows of an aggregation that says more than its results once, and what happens when the watermark goes on: windows
 * fire, early results are due, windows that take no more late records go. With rows for silent keys the windows follow each
 * other without a gap from the first that fired, whether there are records in them or not.
 */
import {
  createWindowTables,
  openWindow,
  releaseTable,
  takeDue,
  type WindowTables,
  windowsInOrder,
} from '../../../state/index.js';
import { type AlignedShape, createAssigner, type WindowAssigner } from '../../../time/index.js';
import { createGroups, type Groups, groupCount, resetGroups } from '../groups.js';
import type { Running } from '../running.js';
import { addMissing, createSeenKeys, type SeenKeys } from './seen-keys.js';
import type { Speaker, SpokenWindow } from './speaker.js';
import { nextStep } from './steps.js';

export interface KeptWindows {
  readonly running: Running;
  readonly speaker: Speaker;
  readonly assigner: WindowAssigner;
  /** Step of early results; undefined without them. */
  readonly everyMs: number | undefined;
  readonly latenessMs: number;
  readonly tables: WindowTables<Groups>;
  /** Keys that get rows in windows without records of theirs; undefined when they do not. */
  seen: SeenKeys | undefined;
  /** How far time has gone on here. */
  watermark: number;
  /** The watermark at which something happens next. */
  due: number;
  /** The end of the last window that fired, where windows follow each other; -Infinity for none. */
  lastEnd: number;
}

export function createKeptWindows(running: Running, shape: AlignedShape, speaker: Speaker): KeptWindows {
  const { emit, latenessMs = 0, fill } = running.emission ?? {};
  return {
    running,
    speaker,
    assigner: createAssigner(shape),
    everyMs: emit?.kind === 'early' ? emit.everyMs : undefined,
    latenessMs,
    tables: createWindowTables(),
    seen: fill === undefined ? undefined : createSeenKeys(running),
    watermark: Number.NEGATIVE_INFINITY,
    due: Number.POSITIVE_INFINITY,
    lastEnd: Number.NEGATIVE_INFINITY,
  };
}

function dueOf({ watermark, everyMs, latenessMs }: KeptWindows, end: number): number {
  if (end - 1 <= watermark) return end - 1 + latenessMs;
  return everyMs === undefined ? end - 1 : Math.min(end - 1, nextStep(watermark, everyMs));
}

/** The window that ends next behind the one that ends at `end`; that instant is in it. */
function windowAfter(
  { assigner }: KeptWindows,
  end: number,
): { readonly start: number; readonly end: number } {
  const starts = new Float64Array(assigner.most + 1);
  const ends = new Float64Array(assigner.most + 1);
  const count = assigner.assign(end, starts, ends);
  let next = 0;
  for (let k = 1; k < count; k++) if (ends[k]! < ends[next]!) next = k;
  return { start: starts[next]!, end: ends[next]! };
}

/** Looks when something happens next; to be called when windows have come or gone otherwise than here. */
export function setDue(kept: KeptWindows): void {
  kept.due = Number.POSITIVE_INFINITY;
  for (const window of kept.tables.open) {
    if (window !== undefined) kept.due = Math.min(kept.due, dueOf(kept, window.end));
  }
  if (kept.seen === undefined || kept.lastEnd === Number.NEGATIVE_INFINITY) return;
  kept.due = Math.min(kept.due, windowAfter(kept, kept.lastEnd).end - 1);
}

/** The window of these bounds, opened if need be. */
export function keptWindow(kept: KeptWindows, start: number, end: number): SpokenWindow {
  const window = openWindow(kept.tables, start, end, () => createGroups(kept.running));
  kept.due = Math.min(kept.due, dueOf(kept, end));
  return window;
}

/** Windows that take no more records go. */
function drop({ tables, running, speaker }: KeptWindows, watermark: number): void {
  for (let first = true; ; first = false) {
    const window = takeDue(tables, watermark);
    if (window === undefined) return;
    if (first) speaker.send();
    running.groups -= groupCount(window.table);
    resetGroups(window.table, running);
    releaseTable(tables, window.table);
  }
}

function fire({ seen, running, speaker }: KeptWindows, window: SpokenWindow): void {
  const filled = window.table.keys.table.count;
  if (seen !== undefined) addMissing(seen, running, window.table, window.end);
  speaker.fire(window, filled);
}

/**
 * Gives the early results of an advance of time, at their place among the windows that fire in it: behind those that fire at
 * that moment or before. However many early moments are passed at once, no record comes between them, so only the first
 * has something to say; and what is said does not depend on how many advances there are. To be called in front of what
 * fires at a moment.
 */
function createEarly(kept: KeptWindows, from: number, to: number): (moment: number) => void {
  const { everyMs, tables, speaker } = kept;
  const step = everyMs === undefined ? Number.POSITIVE_INFINITY : nextStep(from, everyMs);
  let isSaid = step > to;
  return (moment) => {
    if (isSaid || step >= moment) return;
    isSaid = true;
    for (const window of windowsInOrder(tables)) if (window.end - 1 > step) speaker.early(window);
  };
}

/** Fires all windows whose ends lie between two watermarks, with those between them that have no records. */
function fireFilled(kept: KeptWindows, from: number, to: number, early: (moment: number) => void): void {
  const open = windowsInOrder(kept.tables).filter(({ end }) => end - 1 > from);
  const last = to === Number.POSITIVE_INFINITY ? (open.at(-1)?.end ?? kept.lastEnd) : to + 1;
  let next: { readonly start: number; readonly end: number } | undefined =
    kept.lastEnd === Number.NEGATIVE_INFINITY ? open[0] : windowAfter(kept, kept.lastEnd);
  while (next !== undefined && next.end <= last) {
    const { start, end } = next;
    early(end - 1);
    fire(
      kept,
      openWindow(kept.tables, start, end, () => createGroups(kept.running)),
    );
    kept.lastEnd = end;
    drop(kept, Math.min(to - kept.latenessMs, end - 1));
    next = windowAfter(kept, end);
  }
}

/** Time goes on to a watermark. */
export function advance(kept: KeptWindows, to: number): void {
  const from = kept.watermark;
  if (to <= from) return;
  kept.watermark = to;
  if (to < kept.due) return;
  const early = createEarly(kept, from, to);
  if (kept.seen !== undefined) fireFilled(kept, from, to, early);
  else {
    for (const window of windowsInOrder(kept.tables)) {
      if (window.end - 1 <= from || window.end - 1 > to) continue;
      early(window.end - 1);
      fire(kept, window);
    }
  }
  early(Number.POSITIVE_INFINITY);
  drop(kept, to - kept.latenessMs);
  setDue(kept);
}
