/**
 * Records rewritten member by member: names dropped, values replaced by those of fields. Needed where the spans of
 * columns do not say where a member stands. Text between the edits is copied as it is, separators included. Keys are
 * expected in the order of the record before, as in the scanners.
 */
import type { Batch } from './batch.js';
import { type ByteWriter, writeBytes } from './byte-writer.js';
import { type FieldPlan, put } from './encode-fields.js';
import { writeValue } from './encode-value.js';
import { compileName, createMember, firstByte, type Name, readMember, valueEnd } from './json-walk.js';
import { beginLine, createShape, lookUpKey, matchToken, type Shape } from './shape.js';

/** The edits of an image, ready to be made. */
export interface Rewriter {
  /** The dropped names, then the names of the fields. */
  readonly names: readonly Name[];
  readonly dropped: number;
  readonly fields: readonly FieldPlan[];
  /** Set by rewrite: where the value stood that each field replaced, or -1. */
  readonly places: Int32Array;
  readonly shape: Shape;
  /** The token that comes next in the shape, and the number of the name that was read last, or -1. */
  expected: number;
  name: number;
}

export function createRewriter(
  dropped: readonly string[],
  fields: readonly FieldPlan[],
  places: Int32Array,
): Rewriter {
  const names = [...dropped.map(compileName), ...fields];
  return { names, dropped: dropped.length, fields, places, shape: createShape(), expected: 0, name: -1 };
}

const member = createMember();

/** Reads the next member, if there is one, and finds out which of the names it has. */
function nextMember(rewriter: Rewriter, bytes: Uint8Array, at: number): boolean {
  const { shape, names, expected } = rewriter;
  const start = firstByte(bytes, at);
  const token = matchToken(shape, bytes, start, expected);
  if (token >= 0) {
    rewriter.expected = token + 1;
    rewriter.name = shape.heads[token]!;
    member.nameStart = start + 1;
    member.start = firstByte(bytes, start + shape.lengths[token]!);
    member.end = valueEnd(bytes, member.start);
    return true;
  }
  if (!readMember(bytes, at, member)) return false;
  const known = shape.count;
  const { nameEnd } = member;
  // Where white space stands before the colon, the key is not learned.
  const colon = bytes[nameEnd + 1] === 0x3a ? nameEnd + 1 : nameEnd + 2;
  rewriter.name = lookUpKey(shape, names, bytes, member.nameStart - 1, nameEnd, colon, expected);
  if (shape.count > known) rewriter.expected++;
  return true;
}

/** Appends the object bytes[start, end), which must be valid, with the edits of the rewriter. */
export function rewrite(
  rewriter: Rewriter,
  batch: Batch,
  row: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  out: ByteWriter,
): void {
  const { fields, places, dropped } = rewriter;
  places.fill(-1);
  beginLine(rewriter.shape);
  rewriter.expected = 0;
  put(out, 0x7b);
  /**
   * Whether a member has been kept; what is kept but not written yet begins at `from`, behind it `at` is
   * read.
   */
  let kept = false;
  let from = start + 1;
  let at = from;
  while (nextMember(rewriter, bytes, at)) {
    const { name } = rewriter;
    if (name >= 0 && name < dropped) {
      if (kept) writeBytes(out, bytes, from, at);
      from = member.end;
    } else {
      // Behind dropped members at the beginning there is a comma too many.
      if (!kept) from = member.nameStart - 1;
      kept = true;
      const index = name - dropped;
      const field = fields[index];
      if (field !== undefined && field.shadow >= 0) {
        places[index] = member.start;
        writeBytes(out, bytes, from, member.start);
        writeValue(batch.columns[field.column]!, row, out, field.cache);
        from = member.end;
      }
    }
    at = member.end;
  }
  if (kept) writeBytes(out, bytes, from, end);
  else put(out, 0x7d);
}
