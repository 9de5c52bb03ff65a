/** Chosen records as pages of a state: each with its window, key, rank and the first record of its key, by number. */
import { decodeValue, encodeValue } from '../../expression/index.js';
import { putCount, putDouble, takeCount, takeDouble } from '../../record/index.js';
import {
  type Codec,
  readNumbered,
  type SnapshotReader,
  type SnapshotWriter,
  writeNumbered,
} from '../../state/index.js';
import { type StoredRecord, storedRecordCodec } from '../window/kept.js';
import { type Before, type Candidate, groupOf, insert, type Panes, paneOf } from './panes.js';

const recordsPrefix = 'records/';

/** A candidate with all that is above it, but for its number. */
export interface StoredCandidate extends StoredRecord {
  readonly start: number;
  readonly end: number;
  readonly first: number;
  readonly rank: Candidate['rank'];
}

const codec: Codec<StoredCandidate> = {
  write(out, thing) {
    putDouble(out, thing.start);
    putDouble(out, thing.end);
    putCount(out, thing.first);
    encodeValue(out, thing.rank);
    storedRecordCodec.write(out, thing);
  },
  read(from) {
    const start = takeDouble(from);
    const end = takeDouble(from);
    const first = takeCount(from);
    const rank = decodeValue(from);
    return { ...storedRecordCodec.read(from), start, end, first, rank };
  },
};

export function writePanes(into: SnapshotWriter, panes: Panes): void {
  const all = [...panes.values()].flatMap(({ start, end, groups }) =>
    [...groups.values()].flatMap(({ key, first, best }) =>
      best.map(({ number, rank, record }) => ({
        number,
        thing: { ...record, key, start, end, first, rank },
      })),
    ),
  );
  all.sort((a, b) => a.number - b.number);
  writeNumbered(into, recordsPrefix, all, codec);
}

/** Puts a record back where it was. */
export function putBack(panes: Panes, number: number, stored: StoredCandidate, before: Before): void {
  const { start, end, first, key, rank, bytes, time, source } = stored;
  const group = groupOf(paneOf(panes, start, end), key, first);
  insert(group, { number, rank, record: { bytes, time, source } }, Number.POSITIVE_INFINITY, before);
}

export function readPanes(from: SnapshotReader, panes: Panes, before: Before): void {
  readNumbered(from, recordsPrefix, codec, (number, stored) => putBack(panes, number, stored, before));
}
