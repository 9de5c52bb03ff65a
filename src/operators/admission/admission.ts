/**
 * Passes on the first few records of each key, of each window where there are windows, at once. What it keeps is how many
 * there were, by key bytes in tables without objects; that of a window goes when the window is complete. Without windows it
 * is kept for ever, so the number of keys can be limited, and keys can lie on disk.
 */
import { problem } from '../../diagnostics/index.js';
import {
  type Batch,
  type ByteWriter,
  type Column,
  createByteWriter,
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
import { relieve } from '../keyed-cells/relief.js';
import { createTableSpill, dropTable, readSpill, writeSpill } from '../keyed-cells/table-spill.js';
import type { Operator } from '../operator.js';
import type { Built, Place, Services } from '../place.js';
import { spellKeys } from '../window/kept.js';
import { editCounts, showCounts } from './count-entries.js';
import {
  type CountSpill,
  type Counts,
  countCare,
  createCounts,
  keyCount,
  keysIn,
  readCounts,
  slotOf,
  writeCounts,
} from './counts.js';

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
  /** Where keys go that memory cannot hold; undefined when they are not to go anywhere. */
  readonly spill: CountSpill | undefined;
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
  /** The window of the record before: most often it is that of the next one too. */
  recent: Counts | undefined;
}

/** When the first window is complete; never without windows. */
export function nextFiringOf(open: AdmissionState['open'], { kind }: RowWindows): number {
  if (kind === 'none') return Number.POSITIVE_INFINITY;
  return Math.min(...Array.from(open.values(), ({ end }) => end - 1), Number.POSITIVE_INFINITY);
}

/** Forgets the windows that a watermark completes. */
function pass(running: Running, watermark: number): void {
  const { admission, state } = running;
  // Without windows nothing is ever over, also not at the end of the input.
  if (watermark >= state.nextFiring && admission.windows.kind !== 'none') {
    for (const [name, { end, spilled }] of state.open) {
      if (!hasFired(end, watermark)) continue;
      state.open.delete(name);
      if (spilled !== undefined) dropTable(state.spill!, spilled.id);
    }
    running.recent = undefined;
    state.nextFiring = nextFiringOf(state.open, admission.windows);
    state.keys = keysIn(state.open);
  }
  if (watermark > state.watermark) state.watermark = watermark;
}

function countsOf(running: Running): Counts {
  const { state, locator, recent } = running;
  const { start, end } = locator;
  if (recent !== undefined && recent.start === start && recent.end === end) return recent;
  const name = `${start}/${end}`;
  let counts = state.open.get(name);
  if (counts === undefined) {
    counts = createCounts(start, end);
    state.open.set(name, counts);
    if (locator.windowed === true) state.nextFiring = Math.min(state.nextFiring, end - 1);
  }
  running.recent = counts;
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
function isAdmitted(running: Running, batch: Batch, row: number, key: readonly Column[]): boolean {
  const { admission, state, locator, keyBytes } = running;
  if (!locate(locator, admission.windows, batch, row, running.services)) return false;
  if (locator.mark > state.watermark) pass(running, locator.mark);
  const counts = countsOf(running);
  keyBytes.length = 0;
  writeKeysBytes(keyBytes, key, row);
  const before = keyCount(counts);
  const slot = slotOf(counts, keyBytes.bytes, keyBytes.length, state.spill);
  if (keyCount(counts) > before) checkKeys(++state.keys, admission.maxKeys);
  const { numbers } = counts.cells;
  if (numbers[slot]! >= admission.limit) return false;
  numbers[slot]!++;
  return true;
}

function takeBatch(running: Running, batch: Batch): void {
  const { selection, selected, times } = batch;
  const { windows, keys } = running.admission;
  const isTimed = windows.kind === 'time';
  const key = keys.key.map(({ column }) => batch.columns[column]!);
  let kept = 0;
  for (let k = 0; k < selected; k++) {
    const row = selection[k]!;
    if (!isAdmitted(running, batch, row, key)) continue;
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
    snapshot(into) {
      writeFacts(into, { watermark: state.watermark });
      writeCounts(into, state.open);
      writeSpill(into, state.spill);
    },
    restore(from) {
      state.watermark = readFacts(from, { watermark: 0 }).watermark;
      readSpill(from, state.spill);
      readCounts(from, state.open, state.spill);
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
    onRest() {
      const { spill, open } = state;
      if (spill === undefined) return false;
      spill.dropped.length = 0;
      return relieve(spill, countCare, open.values());
    },
  };
}

/** An operator that admits the first records, and the place behind it. */
export function buildAdmission(admission: Admission, place: Place): Built {
  const { windows } = admission;
  return {
    place: windows.kind === 'none' ? place : plainPlace(place, windows),
    create(output, services) {
      const state: AdmissionState = {
        open: new Map(),
        spill: services.spill === undefined ? undefined : createTableSpill(services.spill),
        keys: 0,
        watermark: Number.NEGATIVE_INFINITY,
        nextFiring: Number.POSITIVE_INFINITY,
      };
      const running: Running = {
        admission,
        state,
        locator: createLocator(windows),
        services,
        keyBytes: createByteWriter(256),
        recent: undefined,
      };
      return createAdmission(admission, running, output);
    },
  };
}
