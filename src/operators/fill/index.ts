/**
 * fill: puts records in where a key has none for longer than a step of time. Of each key the last record is kept; when its
 * next one comes, what is missing between them leaves in front of it. A record that is not after the last of its key passes
 * as it is. What leaves is in order for each key, so it has no event time that could be relied on.
 */
import { problem } from '../../diagnostics/index.js';
import { barePath } from '../../expression/index.js';
import { defaultTimeField, type FillNode } from '../../plan/index.js';
import { type Batch, scannedColumn } from '../../record/index.js';
import { readFacts, readNumbered, writeFacts, writeNumbered } from '../../state/index.js';
import { formatDuration } from '../../time/index.js';
import type { Builder } from '../builder.js';
import { keyColumns } from '../chosen/key-columns.js';
import { spellBound } from '../entry-bounds.js';
import type { Operator, Output } from '../operator.js';
import type { Place, Services } from '../place.js';
import { createRescan, type Rescan } from '../rescan.js';
import { ownScopeOf } from '../scope.js';
import { createKeeper, type KeptRecord, spellKeys, storedRecordCodec } from '../window/kept.js';
import { createKeptKeys } from '../window/kept-entries.js';
import { editLasts, type Last, showLasts } from './fill-entries.js';
import { fillersOf } from './fillers.js';
import {
  createRowTimes,
  readRowTime,
  restoreTimes,
  type TimeColumns,
  timeMembers,
  timesFacts,
} from './times.js';

const prefix = 'records/';

function timeColumns(node: FillNode, place: Place): TimeColumns {
  const scope = ownScopeOf(place.rows);
  const name = node.time ?? place.time?.assignment.field ?? defaultTimeField;
  const path = barePath(name);
  if (path !== undefined && path.length > 1) {
    throw problem({
      code: 'plan',
      message: `${node.id}: ${name} lies within another field, where no time can be put in`,
      hint: `bring it out before: select *, ${name} as time`,
    });
  }
  const columnAt = (field: string): number => scope.resolve([field]) ?? -1;
  const isNamed = node.time !== undefined;
  const known = place.time?.assignment.field === name ? place.time.cell.form : undefined;
  return {
    field: { name, column: path === undefined ? -1 : columnAt(name) },
    start: isNamed ? -1 : columnAt('window_start'),
    end: isNamed ? -1 : columnAt('window_end'),
    form: known?.kind === 'pattern' ? known : undefined,
  };
}

function checkKeys(keys: number, most: number): void {
  if (keys <= most) return;
  throw problem({
    code: 'limit',
    message: `more than ${most} keys are remembered`,
    hint: 'raise --max-keys, or fill fewer keys',
  });
}

function createFill(
  node: FillNode,
  columns: TimeColumns,
  { key, time }: Pick<Place, 'key' | 'time'>,
  scanned: (send: (batch: Batch) => void) => Rescan,
  output: Output,
  services: Services,
): Operator {
  const lasts = new Map<string, Last>();
  const times = createRowTimes();
  const keeper = createKeeper(key);
  const entries = {
    kept: createKeptKeys(key),
    by: node.by,
    spell: (instant: number) => spellBound(instant, time),
  };
  const rescan = scanned((batch) => output.batch(batch));
  const rules = { value: node.value, key: new Set(key.map(({ name }) => name)) };
  const { maxGapMs = Number.POSITIVE_INFINITY, maxKeys = Number.POSITIVE_INFINITY } = node;
  let arrivals = 0;
  const pass = ({ bytes, source }: Pick<KeptRecord, 'bytes' | 'source'>): void =>
    rescan.addBytes(bytes, Number.NaN, Number.NEGATIVE_INFINITY, source);
  /** Puts in what is missing between two records of a key. */
  const putIn = (before: KeptRecord, after: KeptRecord, windowMs: number): void => {
    const lengthMs = after.time - before.time;
    const everyMs = node.everyMs ?? windowMs;
    const missing = Math.round(lengthMs / everyMs) - 1;
    if (missing < 1 || lengthMs > maxGapMs) return;
    const gap = { before: before.bytes, after: after.bytes, lengthMs, everyMs, missing };
    const spelled = (laterMs: number) => timeMembers(times, columns, before.time + laterMs, windowMs);
    for (const bytes of fillersOf(gap, rules, spelled)) pass({ bytes, source: after.source });
  };
  const take = (batch: Batch, row: number): void => {
    const refusal =
      readRowTime(times, columns, batch, row) ??
      (node.everyMs === undefined && times.windowed === false
        ? 'it is no result of a window, whose length would be the step: say --every'
        : undefined);
    if (refusal !== undefined) {
      services.reports.reject(batch, row, refusal);
      return;
    }
    const { time, lengthMs } = times;
    const text = keeper.keyOf(batch, row);
    const record = { ...keeper.keep(batch, row), time };
    const last = lasts.get(text)?.record;
    if (last !== undefined && time > last.time) putIn(last, record, lengthMs);
    pass(record);
    const number = arrivals++;
    if (last !== undefined && time <= last.time) return;
    lasts.set(text, { record, number });
    checkKeys(lasts.size, maxKeys);
  };
  const step = node.everyMs === undefined ? 'the window' : formatDuration(node.everyMs);
  return {
    stateShape: `the last record${spellKeys(key)} to fill by ${step}`,
    staysInMemory: true,
    snapshot(into) {
      writeFacts(into, { arrivals, ...timesFacts(times) });
      const all = Array.from(lasts, ([text, { record, number }]) => ({
        number,
        thing: { ...record, key: text },
      }));
      all.sort((a, b) => a.number - b.number);
      writeNumbered(into, prefix, all, storedRecordCodec);
    },
    restore(from) {
      const { arrivals: so, ...rest } = readFacts(from, { arrivals, ...timesFacts(times) });
      arrivals = so;
      restoreTimes(times, rest);
      readNumbered(from, prefix, storedRecordCodec, (number, { key: text, ...record }) => {
        lasts.set(text, { record, number });
      });
    },
    entries: () => showLasts(entries, lasts),
    edit: () =>
      editLasts(
        entries,
        lasts,
        (count) => checkKeys(count, maxKeys),
        (next) => {
          arrivals = Math.max(arrivals, next);
        },
      ),
    onBatch(batch) {
      for (let k = 0; k < batch.selected; k++) take(batch, batch.selection[k]!);
      rescan.flush();
    },
    onWatermark(watermark) {
      if (watermark === Number.POSITIVE_INFINITY) output.watermark(watermark);
    },
    onEnd() {},
  };
}

export const buildFill: Builder<FillNode> = (node, place) => {
  const keys = keyColumns(node.by, place);
  const columns = timeColumns(node, place);
  const rescan = createRescan();
  const rows = {
    fields: new Map<string, number>(),
    open: true,
    dropped: new Set<string>(),
    layout: rescan.layout,
  };
  const key = place.key.map(({ name }) => ({ name, column: scannedColumn(rescan.layout, [name]) }));
  return {
    place: { ...place, rows, key, time: undefined },
    create: (output, services) =>
      createFill(node, columns, { key: keys.key, time: place.time }, rescan.start, output, services),
  };
};
