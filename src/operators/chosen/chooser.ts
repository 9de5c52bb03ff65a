/**
 * Keeps the best records of each window and key, and passes them on when the window is complete, or at the end of the input
 * where there are no windows. Watermarks are used up with the windows; what leaves are the bytes that came, windows
 * by their end and start. How records are ranked is the caller's business.
 */
import type { Value } from '../../expression/index.js';
import type { Batch } from '../../record/index.js';
import { readFacts, writeFacts } from '../../state/index.js';
import { hasFired, markInOrder, windowTime } from '../../time/index.js';
import { type Reject, rejectOf } from '../builder.js';
import type { Operator, Output, RowShape } from '../operator.js';
import type { Built, Place, Services } from '../place.js';
import { createRescan, type Rescan } from '../rescan.js';
import { createKeeper, type Keeper, spellKeys } from '../window/kept.js';
import { editChosen, showChosen } from './chosen-entries.js';
import { readPanes, writePanes } from './chosen-pages.js';
import type { KeyColumns } from './key-columns.js';
import { type Before, groupOf, inOrder, insert, isAmong, type Pane, type Panes, paneOf } from './panes.js';
import {
  completeBefore,
  createLocator,
  locate,
  locatorFacts,
  plainPlace,
  type RowLocator,
  type RowWindows,
  restoreLocator,
  spellWindows,
} from './row-windows.js';

/** What is kept, and how it leaves. */
export interface Choice {
  /** What is kept of a key, for the shape of the state. */
  readonly shape: string;
  readonly keys: KeyColumns;
  readonly windows: RowWindows;
  /** Most records of a key. */
  readonly limit: number;
  readonly before: Before;
  readonly order: 'rank' | 'arrival';
  /** Computes what ranks are read from, before the rows of a batch are asked for. */
  prepare(batch: Batch, reject: Reject): void;
  rankOf(batch: Batch, row: number, number: number): Value;
}

/** What a chooser keeps. */
export interface ChooserState {
  readonly panes: Panes;
  readonly locator: RowLocator;
  arrivals: number;
  /** The highest watermark so far. */
  watermark: number;
  /** Nothing fires before the watermark has come here. */
  nextFiring: number;
}

interface Running {
  readonly choice: Choice;
  readonly state: ChooserState;
  readonly keeper: Keeper;
  readonly rescan: Rescan;
  readonly services: Services;
}

function emit({ choice, state, rescan }: Running, pane: Pane): void {
  const isTimed = choice.windows.kind === 'time';
  for (const { record } of inOrder(pane, choice.order)) {
    const time = isTimed ? windowTime(pane.end) : record.time;
    const mark = isTimed ? Math.max(state.watermark, markInOrder(time)) : state.watermark;
    rescan.addBytes(record.bytes, time, mark, record.source);
  }
}

/** When the first of the panes fires. */
export function nextFiringOf({ panes, locator }: ChooserState): number {
  let next = Number.POSITIVE_INFINITY;
  if (locator.windowed !== false) for (const { end } of panes.values()) next = Math.min(next, end - 1);
  return next;
}

/** Passes on the windows that a watermark completes. */
function fire(running: Running, watermark: number): void {
  const { state, rescan } = running;
  if (watermark >= state.nextFiring) {
    const due = [...state.panes].filter(([, { end }]) => hasFired(end, watermark));
    due.sort(([, a], [, b]) => a.end - b.end || a.start - b.start);
    for (const [name, pane] of due) {
      emit(running, pane);
      state.panes.delete(name);
    }
    rescan.flush();
    state.nextFiring = nextFiringOf(state);
  }
  if (watermark > state.watermark) state.watermark = watermark;
}

function takeRow(running: Running, batch: Batch, row: number): void {
  const { choice, state, keeper, services } = running;
  const { panes, locator } = state;
  if (!locate(locator, choice.windows, batch, row, services)) return;
  if (locator.mark > state.watermark) fire(running, locator.mark);
  const pane = paneOf(panes, locator.start, locator.end);
  if (locator.windowed === true) state.nextFiring = Math.min(state.nextFiring, locator.end - 1);
  const number = state.arrivals++;
  const ranked = { number, rank: choice.rankOf(batch, row, number) };
  const group = groupOf(pane, keeper.keyOf(batch, row), number);
  if (!isAmong(group, ranked, choice.limit, choice.before)) return;
  insert(group, { ...ranked, record: keeper.keep(batch, row) }, choice.limit, choice.before);
}

function stateHooks({ choice, state }: Running): Pick<Operator, 'snapshot' | 'restore' | 'entries' | 'edit'> {
  const { windows, before } = choice;
  const { locator, panes } = state;
  const facts = () => {
    const { arrivals, watermark } = state;
    return { arrivals, watermark, ...locatorFacts(locator, windows) };
  };
  return {
    snapshot(into) {
      writeFacts(into, facts());
      writePanes(into, panes);
    },
    restore(from) {
      const { arrivals, watermark, ...rest } = readFacts(from, facts());
      Object.assign(state, { arrivals, watermark });
      restoreLocator(locator, windows, rest);
      readPanes(from, panes, before);
      state.nextFiring = nextFiringOf(state);
    },
    entries: () => showChosen(choice, state),
    edit: () => editChosen(choice, state),
  };
}

function createChooser(
  choice: Choice,
  scanned: (send: (batch: Batch) => void) => Rescan,
  output: Output,
  services: Services,
): Operator {
  const { keys, windows } = choice;
  const state: ChooserState = {
    panes: new Map(),
    locator: createLocator(windows),
    arrivals: 0,
    watermark: Number.NEGATIVE_INFINITY,
    nextFiring: Number.POSITIVE_INFINITY,
  };
  const rescan = scanned((batch) => output.batch(batch));
  const running: Running = { choice, state, keeper: createKeeper(keys.key), rescan, services };
  const reject = rejectOf(services);
  const isSaid = windows.kind === 'time' || windows.kind === 'count';
  return {
    stateShape: `${choice.shape}${spellKeys(keys.key)}${spellWindows(windows)}`,
    staysInMemory: true,
    ...stateHooks(running),
    onBatch(batch) {
      keys.project(batch, reject);
      choice.prepare(batch, reject);
      for (let k = 0; k < batch.selected; k++) takeRow(running, batch, batch.selection[k]!);
      if (windows.kind === 'found') fire(running, completeBefore(state.locator));
    },
    onWatermark(watermark) {
      if (!isSaid) return;
      fire(running, watermark);
      output.watermark(Math.min(watermark, markInOrder(state.nextFiring)));
    },
    onEnd() {
      if (isSaid) return;
      fire(running, Number.POSITIVE_INFINITY);
      output.watermark(Number.POSITIVE_INFINITY);
    },
  };
}

/** An operator that makes a choice, and the place behind it. */
export function buildChooser(choice: Choice, place: Place): Built {
  const rescan = createRescan();
  const rows: RowShape = { fields: new Map(), open: true, dropped: new Set(), layout: rescan.layout };
  return {
    place: { ...plainPlace(place, choice.windows), rows },
    create: (output, services) => createChooser(choice, rescan.start, output, services),
  };
}
