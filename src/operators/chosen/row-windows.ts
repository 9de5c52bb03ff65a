/**
 * The window that each row is in, for operators that choose among the records of one: its bounds, which the row carries, and
 * the watermark by which it is judged. Where a window or an aggregate upstream is known, the watermark is the one that
 * comes with the rows. Results that come through a pipe, or from a file, bring bounds alone: they are in the order of
 * window ends, so a window is complete when a row of a later one comes.
 */

import { readColumn } from '../../expression/index.js';
import type { Batch, Column } from '../../record/index.js';
import { detectForm, formFromName, formName, isLate } from '../../time/index.js';
import type { Place, PlaceTime, PlaceWindow, Services } from '../place.js';
import { ownScopeOf } from '../scope.js';
import { boundAt } from '../window/read-bound.js';

/** What is known of the windows at a place while the chain is built. */
export interface RowWindows {
  /**
   * `none`: all rows are together. `time` and `count`: the rows are in windows. `found`: they are if the first one carries
   * bounds.
   */
  readonly kind: 'none' | 'time' | 'count' | 'found';
  /** Columns of the bounds; of no use with `none`. */
  readonly start: number;
  readonly end: number;
  readonly time: PlaceTime;
}

/** Finds the window of one row after the other. What it found is in its members until the next call. */
export interface RowLocator {
  /** Undefined while the first record has not come that settles it. */
  windowed: boolean | undefined;
  start: number;
  end: number;
  /** The watermark as it was before the row. */
  mark: number;
  /** The highest window end so far, where that is what windows fire by. */
  highestEnd: number;
}

const withoutTime: PlaceTime = { assignment: { field: 'window_end', delayMs: 0 }, cell: { form: undefined } };
/** All rows together. */
export const noWindows: RowWindows = { kind: 'none', start: -1, end: -1, time: withoutTime };

/** The windows that a window upstream has put rows into; none where there is none, or a select dropped the bounds. */
export function windowsOf(place: Place): RowWindows {
  const { window, time } = place;
  if (window === undefined || time === undefined) return noWindows;
  const scope = ownScopeOf(place.rows);
  const start = scope.resolve([window.startField]);
  const end = scope.resolve([window.endField]);
  if (start === undefined || end === undefined) return noWindows;
  return { kind: kindOf(window), start, end, time };
}

const kindOf = ({ shape }: PlaceWindow): 'count' | 'time' => (shape.shape === 'count' ? 'count' : 'time');

/** The same, and the windows that results of an aggregate are of. */
export function windowsOrResults(place: Place): RowWindows {
  const carried = windowsOf(place);
  const { time, rows } = place;
  if (carried.kind !== 'none') return carried;
  if (time !== undefined && time.assignment.field !== 'window_end') return noWindows;
  const scope = ownScopeOf(rows);
  const start = scope.resolve(['window_start']);
  const end = scope.resolve(['window_end']);
  if (start === undefined || end === undefined) return noWindows;
  const isSaid = time !== undefined && rows.fields.has('window_start') && rows.fields.has('window_end');
  if (isSaid) return { kind: 'time', start, end, time };
  return { kind: 'found', start, end, time: { ...withoutTime, cell: { form: undefined } } };
}

/** A locator for the rows of a run. */
export function createLocator({ kind }: RowWindows): RowLocator {
  const windowed = kind === 'found' ? undefined : kind !== 'none';
  return { windowed, start: 0, end: 0, mark: Number.NEGATIVE_INFINITY, highestEnd: Number.NEGATIVE_INFINITY };
}

/** Whether the first row carries bounds; settles the form that they are in. */
function carriesBounds(time: PlaceTime, starts: Column, ends: Column, row: number): boolean {
  const said = readColumn(ends, row);
  if (typeof said !== 'number' && typeof said !== 'string') return false;
  time.cell.form = detectForm(said);
  return boundAt(time.cell.form, starts, row) < boundAt(time.cell.form, ends, row);
}

/** Finds the window of a row. False when it is in none: it is late or refused, which has been said. */
export function locate(
  locator: RowLocator,
  windows: RowWindows,
  batch: Batch,
  row: number,
  services: Services,
): boolean {
  if (locator.windowed === false) return true;
  const starts = batch.columns[windows.start]!;
  const ends = batch.columns[windows.end]!;
  locator.windowed ??= carriesBounds(windows.time, starts, ends, row);
  if (!locator.windowed) return true;
  const { form } = windows.time.cell;
  locator.start = boundAt(form, starts, row);
  locator.end = boundAt(form, ends, row);
  if (!(locator.start < locator.end)) {
    services.reports.reject(batch, row, 'window_start and window_end are not the bounds of a window');
    return false;
  }
  if (windows.kind === 'found') {
    locator.mark = completeBefore(locator);
    if (locator.end > locator.highestEnd) locator.highestEnd = locator.end;
  } else locator.mark = batch.marks[row]!;
  if (!isLate(locator.end, locator.mark)) return true;
  services.reports.late(batch, row);
  return false;
}

/** The watermark that follows from the window ends seen: all windows but the last one have fired. */
export const completeBefore = ({ highestEnd }: RowLocator): number => highestEnd - 2;

/** What a locator must know again, as facts of a state. */
export function locatorFacts({ windowed, highestEnd }: RowLocator, { time }: RowWindows) {
  const { form } = time.cell;
  return { windowed: String(windowed), highestEnd, boundForm: form === undefined ? '' : formName(form) };
}

/** Takes facts back. */
export function restoreLocator(
  locator: RowLocator,
  windows: RowWindows,
  facts: ReturnType<typeof locatorFacts>,
): void {
  if (windows.kind !== 'found') return;
  locator.windowed = facts.windowed === 'undefined' ? undefined : facts.windowed === 'true';
  locator.highestEnd = facts.highestEnd;
  if (facts.boundForm !== '') windows.time.cell.form = formFromName(facts.boundForm);
}

/** How the windows stand in the shape of a state. */
export function spellWindows({ kind }: RowWindows): string {
  if (kind === 'none') return '';
  return kind === 'found' ? ' of the windows that records may carry' : ' of the windows that records carry';
}

/** What holds behind an operator that uses the windows up: records that are plain again, and what time they have. */
export function plainPlace(place: Place, windows: RowWindows): Place {
  const time: PlaceTime | undefined =
    windows.kind === 'time'
      ? { assignment: { field: 'window_end', delayMs: 0 }, cell: windows.time.cell }
      : undefined;
  return { ...place, time, key: [], window: undefined, isPlain: true };
}
