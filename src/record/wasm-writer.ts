/**
 * The WebAssembly writer (wasm/writer.as.ts) and its memory. It has a memory of its own, into which what is to be
 * written is copied and out of which what was written is copied: two copies in bulk cost a tenth of what copying
 * line by line in JavaScript does, and any batch can be written, whatever its bytes lie in. One instance serves all
 * encoders, for nothing of a call is kept for the next. Where there is no WebAssembly, everything is left to the
 * TypeScript encoder; so it is with rows that the writer stops before.
 */
import { batchCapacity } from './batch.js';
import { type ByteWriter, reserve } from './byte-writer.js';
import { type Column, Tag } from './column.js';
import binary from './wasm/writer.wasm';

/** What wasm/writer.as.ts exports. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly written: { readonly value: number };
  readonly done: { readonly value: number };
  extend(...words: number[]): void;
  compose(...words: number[]): void;
}

interface Machine {
  readonly exports: Exports;
  bytes: Uint8Array;
  words: Int32Array;
  doubles: Float64Array;
}

/** Bytes that may be read behind every source and written behind the room. */
const paddingBytes = 64;
/** A tail and its length, as extend takes it. */
export const longestTailBytes = 508;
const tailStride = longestTailBytes + 4;
const longestLeadBytes = 1024;
/** Fields of a record behind its lead, and the bytes of their keys, with 64 bytes behind the last one. */
const mostFields = 32;
const longestKeysBytes = 4096;
const fieldWords = 7;
const roomBytes = 1 << 18;
/** Spans of one source further apart than this are not worth copying all that lies between them. */
const mostSpanBytes = 1 << 20;

const rows = batchCapacity;
// Where things are: by row, then the room, then what grows.
const startsAt = 1024;
const endsAt = startsAt + 4 * rows;
const picksAt = endsAt + 4 * rows;
const rowsAt = picksAt + rows;
const tailsAt = rowsAt + 4 * rows;
const leadAt = tailsAt + 2 * tailStride;
const keysAt = leadAt + longestLeadBytes + paddingBytes;
const fieldsAt = keysAt + longestKeysBytes + paddingBytes;
const roomAt = fieldsAt + 4 * fieldWords * mostFields;
const freeAt = (roomAt + roomBytes + paddingBytes + 63) & ~63;
/** The arrays of a field: numbers, starts, lengths, tags. */
const columnBytes = 17 * rows;

let machine: Machine | undefined | null;

function view(exports: Exports): Machine {
  const { buffer } = exports.memory;
  return {
    exports,
    bytes: new Uint8Array(buffer),
    words: new Int32Array(buffer),
    doubles: new Float64Array(buffer),
  };
}

/** The writer, made when it is first asked for; undefined where there is none. */
function writer(): Machine | undefined {
  if (machine === undefined) {
    machine = null;
    if (process.env['LEAT_SCANNER'] !== 'js') {
      try {
        const instance = new WebAssembly.Instance(new WebAssembly.Module(binary), {});
        machine = view(instance.exports as unknown as Exports);
      } catch {
        // As in default-scanner.ts: everything still works, only slower.
      }
    }
  }
  return machine ?? undefined;
}

/** Makes the memory reach up to `end`; undefined when it cannot. */
function reach(made: Machine, end: number): Machine | undefined {
  const missing = end + paddingBytes - made.bytes.length;
  if (missing <= 0) return made;
  try {
    made.exports.memory.grow((missing + 0xffff) >>> 16);
  } catch {
    return undefined;
  }
  machine = view(made.exports);
  return machine;
}

/** Appends what the last call has written. */
function take(made: Machine, out: ByteWriter): void {
  const length = made.exports.written.value - roomAt;
  reserve(out, length);
  out.bytes.set(made.bytes.subarray(roomAt, roomAt + length), out.length);
  out.length += length;
}

/** Lines of one chunk that are to be written with one of two tails. */
export interface LineRun {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly picks: Uint8Array;
  count: number;
  /** The part of the chunk that they lie in. */
  from: number;
  to: number;
}

export function createLineRun(): LineRun {
  return {
    starts: new Int32Array(rows),
    ends: new Int32Array(rows),
    picks: new Uint8Array(rows),
    count: 0,
    from: 0,
    to: 0,
  };
}

/**
 * Appends the lines of a run, each with its tail in the place of the closing brace. Returns how many it has
 * written: it stops before an empty object and, with `escapes`, before kin of control lines.
 */
export function extendLines(
  bytes: Uint8Array,
  run: LineRun,
  tails: readonly [ByteWriter, ByteWriter],
  escapes: boolean,
  out: ByteWriter,
): number {
  const { count, from, to } = run;
  const made = to - from > mostSpanBytes ? undefined : writer();
  const ready = made === undefined ? undefined : reach(made, freeAt + to - from);
  if (ready === undefined) return 0;
  const { exports } = ready;
  ready.bytes.set(bytes.subarray(from, to), freeAt);
  ready.words.set(run.starts.subarray(0, count), startsAt >> 2);
  ready.words.set(run.ends.subarray(0, count), endsAt >> 2);
  ready.bytes.set(run.picks.subarray(0, count), picksAt);
  tails.forEach((tail, index) => {
    const at = tailsAt + index * tailStride;
    ready.bytes.set(tail.bytes.subarray(0, tail.length), at);
    ready.words[(at + longestTailBytes) >> 2] = tail.length;
  });
  // Spans are offsets in the chunk, whose part begins at freeAt.
  const chunk = freeAt - from;
  const limit = roomAt + roomBytes;
  for (let done = 0; ; ) {
    const before = done;
    exports.extend(
      chunk,
      startsAt,
      endsAt,
      picksAt,
      done,
      count,
      tailsAt,
      tailStride,
      +escapes,
      roomAt,
      limit,
    );
    done = exports.done.value;
    if (done === before) return done;
    take(ready, out);
    if (done === count) return done;
  }
}

/** A field of records to compose: its column, and what stands before its value. */
export interface ComposedField {
  readonly column: Column;
  readonly key: Uint8Array;
}

/** Records that are ready to be composed: what `write` needs to know of them. */
export interface Composition {
  readonly fieldCount: number;
  readonly fixedBytes: number;
}

/** The stretch of a column's bytes that the spans of its rows lie in; undefined if some rows need more than copying. */
function stretchOf({ tags, starts, lengths }: Column, selection: Int32Array, selected: number) {
  let from = 0x7fff_ffff;
  let to = 0;
  for (let k = 0; k < selected; k++) {
    const row = selection[k]!;
    const tag = tags[row]!;
    if (tag > Tag.array) return undefined;
    if (tag < Tag.number || lengths[row] === 0) continue;
    const start = starts[row]!;
    const end = start + lengths[row]!;
    if (start < from) from = start;
    if (end > to) to = end;
  }
  return from < to ? { from, to } : { from: 0, to: 0 };
}

/** Copies what the fields of the selected rows need; undefined when they cannot be composed. */
export function prepareFields(
  fields: readonly ComposedField[],
  count: number,
  selection: Int32Array,
  selected: number,
): Composition | undefined {
  const stretches = fields.map(({ column }) => stretchOf(column, selection, selected));
  let end = freeAt + fields.length * columnBytes;
  let keysBytes = 0;
  let spanBytes = 0;
  for (let index = 0; index < fields.length; index++) {
    const stretch = stretches[index];
    if (stretch === undefined) return undefined;
    spanBytes += stretch.to - stretch.from;
    end += stretch.to - stretch.from + paddingBytes;
    keysBytes += fields[index]!.key.length;
  }
  // Rows that lie far apart are few, and copying what is between them costs more than they do.
  const sparse = spanBytes > Math.min(mostSpanBytes, 256 * selected);
  if (sparse || count > rows || fields.length > mostFields || keysBytes > longestKeysBytes) return undefined;
  const made = writer();
  const ready = made === undefined ? undefined : reach(made, end);
  if (ready === undefined) return undefined;
  let key = keysAt;
  let spans = freeAt + fields.length * columnBytes;
  fields.forEach(({ column, key: keyBytes }, index) => {
    const { from, to } = stretches[index]!;
    const at = freeAt + index * columnBytes;
    ready.doubles.set(column.numbers.subarray(0, count), at >> 3);
    ready.words.set(column.starts.subarray(0, count), (at + 8 * rows) >> 2);
    ready.words.set(column.lengths.subarray(0, count), (at + 12 * rows) >> 2);
    ready.bytes.set(column.tags.subarray(0, count), at + 16 * rows);
    ready.bytes.set(column.bytes.subarray(from, to), spans);
    ready.bytes.set(keyBytes, key);
    const field = [at, at + 8 * rows, at + 12 * rows, at + 16 * rows, spans - from, key, keyBytes.length];
    ready.words.set(field, (fieldsAt >> 2) + index * fieldWords);
    key += keyBytes.length;
    spans += to - from + paddingBytes;
  });
  ready.words.set(selection.subarray(0, selected), rowsAt >> 2);
  return { fieldCount: fields.length, fixedBytes: keysBytes + longestLeadBytes + 64 * fields.length + 64 };
}

/**
 * Appends the records rows[from, to) of what was prepared last, each beginning with the lead. Returns how many it has
 * written: it stops before a record that is more than copying.
 */
export function composeRecords(
  { fieldCount, fixedBytes }: Composition,
  lead: Uint8Array,
  from: number,
  to: number,
  out: ByteWriter,
): number {
  const made = writer();
  if (made === undefined || lead.length > longestLeadBytes) return 0;
  made.bytes.set(lead, leadAt);
  const { exports } = made;
  const limit = roomAt + roomBytes;
  for (let done = from; ; ) {
    const before = done;
    exports.compose(rowsAt, done, to, leadAt, lead.length, fieldsAt, fieldCount, fixedBytes, roomAt, limit);
    done = exports.done.value;
    if (done === before) return done - from;
    take(made, out);
    if (done === to) return done - from;
  }
}
