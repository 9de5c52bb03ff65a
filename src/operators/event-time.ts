/**
 * Event time: reads the time of each record and keeps the watermark. It advances after every record, not on a timer
 * (Flink's default is 200 ms), so that the answer depends neither on chunking nor on timing: each row carries the
 * watermark as it was before it, over all rows seen, also those that are dropped later.
 * The form of the times is settled by the first record; another form is a bad record.
 * An operator that names a time of its own begins anew, as in Flink: what was said of the time before it, which may be
 * that of another field or of the clock, moves nothing there but the end of the input.
 */
import { problem } from '../diagnostics/index.js';
import { barePath } from '../expression/index.js';
import { defaultTimeField, type TimeAssignment } from '../plan/index.js';
import { type Batch, type Column, exactOf, recordText, spanText, Tag, textOf } from '../record/index.js';
import { readerUnder, readFacts, writeFacts, writerUnder } from '../state/index.js';
import {
  detectForm,
  formatDuration,
  formFromName,
  formName,
  instantFromBytes,
  instantFromDigits,
  instantFromNumber,
  instantFromText,
  type TimeForm,
} from '../time/index.js';
import type { Operator, Output } from './operator.js';
import type { Built, Place, PlaceTime, Services } from './place.js';
import { ownScopeOf } from './scope.js';
import { createSourceTimes } from './source-times.js';

function sampleOf(column: Column, row: number): number | string | undefined {
  switch (column.tags[row]) {
    case Tag.number:
      return column.numbers[row]!;
    case Tag.exact:
      return Number(exactOf(column, row));
    case Tag.instant:
      return column.spellInstant?.(column.numbers[row]!) ?? column.numbers[row]!;
    case Tag.text:
    case Tag.raw:
    case Tag.escaped:
    case Tag.boxed:
      return textOf(column, row);
    default:
      return undefined;
  }
}

/** Names of the top-level fields of a record whose values look like times. */
function timeLike(record: string): string[] {
  const members = Object.entries(JSON.parse(record) as Record<string, unknown>);
  const looks = ([name, value]: [string, unknown]): boolean => {
    if (typeof value === 'string') return detectForm(value) !== undefined;
    return (
      typeof value === 'number' &&
      value > 1e8 &&
      /(^|_)(ts|time|date|at|stamp|timestamp)($|_)|(At|Time)$/i.test(name)
    );
  };
  return members.filter(looks).map(([name]) => name);
}

function noTime(assignment: TimeAssignment, batch: Batch, row: number): Error {
  const { field } = assignment;
  const of = batch.source === '' || batch.source === 'stdin' ? '' : ` of ${batch.source}`;
  const names = timeLike(recordText(batch, row));
  const hint =
    names.length > 0
      ? `these fields look like times: ${names.join(', ')}; name one with --time`
      : 'name the field that holds the event time with --time FIELD';
  return problem({
    code: 'format',
    message: `the first record${of} has no event time: there is no field ${field}`,
    hint,
  });
}

/** Settles the form by a row, if the row has a time. */
function settle(assignment: TimeAssignment, column: Column, row: number): TimeForm | undefined {
  const sample = sampleOf(column, row);
  if (sample === undefined) return undefined;
  return detectForm(sample, { pattern: assignment.format, zone: assignment.zone });
}

function readTime(form: TimeForm, column: Column, row: number): number {
  switch (column.tags[row]) {
    case Tag.text:
      return instantFromBytes(form, column.bytes, column.starts[row]!, column.lengths[row]!);
    case Tag.number:
      if (form.kind !== 'epoch-ms' && column.lengths[row]! > 0) {
        return instantFromDigits(form, column.bytes, column.starts[row]!, column.lengths[row]!);
      }
      return instantFromNumber(form, column.numbers[row]!);
    case Tag.exact:
      return instantFromDigits(form, column.bytes, column.starts[row]!, column.lengths[row]!);
    case Tag.instant:
      return column.numbers[row]!;
    case Tag.escaped:
    case Tag.raw:
    case Tag.boxed:
      return instantFromText(form, textOf(column, row));
    default:
      return Number.NaN;
  }
}

function whyNoTime(field: string, form: TimeForm | undefined, column: Column, row: number): string {
  const tag = column.tags[row]!;
  if (tag === Tag.missing) return `no event time: there is no field ${field}`;
  if (tag === Tag.null) return `no event time: ${field} is null`;
  const shown = tag >= Tag.object && tag <= Tag.array ? spanText(column, row) : textOf(column, row);
  const wanted =
    form === undefined
      ? 'is no time that leat knows'
      : `is not of the form of the first record (${form.kind})`;
  return `no event time: ${field} = ${shown.slice(0, 60)} ${wanted}`;
}

interface Watch {
  highest: number;
  watermark: number;
  /** Highest time of the source whose rows are worked on, and the watermark that others which are read beside it allow. */
  own: number;
  ceiling: number;
  /** Processing time of the last batch with rows, for idleness. */
  lastSeenMs: number;
  first: boolean;
}

/** Reads the times of a batch; rows without one are refused and taken out. */
function readBatch(batch: Batch, column: Column, time: PlaceTime, watch: Watch, services: Services): void {
  const { assignment, cell } = time;
  const { delayMs, maxSkewMs } = assignment;
  const { selection, selected, times, marks } = batch;
  const nowMs = maxSkewMs === undefined ? 0 : services.clock();
  const { ceiling } = watch;
  let { highest, watermark, own } = watch;
  let kept = 0;
  for (let k = 0; k < selected; k++) {
    const row = selection[k]!;
    cell.form ??= settle(assignment, column, row);
    if (watch.first) {
      if (column.tags[row] === Tag.missing) throw noTime(assignment, batch, row);
      watch.first = false;
    }
    const instant = cell.form === undefined ? Number.NaN : readTime(cell.form, column, row);
    if (Number.isNaN(instant)) {
      services.reports.reject(batch, row, whyNoTime(assignment.field, cell.form, column, row));
      continue;
    }
    if (maxSkewMs !== undefined && instant - Math.max(highest, nowMs) > maxSkewMs) {
      services.reports.reject(
        batch,
        row,
        `its event time is further ahead than --max-skew allows, ${formatDuration(maxSkewMs)}`,
      );
      continue;
    }
    times[row] = instant;
    marks[row] = watermark;
    selection[kept++] = row;
    if (instant > own) {
      own = instant;
      if (own > highest) highest = own;
      const mark = Math.min(own - delayMs, ceiling);
      if (mark > watermark) watermark = mark;
    }
  }
  batch.selected = kept;
  watch.highest = highest;
  watch.own = own;
  watch.watermark = watermark;
}

/** What is kept of a watch; `own` follows from it where sources are read one after another. */
const keptOf = ({ highest, watermark, lastSeenMs, first }: Watch) => ({
  highest,
  watermark,
  lastSeenMs,
  first,
});

interface EventTimeParts {
  readonly time: PlaceTime;
  readonly column: number;
  /** Whether records still come from sources that are read beside each other, here. */
  readonly isBeside: boolean;
  /** Whether the watermark of who comes before counts here. */
  readonly goesOn: boolean;
}

function createEventTime(
  { time, column, isBeside, goesOn }: EventTimeParts,
  output: Output,
  services: Services,
): Operator {
  const { delayMs, idleMs } = time.assignment;
  const watch: Watch = {
    highest: -Infinity,
    watermark: -Infinity,
    own: -Infinity,
    // Where the stage before says the watermark, no record moves it.
    ceiling: time.said === true ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
    lastSeenMs: Number.NaN,
    first: true,
  };
  const live = isBeside ? services.sources : undefined;
  const sources = live === undefined ? undefined : createSourceTimes({ delayMs, idleMs, live });
  // While idle, the watermark follows the clock this often.
  const tickMs = Math.min(idleMs ?? 0, 1000);
  let nextMs = Number.POSITIVE_INFINITY;
  const rise = (instant: number): void => {
    if (instant > watch.watermark) watch.watermark = instant;
  };
  const enter = (source: string): void => {
    if (sources === undefined) return;
    const { own, ceiling } = sources.enter(source, services.clock());
    watch.own = own;
    watch.ceiling = ceiling;
  };
  /** A source may have ended, or been silent for long, since its batch. */
  const leave = (source: string): void => {
    if (sources === undefined) return;
    sources.leave(source, watch.own, services.clock());
    const lowest = sources.watermark(services.clock());
    if (lowest !== undefined && lowest < Number.POSITIVE_INFINITY) rise(lowest);
  };
  return {
    stateShape: `event time of ${time.assignment.field}${sources === undefined ? '' : ' by source'}`,
    snapshot(into) {
      const { form } = time.cell;
      writeFacts(into, { ...keptOf(watch), nextMs, form: form === undefined ? '' : formName(form) });
      if (sources !== undefined)
        writeFacts(writerUnder(into, 'sources-'), { sources: JSON.stringify(sources.facts()) });
    },
    restore(from) {
      const { form, nextMs: due, ...rest } = readFacts(from, { ...keptOf(watch), nextMs, form: '' });
      Object.assign(watch, rest);
      watch.own = watch.highest;
      nextMs = due;
      if (sources !== undefined) {
        const kept = readFacts(readerUnder(from, 'sources-'), { sources: '{}' });
        sources.restore(JSON.parse(kept.sources) as Record<string, number>);
      }
      if (form !== '') time.cell.form = formFromName(form);
    },
    onBatch(batch) {
      enter(batch.source);
      readBatch(batch, batch.columns[column]!, time, watch, services);
      leave(batch.source);
      if (idleMs !== undefined && batch.selected > 0) {
        watch.lastSeenMs = services.clock();
        nextMs = sources?.nextSilence(watch.lastSeenMs) ?? watch.lastSeenMs + idleMs;
      }
      output.batch(batch);
      output.watermark(watch.watermark);
    },
    onWatermark(instant) {
      if (!goesOn && instant < Number.POSITIVE_INFINITY) return;
      rise(instant);
      output.watermark(watch.watermark);
    },
    onEnd() {},
    nextTimer: () => nextMs,
    onTimer(nowMs) {
      const lowest = sources?.watermark(nowMs);
      rise(lowest ?? watch.highest - delayMs + (nowMs - watch.lastSeenMs));
      nextMs = lowest === undefined ? nowMs + tickMs : sources!.nextSilence(nowMs);
      output.watermark(watch.watermark);
    },
  };
}

function columnOf({ field }: TimeAssignment, { rows }: Place): number {
  const path = barePath(field);
  const column = path === undefined ? undefined : ownScopeOf(rows).resolve(path);
  if (column !== undefined) return column;
  const names = [...rows.fields.keys()];
  throw problem({
    code: 'unknown-name',
    message: `the records have no field ${field} to take the event time from`,
    hint:
      names.length > 0
        ? `they have ${names.join(', ')}`
        : 'keep the field in select, or name another with --time',
  });
}

function build(assignment: TimeAssignment, place: Place, goesOn: boolean): Built {
  const column = columnOf(assignment, place);
  const isBeside = place.isBeside === true;
  const isSameField = place.time?.assignment.field === assignment.field;
  const cell = isSameField ? place.time!.cell : { form: undefined };
  // Behind sources that another process reads only that knows which one is behind; of another field nobody does.
  const isTold = !isBeside && isSameField && place.time?.said === true;
  const time: PlaceTime = { assignment, cell, ...(isBeside || isTold ? { said: true } : {}) };
  const parts = { time, column, isBeside, goesOn: goesOn || isTold };
  return {
    place: { ...place, time },
    create: (output, services) => createEventTime(parts, output, services),
  };
}

/** Event time for the records that come in, read from the assignment's field. A stream may say its watermark as well. */
export function buildEventTime(assignment: TimeAssignment, place: Place): Built {
  return build(assignment, place, true);
}

/** Whether an operator names a time of its own, or there is none before it. */
export function needsOwnTime(
  { time }: { readonly time?: TimeAssignment | undefined },
  place: Place,
): boolean {
  return time !== undefined || place.time === undefined;
}

/** Event time that an operator has for itself, in the place of any that there was: the default field unless it names one. */
export function buildOwnTime(assignment: TimeAssignment | undefined, place: Place): Built {
  return build(assignment ?? { field: defaultTimeField, delayMs: 0 }, place, false);
}
