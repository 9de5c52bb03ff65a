/**
 * Records by event time and, of one time, by arrival: kept as bytes until the watermark has reached their time. One that is
 * older than the watermark before it comes when later ones may have left, and is late; one that is as old is not, for it can
 * still follow what has left.
 */
import type { Batch } from '../../record/index.js';
import {
  createWindowQueue,
  nextEnd,
  popWindow,
  pushWindow,
  readFacts,
  readNumbered,
  type WindowQueue,
  writeFacts,
  writeNumbered,
} from '../../state/index.js';
import { heldInOrderMs, markInOrder } from '../../time/index.js';
import type { Operator, Output } from '../operator.js';
import type { Services } from '../place.js';
import type { Rescan } from '../rescan.js';
import { createKeeper, type KeptRecord, storedRecordCodec } from '../window/kept.js';
import { editTimed, showTimed } from './sort-entries.js';

interface State {
  /** Records by arrival, under the numbers that the queue has for them. */
  readonly kept: Map<number, { readonly record: KeptRecord; readonly number: number }>;
  /** By time and arrival. */
  queue: WindowQueue;
  nextId: number;
  arrivals: number;
  watermark: number;
}

const recordsPrefix = 'records/';

function keep(state: State, record: KeptRecord, number: number): void {
  const id = state.nextId;
  state.nextId = (id + 1) & 0x7fffffff;
  state.kept.set(id, { record, number });
  pushWindow(state.queue, number, record.time, id);
}

function stateHooks(state: State): Pick<Operator, 'snapshot' | 'restore' | 'entries' | 'edit'> {
  return {
    snapshot(into) {
      const { arrivals, watermark, kept } = state;
      writeFacts(into, { arrivals, watermark });
      const all = Array.from(kept.values(), ({ record, number }) => ({
        number,
        thing: { ...record, key: '' },
      }));
      writeNumbered(into, recordsPrefix, all, storedRecordCodec);
    },
    restore(from) {
      Object.assign(state, readFacts(from, { arrivals: 0, watermark: 0 }));
      readNumbered(from, recordsPrefix, storedRecordCodec, (number, { key: _, ...record }) => {
        keep(state, record, number);
      });
    },
    entries() {
      const all = Array.from(state.kept.values(), ({ record, number }) => ({ number, kept: record }));
      return showTimed(all);
    },
    edit: () =>
      editTimed(state.watermark, (all) => {
        state.kept.clear();
        state.queue = createWindowQueue();
        for (const { number, kept } of all) {
          keep(state, kept, number);
          state.arrivals = Math.max(state.arrivals, number + 1);
        }
      }),
  };
}

export function createTimeSort(
  scanned: (send: (batch: Batch) => void) => Rescan,
  output: Output,
  services: Services,
): Operator {
  const state: State = {
    kept: new Map(),
    queue: createWindowQueue(),
    nextId: 0,
    arrivals: 0,
    watermark: Number.NEGATIVE_INFINITY,
  };
  const keeper = createKeeper([]);
  const rescan = scanned((batch) => output.batch(batch));
  /** Gives on what the watermark has reached. */
  const release = (watermark: number): void => {
    const { kept, queue } = state;
    while (nextEnd(queue) <= watermark && queue.size > 0) {
      const id = popWindow(queue);
      const { record } = kept.get(id)!;
      kept.delete(id);
      rescan.addBytes(record.bytes, record.time, markInOrder(record.time), record.source);
    }
    if (watermark > state.watermark) state.watermark = watermark;
  };
  return {
    stateShape: 'records by event time',
    staysInMemory: true,
    ...stateHooks(state),
    onBatch(batch) {
      for (let k = 0; k < batch.selected; k++) {
        const row = batch.selection[k]!;
        const mark = batch.marks[row]!;
        if (mark > state.watermark) release(mark);
        if (batch.times[row]! < mark) services.reports.late(batch, row);
        else keep(state, keeper.keep(batch, row), state.arrivals++);
      }
      rescan.flush();
    },
    onWatermark(watermark) {
      release(watermark);
      rescan.flush();
      output.watermark(watermark - heldInOrderMs);
    },
    onEnd() {},
  };
}
