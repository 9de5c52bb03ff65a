/**
 * Passes on the first few records of each key, of each window where there are windows, at once. What it keeps is how many
 * there were, by key bytes in tables without objects; that of a window goes when the window is complete. Without windows it
 * is kept for ever, so the number of keys can be limited.
 */
import { problem } from '../../diagnostics/index.js';
import {
  type Batch,
  type ByteWriter,
  createByteWriter,
  hashBytes,
  writeKeysBytes,
} from '../../record/index.js';
import { readFacts, writeFacts } from '../../state/index.js';
import { hasFired, windowTime } from '../../time/index.js';
import { rejectOf } from '../builder.js';
import type { KeyColumns } from '../chosen/key-columns.js';
import {
  createLocator,
  locate,
  plainPlace,
  type RowLocator,
  type RowWindows,
  spellWindows,
} from '../chosen/row-windows.js';
import type { Operator } from '../operator.js';
import type { Built, Place, Services } from '../place.js';
import { spellKeys } from '../window/kept.js';
import { editCounts, showCounts } from './count-entries.js';
import { type Counts, countKey, createCounts, keysIn, readCounts, writeCounts } from './counts.js';

export interface Admission {
  readonly keys: KeyColumns;
  readonly windows: RowWindows;
  /** Records of a key that are passed on. */
  readonly limit: number;
  /** Most keys that may be remembered at once. */
  readonly maxKeys: number;
}

export interface AdmissionState {
  /** Of the windows that are open, or one of everything with the bounds 0 and 0. */
  readonly open: Map<string, Counts>;
  keys: number;
  watermark: number;
  nextFiring: number;
}

interface Running {
  readonly admission: Admission;
  readonly state: AdmissionState;
  readonly locator: RowLocator;
  readonly services: Services;
  readonly keyBytes: ByteWriter;
  readonly columns: readonly number[];
}

/** When the first window is complete; never without windows. */
export function nextFiringOf(open: AdmissionState['open'], { kind }: RowWindows): number {
  if (kind === 'none') return Number.POSITIVE_INFINITY;
  return Math.min(...Array.from(open.values(), ({ end }) => end - 1), Number.POSITIVE_INFINITY);
}

/** Forgets the windows that a watermark completes. */
function pass({ admission, state }: Running, watermark: number): void {
  if (watermark >= state.nextFiring) {
    for (const [name, { end }] of state.open) if (hasFired(end, watermark)) state.open.delete(name);
    state.nextFiring = nextFiringOf(state.open, admission.windows);
    state.keys = keysIn(state.open);
  }
  if (watermark > state.watermark) state.watermark = watermark;
}

function countsOf({ state, locator }: Running): Counts {
  const { start, end } = locator;
  const name = `${start}/${end}`;
  let counts = state.open.get(name);
  if (counts === undefined) {
    counts = createCounts(start, end);
    state.open.set(name, counts);
    if (locator.windowed === true) state.nextFiring = Math.min(state.nextFiring, end - 1);
  }
  return counts;
}

function checkKeys(keys: number, mostKeys: number): void {
  if (keys <= mostKeys) return;
  throw problem({
    code: 'limit',
    message: `more than ${mostKeys} keys are remembered`,
    hint: 'raise --max-keys, or let them be forgotten: in windows, or by dedup --within',
  });
}

/** Whether a row is one of the first of its key. */
function isAdmitted(running: Running, batch: Batch, row: number): boolean {
  const { admission, state, locator, keyBytes, columns } = running;
  if (!locate(locator, admission.windows, batch, row, running.services)) return false;
  if (locator.mark > state.watermark) pass(running, locator.mark);
  const counts = countsOf(running);
  keyBytes.length = 0;
  writeKeysBytes(
    keyBytes,
    columns.map((column) => batch.columns[column]!),
    row,
  );
  const { bytes, length } = keyBytes;
  const before = counts.table.count;
  const isOneMore = countKey(counts, bytes, length, hashBytes(bytes, 0, length), admission.limit);
  if (counts.table.count > before) checkKeys(++state.keys, admission.maxKeys);
  return isOneMore;
}

function takeBatch(running: Running, batch: Batch): void {
  const { selection, selected, times } = batch;
  const isTimed = running.admission.windows.kind === 'time';
  let kept = 0;
  for (let k = 0; k < selected; k++) {
    const row = selection[k]!;
    if (!isAdmitted(running, batch, row)) continue;
    if (isTimed) times[row] = windowTime(running.locator.end);
    selection[kept++] = row;
  }
  batch.selected = kept;
}

function createAdmission(
  admission: Admission,
  running: Running,
  output: Parameters<Built['create']>[0],
): Operator {
  const { keys, windows, limit } = admission;
  const { state, services } = running;
  const reject = rejectOf(services);
  return {
    stateShape: `the first ${limit} records${spellKeys(keys.key)}${spellWindows(windows)}`,
    staysInMemory: true,
    snapshot(into) {
      writeFacts(into, { watermark: state.watermark });
      writeCounts(into, state.open);
    },
    restore(from) {
      state.watermark = readFacts(from, { watermark: 0 }).watermark;
      readCounts(from, state.open);
      state.keys = keysIn(state.open);
      state.nextFiring = nextFiringOf(state.open, windows);
    },
    entries: () => showCounts(admission, state),
    edit: () => editCounts(admission, state),
    onBatch(batch) {
      keys.project(batch, reject);
      takeBatch(running, batch);
      output.batch(batch);
    },
    onWatermark(watermark) {
      pass(running, watermark);
      output.watermark(watermark);
    },
    onEnd() {},
  };
}

/** An operator that admits the first records, and the place behind it. */
export function buildAdmission(admission: Admission, place: Place): Built {
  const { windows, keys } = admission;
  return {
    place: windows.kind === 'none' ? place : plainPlace(place, windows),
    create(output, services) {
      const state: AdmissionState = {
        open: new Map(),
        keys: 0,
        watermark: Number.NEGATIVE_INFINITY,
        nextFiring: Number.POSITIVE_INFINITY,
      };
      const columns = keys.key.map(({ column }) => column);
      const running = {
        admission,
        state,
        locator: createLocator(windows),
        services,
        keyBytes: createByteWriter(256),
        columns,
      };
      return createAdmission(admission, running, output);
    },
  };
}
