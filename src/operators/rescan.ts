/**
 * Records written out and scanned again into batches of a layout of their own, with times and watermarks
 * carried over. For operators that make records anew or keep them as bytes; the rows come out in the order
 * in which they were added.
 */
import {
  type Batch,
  type ByteWriter,
  batchCapacity,
  createBatch,
  createByteWriter,
  createJsonScanner,
  createLayout,
  type Layout,
  reserve,
  writeBytes,
} from '../record/index.js';

/** A rescan under way. */
export interface Rescan {
  /** Adds one row of a batch; `encode` writes it as a line, given the batch with only that row selected. */
  add(batch: Batch, row: number, encode: (one: Batch, out: ByteWriter) => void): void;
  /** Adds a record that was kept as bytes, without newline. */
  addBytes(bytes: Uint8Array, time: number, mark: number, source: string): void;
  /** Sends on what was added. */
  flush(): void;
}

/** Scanners may read this far past the end of what they scan. */
const paddingBytes = 64;

/** A layout for the rows to come; `start` is called once the layout is complete. */
export function createRescan(): { readonly layout: Layout; start(send: (batch: Batch) => void): Rescan } {
  const layout = createLayout();
  return { layout, start: (send) => startRescan(layout, send) };
}

function startRescan(layout: Layout, send: (batch: Batch) => void): Rescan {
  const scanner = createJsonScanner(layout);
  const batch = createBatch({ base: 'line', dropped: [], fields: [] });
  const { image } = batch;
  const out = createByteWriter();
  const times = new Float64Array(batchCapacity);
  const marks = new Float64Array(batchCapacity);
  const single = new Int32Array(1);
  let count = 0;

  const flush = (): void => {
    if (count === 0) return;
    reserve(out, paddingBytes);
    scanner.scan(out.bytes, 0, out.length, true, batch);
    batch.times.set(times.subarray(0, count));
    batch.marks.set(marks.subarray(0, count));
    batch.image = image;
    count = 0;
    out.length = 0;
    send(batch);
  };
  const added = (time: number, mark: number, source: string): void => {
    times[count] = time;
    marks[count] = mark;
    batch.source = source;
    if (++count === batchCapacity) flush();
  };

  return {
    add(from, row, encode) {
      const { selection, selected } = from;
      single[0] = row;
      from.selection = single;
      from.selected = 1;
      encode(from, out);
      from.selection = selection;
      from.selected = selected;
      added(from.times[row]!, from.marks[row]!, from.source);
    },
    addBytes(bytes, time, mark, source) {
      writeBytes(out, bytes, 0, bytes.length);
      reserve(out, 1);
      out.bytes[out.length++] = 0x0a;
      added(time, mark, source);
    },
    flush,
  };
}
