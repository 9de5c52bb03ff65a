/**
 * Records kept as bytes until their window is complete, by key. What is kept is the line as it would
 * leave; it is scanned again when it does. Shared by session and count windows.
 */
import {
  type Batch,
  type ByteWriter,
  createByteWriter,
  createEncoders,
  encodeBatch,
  putDouble,
  putSpan,
  putText,
  takeDouble,
  takeSpan,
  takeText,
  writeKeysBytes,
} from '../../record/index.js';
import type { Codec } from '../../state/index.js';
import type { PlaceKey } from '../place.js';

/** One kept record: its bytes without newline, its time, where it came from. */
export interface KeptRecord {
  readonly bytes: Uint8Array;
  readonly time: number;
  readonly source: string;
}

/** A kept record in state, with the key that it is kept under. */
export interface StoredRecord extends KeptRecord {
  readonly key: string;
}

export const storedRecordCodec: Codec<StoredRecord> = {
  write(out, { key, time, source, bytes }) {
    putSpan(out, Buffer.from(key, 'latin1'));
    putDouble(out, time);
    putText(out, source);
    putSpan(out, bytes);
  },
  read(from) {
    const key = takeSpan(from).toString('latin1');
    const time = takeDouble(from);
    const source = takeText(from);
    return { key, time, source, bytes: Uint8Array.from(takeSpan(from)) };
  },
};

/** Reads keys and lines of rows. */
export interface Keeper {
  /** The key of a row as a text of one character a byte: equal keys, equal texts. */
  keyOf(batch: Batch, row: number): string;
  keep(batch: Batch, row: number): KeptRecord;
}

/** The key in the shape of a state. */
export function spellKeys(key: readonly PlaceKey[]): string {
  return key.length === 0 ? '' : ` of ${key.map(({ name }) => name).join(', ')}`;
}

/** A keeper for rows with this key. */
export function createKeeper(key: readonly PlaceKey[]): Keeper {
  const columns = key.map(({ column }) => column);
  const keyBytes: ByteWriter = createByteWriter(256);
  const line: ByteWriter = createByteWriter(1024);
  const encoderFor = createEncoders();
  const single = new Int32Array(1);
  return {
    keyOf(batch, row) {
      keyBytes.length = 0;
      writeKeysBytes(
        keyBytes,
        columns.map((column) => batch.columns[column]!),
        row,
      );
      return keyBytes.bytes.toString('latin1', 0, keyBytes.length);
    },
    keep(batch, row) {
      const { selection, selected } = batch;
      single[0] = row;
      batch.selection = single;
      batch.selected = 1;
      line.length = 0;
      encodeBatch(encoderFor(batch.image), batch, line);
      batch.selection = selection;
      batch.selected = selected;
      const bytes = Uint8Array.prototype.slice.call(line.bytes, 0, line.length - 1);
      return { bytes, time: batch.times[row]!, source: batch.source };
    },
  };
}
