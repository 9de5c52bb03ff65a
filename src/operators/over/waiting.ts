/** Records that wait for the watermark, by time and arrival, with the values that their aggregates take in. */
import { decodeValue, encodeValue } from '../../expression/index.js';
import {
  type Codec,
  createWindowQueue,
  nextEnd,
  popWindow,
  pushWindow,
  readNumbered,
  type SnapshotReader,
  type SnapshotWriter,
  type WindowQueue,
  writeNumbered,
} from '../../state/index.js';
import { type StoredRecord, storedRecordCodec } from '../window/kept.js';
import type { Values } from './folding.js';

/** A record that waits. */
export interface WaitingRecord extends StoredRecord {
  /** Of its arrival. */
  readonly arrival: number;
  readonly values: Values;
}

export interface Waiting {
  readonly records: Map<number, WaitingRecord>;
  readonly queue: WindowQueue;
  nextId: number;
}

const prefix = 'waiting/';

export function createWaiting(): Waiting {
  return { records: new Map(), queue: createWindowQueue(), nextId: 0 };
}

export function addWaiting(waiting: Waiting, record: WaitingRecord): void {
  const id = waiting.nextId;
  waiting.nextId = (id + 1) & 0x7fffffff;
  waiting.records.set(id, record);
  pushWindow(waiting.queue, record.arrival, record.time, id);
}

/** The time of the first record; +Infinity when there is none. */
export const nextTime = ({ queue }: Waiting): number => nextEnd(queue);

/** Takes out all records of the first time, in the order of arrival. There must be one. */
export function takeNext({ records, queue }: Waiting): readonly WaitingRecord[] {
  const time = nextEnd(queue);
  const taken: WaitingRecord[] = [];
  while (queue.size > 0 && nextEnd(queue) === time) {
    const id = popWindow(queue);
    taken.push(records.get(id)!);
    records.delete(id);
  }
  return taken;
}

type Stored = Omit<WaitingRecord, 'arrival'>;

function codecOf(values: number): Codec<Stored> {
  return {
    write(out, record) {
      storedRecordCodec.write(out, record);
      for (const value of record.values) encodeValue(out, value);
    },
    read(from) {
      const record = storedRecordCodec.read(from);
      return { ...record, values: Array.from({ length: values }, () => decodeValue(from)) };
    },
  };
}

/** Writes the records, each with so many values. */
export function writeWaiting(into: SnapshotWriter, { records }: Waiting, values: number): void {
  const all = Array.from(records.values(), (thing) => ({ number: thing.arrival, thing }));
  all.sort((a, b) => a.number - b.number);
  writeNumbered<Stored>(into, prefix, all, codecOf(values));
}

export function readWaiting(from: SnapshotReader, waiting: Waiting, values: number): void {
  readNumbered(from, prefix, codecOf(values), (arrival, record) =>
    addWaiting(waiting, { ...record, arrival }),
  );
}
