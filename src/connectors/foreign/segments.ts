/**
 * What a stage writes, as data and control lines: data in as large pieces as they come, each control line by itself.
 * Records that begin like control lines travel with one space more between stages, and no other program knows that: they
 * lose it on the way out and get it back on the way in.
 */
import {
  createByteWriter,
  escapeControlKin,
  isControlKin,
  isControlLine,
  unescapeControlKin,
  writeBytes,
} from '../../record/index.js';
import { controlPrefix } from '../../stream/index.js';

export type Segment =
  | { readonly kind: 'data'; readonly bytes: Buffer }
  | { readonly kind: 'control'; readonly text: string };

const newline = 0x0a;
/** What the key of a control line looks like, behind its brace. */
const keyOfControl = Buffer.from(controlPrefix.slice(1));

/** Cuts whole lines into segments. The bytes may be changed. */
export function segmentsOf(bytes: Buffer): Segment[] {
  // A line of nothing is a sign of life between stages.
  if (bytes.length === 0 || (bytes.length === 1 && bytes[0] === newline)) return [];
  if (!bytes.includes(keyOfControl)) return [{ kind: 'data', bytes }];
  const segments: Segment[] = [];
  let from = 0;
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(newline, at) + 1;
    if (isControlLine(bytes, at)) {
      if (at > from) segments.push({ kind: 'data', bytes: bytes.subarray(from, at) });
      segments.push({ kind: 'control', text: bytes.toString('utf8', at, end - 1) });
      from = end;
    } else unescapeControlKin(bytes, at);
    at = end;
  }
  if (from < bytes.length) segments.push({ kind: 'data', bytes: bytes.subarray(from) });
  return segments;
}

/** Whole lines that another program gave, with those that would be taken for control lines escaped. */
export function escaped(lines: Buffer): Buffer {
  if (!lines.includes(keyOfControl)) return lines;
  const out = createByteWriter();
  for (let at = 0; at < lines.length; ) {
    const end = lines.indexOf(newline, at) + 1;
    const start = out.length;
    writeBytes(out, lines, at, end);
    if (isControlKin(lines, at)) escapeControlKin(out, start);
    at = end;
  }
  return out.bytes.subarray(0, out.length);
}

/** How many of whole lines hold a record: those with something in them. */
export function countRecords(lines: Buffer): number {
  let count = 0;
  for (let at = 0; at < lines.length; ) {
    const end = lines.indexOf(newline, at);
    let from = at;
    while (from < end && isSpace(lines[from]!)) from++;
    if (from < end) count++;
    at = end + 1;
  }
  return count;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}
