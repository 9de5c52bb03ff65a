/**
 * Batches as NDJSON lines, as their image says. What an image does not touch leaves as the bytes it came as, with its
 * key order, number spelling and white space; neighbouring untouched lines are copied in one piece.
 * An encoder is made once for an image: the bytes of its names are ready, so that a row is copying and little else.
 */
import type { Batch, Image } from './batch.js';
import { type ByteWriter, createByteWriter, writeBytes } from './byte-writer.js';
import { Tag } from './column.js';
import { escapeControlKin, isControlKin } from './control-kin.js';
import { composeRows } from './encode-compose.js';
import {
  createLead,
  type FieldPlan,
  type Lead,
  planField,
  put,
  writeFields,
  writeKey,
} from './encode-fields.js';
import { createRewriter, type Rewriter, rewrite } from './encode-rewrite.js';
import { createTails, extendRows, findTail, keepTail, type Tails } from './encode-tails.js';
import { writeValue } from './encode-value.js';
import { utf8Text } from './utf8.js';

export interface EncoderOptions {
  /** The output carries control lines: records that look like one get a space behind the brace. */
  readonly escapeControlLines?: boolean;
}

/** An image made ready for encoding; see createEncoder. */
export interface Encoder {
  readonly base: Image['base'];
  readonly fields: readonly FieldPlan[];
  /** Whether rows must be walked member by member, because spans in the line do not tell enough. */
  readonly walks: boolean;
  readonly escapes: boolean;
  readonly lead: Lead;
  readonly rewriter: Rewriter;
  readonly scratch: ByteWriter;
  /** Where in the line at hand the value stands that each field replaces, or -1. */
  readonly places: Int32Array;
  readonly tails: Tails;
}

/** Makes the encoder of an image. The image must not change after. */
export function createEncoder(image: Image, options: EncoderOptions = {}): Encoder {
  const fields = image.fields.map(planField);
  const places = new Int32Array(fields.length);
  const replaces = fields.some((field) => field.shadow >= 0);
  return {
    base: image.base,
    fields,
    walks: image.base !== 'none' && (image.dropped.length > 0 || (image.base === 'foreign' && replaces)),
    escapes: options.escapeControlLines ?? false,
    lead: createLead(),
    rewriter: createRewriter(image.dropped, fields, places),
    scratch: createByteWriter(1 << 12),
    places,
    tails: createTails(fields, options.escapeControlLines ?? false),
  };
}

/** Takes the closing brace, and white space before it, off the object that was just written. */
function reopen(out: ByteWriter): void {
  let at = out.length - 1;
  while (out.bytes[at - 1]! <= 0x20) at--;
  out.length = at;
}

/**
 * Appends those fields that have no place in the line, and closes the object again. Returns where in `out`
 * they begin; in an empty object that is the brace.
 */
function appendFields(encoder: Encoder, batch: Batch, row: number, out: ByteWriter): number {
  const { fields, places } = encoder;
  reopen(out);
  const from = out.length;
  let empty = out.bytes[out.length - 1] === 0x7b;
  for (let index = 0; index < fields.length; index++) {
    if (places[index]! >= 0) continue;
    const field = fields[index]!;
    if (empty) out.length--;
    writeKey(out, empty ? 0x7b : 0x2c, field.key);
    writeValue(batch.columns[field.column]!, row, out, field.cache);
    empty = false;
  }
  put(out, 0x7d);
  return from;
}

/** Finds the places of the values to replace; returns how many there are. */
function findPlaces(encoder: Encoder, batch: Batch, row: number): number {
  const { fields, places } = encoder;
  let found = 0;
  for (let index = 0; index < fields.length; index++) {
    const { shadow } = fields[index]!;
    places[index] = -1;
    if (shadow < 0) continue;
    const column = batch.columns[shadow]!;
    const tag = column.tags[row]!;
    if (tag === Tag.missing) continue;
    places[index] = column.starts[row]! - (tag === Tag.text || tag === Tag.escaped ? 1 : 0);
    found++;
  }
  return found;
}

function nextPlace(places: Int32Array, behind: number): number {
  let next = -1;
  for (let index = 0; index < places.length; index++) {
    const place = places[index]!;
    if (place > behind && (next < 0 || place < places[next]!)) next = index;
  }
  return next;
}

/** Base 'line', no names dropped: the line with values replaced in place and fields appended. */
function writeExtended(encoder: Encoder, batch: Batch, row: number, out: ByteWriter): void {
  const { fields, places } = encoder;
  const found = findPlaces(encoder, batch, row);
  const bytes = batch.bytes;
  let at = batch.starts[row]!;
  let behind = -1;
  for (let count = 0; count < found; count++) {
    const index = nextPlace(places, behind);
    const field = fields[index]!;
    behind = places[index]!;
    writeBytes(out, bytes, at, behind);
    writeValue(batch.columns[field.column]!, row, out, field.cache);
    const shadow = batch.columns[field.shadow]!;
    const quotes = shadow.starts[row]! - behind;
    at = shadow.starts[row]! + shadow.lengths[row]! + quotes;
  }
  const tail = found === 0 ? findTail(encoder.tails, batch, row) : undefined;
  if (tail !== undefined) {
    let end = batch.ends[row]! - 1;
    while (bytes[end - 1]! <= 0x20) end--;
    // In an empty object there is no comma to begin with.
    if (bytes[end - 1] !== 0x7b || end - 1 !== at) {
      writeBytes(out, bytes, at, end);
      writeBytes(out, tail.bytes, 0, tail.length);
      return;
    }
  }
  writeBytes(out, bytes, at, batch.ends[row]!);
  if (found === fields.length) return;
  const from = appendFields(encoder, batch, row, out);
  if (found === 0) keepTail(encoder.tails, batch, row, out, from);
}

/** The general case: the object bytes[start, end) is walked member by member. */
function rewriteRow(
  encoder: Encoder,
  batch: Batch,
  row: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  out: ByteWriter,
): void {
  rewrite(encoder.rewriter, batch, row, bytes, start, end, out);
  if (encoder.places.indexOf(-1) >= 0) appendFields(encoder, batch, row, out);
}

function writeForeign(encoder: Encoder, batch: Batch, row: number, out: ByteWriter): void {
  const foreign = batch.foreign!;
  if (encoder.walks) {
    const { scratch } = encoder;
    scratch.length = 0;
    foreign.write(batch, row, scratch);
    rewriteRow(encoder, batch, row, scratch.bytes, 0, scratch.length, out);
    return;
  }
  foreign.write(batch, row, out);
  if (encoder.fields.length > 0) {
    encoder.places.fill(-1);
    appendFields(encoder, batch, row, out);
  }
}

/** Appends one row without newline. */
function writeRow(encoder: Encoder, batch: Batch, row: number, out: ByteWriter): void {
  if (encoder.base === 'none') writeFields(encoder.fields, encoder.lead, batch, row, out);
  else if (encoder.base === 'foreign') writeForeign(encoder, batch, row, out);
  else if (encoder.walks) {
    rewriteRow(encoder, batch, row, batch.bytes, batch.starts[row]!, batch.ends[row]!, out);
  } else if (encoder.fields.length > 0) writeExtended(encoder, batch, row, out);
  else writeBytes(out, batch.bytes, batch.starts[row]!, batch.ends[row]!);
}

/** Appends one row with its newline. */
function writeOne(encoder: Encoder, batch: Batch, row: number, out: ByteWriter): void {
  const from = out.length;
  writeRow(encoder, batch, row, out);
  if (encoder.escapes && isControlKin(out.bytes, from)) escapeControlKin(out, from);
  put(out, 0x0a);
}

/**
 * Untouched lines: those that follow each other in the chunk are copied together, with the newlines between
 * them.
 */
function writeLines(encoder: Encoder, batch: Batch, out: ByteWriter): void {
  const { bytes, starts, ends, selection, selected } = batch;
  for (let k = 0; k < selected; ) {
    const start = starts[selection[k]!]!;
    let end = ends[selection[k]!]!;
    k++;
    if (encoder.escapes && isControlKin(bytes, start)) {
      const from = out.length;
      writeBytes(out, bytes, start, end);
      escapeControlKin(out, from);
    } else {
      while (k < selected && starts[selection[k]!] === end + 1) {
        if (encoder.escapes && isControlKin(bytes, end + 1)) break;
        end = ends[selection[k++]!]!;
      }
      writeBytes(out, bytes, start, end);
    }
    put(out, 0x0a);
  }
}

/**
 * Appends the selected rows of a batch, a line each. The batch must have the image that the encoder was made
 * for.
 */
export function encodeBatch(encoder: Encoder, batch: Batch, out: ByteWriter): void {
  if (encoder.base === 'line' && !encoder.walks && encoder.fields.length === 0) {
    writeLines(encoder, batch, out);
    return;
  }
  const { selection, selected } = batch;
  const write = (row: number): void => writeOne(encoder, batch, row, out);
  if (encoder.base === 'line' && !encoder.walks) extendRows(encoder.tails, batch, out, write);
  else if (encoder.base === 'none') composeRows(encoder, batch, out, write);
  else for (let k = 0; k < selected; k++) write(selection[k]!);
}

const encoders = new WeakMap<Image, Encoder>();

/** One record as it leaves, as text without newline: for messages and small outputs. */
export function recordText(batch: Batch, row: number): string {
  let encoder = encoders.get(batch.image);
  if (encoder === undefined) {
    encoder = createEncoder(batch.image);
    encoders.set(batch.image, encoder);
  }
  const out = createByteWriter(1 << 10);
  writeRow(encoder, batch, row, out);
  return utf8Text(out.bytes, 0, out.length);
}
