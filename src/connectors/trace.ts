/**
 * What has been read, remembered so that it is known again: a hash of the first bytes and one of those before a position.
 * Nothing is read for it a second time: the last bytes of each read are kept, as many as can matter, because a position is
 * asked for by a count that lies a little behind what was read.
 */
import type { ByteSource } from './source.js';

/** Bytes at the head of a source, and before a position, that are compared. */
const printBytes = 4096;
/** Reads whose last bytes are kept. A position lies at most an unfinished line and a read behind. */
const keptMarks = 64;

/** Fingerprint of the first bytes of a source up to `end`: of their head and of their tail. Plain data (JSON). */
export interface Print {
  readonly end: number;
  readonly head: string;
  readonly tailBytes: number;
  readonly tail: string;
}

/** The same as it lies in a checkpoint; undefined when it is not one. */
export function printFrom(value: unknown): Print | undefined {
  const { end, head, tailBytes, tail } = (value ?? {}) as Partial<Record<keyof Print, unknown>>;
  if (typeof end !== 'number' || typeof tailBytes !== 'number') return undefined;
  return typeof head === 'string' && typeof tail === 'string' ? { end, head, tailBytes, tail } : undefined;
}

/** A short hash, as text. 96 bits: it tells files apart, it does not keep a forger out. */
export function hashOf(bytes: Uint8Array): string {
  // Asked for when it is used: only positions are hashed, and node:crypto is slow to load.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(bytes).digest('base64').slice(0, 16);
}

export interface Trace {
  /** The next bytes of the source. */
  add(bytes: Uint8Array): void;
  /** Bytes that were added. */
  readonly countBytes: number;
  /** The print of the first `countBytes` bytes, or of somewhat fewer when it was not looked at just there. */
  print(countBytes: number): Print;
  /** Whether the last bytes have this hash. */
  endsWith(lengthBytes: number, hash: string): boolean;
  /** Whether the last bytes are these; at most 4 KiB. */
  endsIn(bytes: Uint8Array): boolean;
  /** The first bytes, at most 4 KiB. */
  readonly head: Uint8Array;
}

interface Mark {
  readonly end: number;
  readonly tail: Uint8Array;
}

/** The last bytes of two pieces that follow each other. */
function tailOf(before: Uint8Array, piece: Uint8Array): Uint8Array {
  if (piece.length >= printBytes) return piece.slice(piece.length - printBytes);
  const keep = Math.min(before.length, printBytes - piece.length);
  const tail = new Uint8Array(keep + piece.length);
  tail.set(before.subarray(before.length - keep));
  tail.set(piece, keep);
  return tail;
}

/** Remembers a source from its beginning, or from a position whose head and last bytes are known. */
export function createTrace(known?: Mark & { readonly head: Uint8Array }): Trace {
  let head = known?.head ?? new Uint8Array(0);
  let marks: Mark[] = [known ?? { end: 0, tail: new Uint8Array(0) }];
  let countBytes = known?.end ?? 0;
  return {
    get countBytes() {
      return countBytes;
    },
    endsWith(lengthBytes, hash) {
      const { tail } = marks.at(-1)!;
      return lengthBytes <= tail.length && hashOf(tail.subarray(tail.length - lengthBytes)) === hash;
    },
    endsIn(bytes) {
      const { tail } = marks.at(-1)!;
      return Buffer.compare(tail.subarray(Math.max(0, tail.length - bytes.length)), bytes) === 0;
    },
    get head() {
      return head;
    },
    add(bytes) {
      if (bytes.length === 0) return;
      if (head.length < printBytes) {
        const more = bytes.subarray(0, printBytes - head.length);
        head = Buffer.concat([head, more]);
      }
      countBytes += bytes.length;
      marks.push({ end: countBytes, tail: tailOf(marks.at(-1)!.tail, bytes) });
      if (marks.length > 2 * keptMarks) marks = marks.slice(-keptMarks);
    },
    print(count) {
      const mark = marks.findLast(({ end }) => end <= count);
      // Behind a line of very many reads only its head is left to tell a source by.
      const { end, tail } = mark ?? { end: Math.min(count, head.length), tail: new Uint8Array(0) };
      return {
        end,
        head: hashOf(head.subarray(0, end)),
        tailBytes: tail.length,
        tail: hashOf(tail),
      };
    },
  };
}

/** What came of going to a position: there, or the source ends before it, or it holds other bytes. */
export type Arrival = 'there' | 'short' | 'other';

async function readExactly(source: ByteSource, wanted: number): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(wanted);
  let have = 0;
  while (have < wanted) {
    const count = await source.read(bytes.subarray(have));
    if (count === 0) return undefined;
    have += count;
  }
  return bytes;
}

async function skip(source: ByteSource, until: number, trace: Trace): Promise<boolean> {
  const piece = new Uint8Array(1 << 16);
  while (trace.countBytes < until) {
    const count = await source.read(piece.subarray(0, Math.min(piece.length, until - trace.countBytes)));
    if (count === 0) return false;
    trace.add(piece.subarray(0, count));
  }
  return true;
}

/**
 * Brings a source that was just opened to a position and compares on the way what can be compared. Seeks where the source
 * can; else it reads everything before.
 */
export async function goTo(
  source: ByteSource,
  countBytes: number,
  print: Print,
): Promise<{ readonly arrival: Arrival; readonly trace: Trace }> {
  let trace = createTrace();
  const found = (arrival: Arrival) => ({ arrival, trace });
  const head = await readExactly(source, Math.min(print.end, printBytes));
  if (head === undefined) return found('short');
  trace.add(head);
  if (hashOf(head) !== print.head) return found('other');
  const tailFrom = print.end - print.tailBytes;
  if (source.seek !== undefined) {
    source.seek(tailFrom);
    const tail = await readExactly(source, print.tailBytes);
    if (tail === undefined) return found('short');
    if (hashOf(tail) !== print.tail) return found('other');
    trace = createTrace({ head, tail, end: print.end });
  } else {
    if (!(await skip(source, print.end, trace))) return found('short');
    if (!trace.endsWith(print.tailBytes, print.tail)) return found('other');
  }
  return found((await skip(source, countBytes, trace)) ? 'there' : 'short');
}
