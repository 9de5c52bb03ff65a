/**
 * The time of records to be filled between: the bounds of the window that they are results of, or a field. The first record
 * settles which, and in what form it is spelled.
 */
import { readColumn } from '../../expression/index.js';
import type { Batch, Column } from '../../record/index.js';
import { detectForm, formFromName, formName, spellInstant, type TimeForm } from '../../time/index.js';
import { boundAt } from '../window/read-bound.js';

/** Columns of the fields that may hold the time; -1 where there is none. */
export interface TimeColumns {
  readonly field: { readonly name: string; readonly column: number };
  readonly start: number;
  readonly end: number;
  /** The form that was settled upstream, which a pattern cannot be told from. */
  readonly form: TimeForm | undefined;
}

export interface RowTimes {
  windowed: boolean | undefined;
  form: TimeForm | undefined;
  /** The time of the last row that was looked at, and how long its window is; NaN without one. */
  time: number;
  lengthMs: number;
}

export function createRowTimes(): RowTimes {
  return { windowed: undefined, form: undefined, time: Number.NaN, lengthMs: Number.NaN };
}

function formOf(column: Column, row: number): TimeForm | undefined {
  const said = readColumn(column, row);
  return typeof said === 'number' || typeof said === 'string' ? detectForm(said) : undefined;
}

/** Whether a row carries bounds. Settles the form. */
function settle(times: RowTimes, columns: TimeColumns, batch: Batch, row: number): void {
  if (columns.start >= 0 && columns.end >= 0) {
    const end = batch.columns[columns.end]!;
    const form = columns.form ?? formOf(end, row);
    if (boundAt(form, batch.columns[columns.start]!, row) < boundAt(form, end, row)) {
      times.windowed = true;
      times.form = form;
      return;
    }
  }
  const { column } = columns.field;
  const form = column < 0 ? undefined : (columns.form ?? formOf(batch.columns[column]!, row));
  if (form === undefined) return;
  times.windowed = false;
  times.form = form;
}

/** Reads the time of a row; why it has none, or undefined. */
export function readRowTime(
  times: RowTimes,
  columns: TimeColumns,
  batch: Batch,
  row: number,
): string | undefined {
  if (times.windowed === undefined) settle(times, columns, batch, row);
  const { windowed, form } = times;
  if (windowed === true) {
    const start = boundAt(form, batch.columns[columns.start]!, row);
    times.time = boundAt(form, batch.columns[columns.end]!, row);
    times.lengthMs = times.time - start;
    return times.lengthMs > 0 ? undefined : 'window_start and window_end are not the bounds of a window';
  }
  const { name, column } = columns.field;
  times.time = windowed === undefined ? Number.NaN : boundAt(form, batch.columns[column]!, row);
  if (!Number.isNaN(times.time)) return undefined;
  return `no time: ${name} is not there, or is no time${form === undefined ? '' : ' of the form of the first'}`;
}

/** The fields of time of a record put in, spelled. */
export function timeMembers(
  { windowed, form }: RowTimes,
  { field }: TimeColumns,
  time: number,
  lengthMs: number,
): ReadonlyMap<string, string> {
  const spell = spellInstant(form!);
  const json = (instant: number): string => JSON.stringify(spell(instant));
  if (windowed !== true) return new Map([[field.name, json(time)]]);
  return new Map([
    ['window_start', json(time - lengthMs)],
    ['window_end', json(time)],
  ]);
}

/** What has been settled, as facts of a state. */
export function timesFacts({ windowed, form }: RowTimes) {
  return { windowed: String(windowed), form: form === undefined ? '' : formName(form) };
}

export function restoreTimes(times: RowTimes, { windowed, form }: ReturnType<typeof timesFacts>): void {
  times.windowed = windowed === 'undefined' ? undefined : windowed === 'true';
  times.form = form === '' ? undefined : formFromName(form);
}
