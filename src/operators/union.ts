/**
 * Where several inputs become one: rows are kept as the lines they would leave as, until it is certain whose turn it is. With
 * event time that is the input whose next row is the oldest; so rows that are on time for their own watermark are on time
 * for the largest delay behind all of them, and the order depends on the records alone. Without it that is the first
 * input that has not ended, or has something. Nothing is given out while an input is waited for.
 */
import {
  type Batch,
  type ByteWriter,
  createByteReader,
  createByteWriter,
  createEncoders,
  type Encoder,
  encodeBatch,
  putByte,
  putCount,
  putDouble,
  putSpan,
  takeByte,
  takeCount,
  takeDouble,
  takeSpan,
  writeBytes,
} from '../record/index.js';
import type { SnapshotReader, SnapshotWriter } from '../state/index.js';
import { type Operator, type Output, stateless } from './operator.js';
import { putRowKey, takeRowKey } from './row-key.js';

/** How one input takes part. */
export interface UnionInput {
  /** Whether the others wait until it has a row, has ended or counts as idle. */
  readonly waitedFor: boolean;
  /** Silence in ms of processing time after which it counts as idle; undefined for never. */
  readonly idleMs: number | undefined;
}

/** Rows of one input that go on together. */
export interface UnionRun {
  readonly side: number;
  /** They are the rows [from, to) of what follows. */
  readonly from: number;
  readonly to: number;
  /** The lines, each with its newline, from `start` on. */
  readonly bytes: Uint8Array;
  readonly start: number;
  /** The end of the line of each row. */
  readonly ends: readonly number[];
  /** Where rows have event time. */
  readonly times: readonly number[];
  /** Where keys were asked for. */
  readonly keys: readonly (string | undefined)[];
}

export interface UnionOptions {
  readonly inputs: readonly UnionInput[];
  /** Whether the rows carry event time. */
  readonly timed: boolean;
  readonly clock: () => number;
  /** The key of a row, one character a byte; undefined when a part of it is null. Left out where no key is needed. */
  keyOf?(side: number, batch: Batch, row: number): string | undefined;
  /** Takes rows whose turn it is; they are the callee's until it returns. */
  deliver(run: UnionRun): void;
}

export interface Union {
  /** What an input gives its rows to. */
  readonly sides: readonly Output[];
  /** Gives on what is certain. To be called when an input has given something, or has ended, or a timer is due. */
  settle(): void;
  /** An input has no rows any more. */
  end(side: number): void;
  hasEnded(side: number): boolean;
  readonly allEnded: boolean;
  /** Whether rows of an input wait for others, so that it should not be read further. */
  isAhead(side: number): boolean;
  /** What is kept as an operator, with its timer. */
  readonly operator: Operator;
}

/** Rows of one input that wait: lines end to end, the end of each, its time and its key. */
interface Side {
  readonly input: UnionInput;
  readonly lines: ByteWriter;
  ends: number[];
  times: number[];
  keys: (string | undefined)[];
  /** The first row that was not given out. */
  next: number;
  ended: boolean;
  lastSeenMs: number;
}

const newline = 0x0a;

const has = (side: Side): boolean => side.next < side.ends.length;
const startOf = (side: Side, row: number): number => (row === 0 ? 0 : side.ends[row - 1]!);

function createSide(input: UnionInput, nowMs: number): Side {
  const lines = createByteWriter();
  return { input, lines, ends: [], times: [], keys: [], next: 0, ended: false, lastSeenMs: nowMs };
}

/** Takes the selected rows of a batch in. */
function take(side: Side, batch: Batch, encoder: Encoder, timed: boolean): void {
  const { lines, ends, times } = side;
  let at = lines.length;
  encodeBatch(encoder, batch, lines);
  for (let k = 0; k < batch.selected; k++) {
    at = lines.bytes.indexOf(newline, at) + 1;
    ends.push(at);
    if (timed) times.push(batch.times[batch.selection[k]!]!);
  }
}

function forgetGiven(side: Side): void {
  if (has(side) || side.next === 0) return;
  side.lines.length = 0;
  side.ends = [];
  side.times = [];
  side.keys = [];
  side.next = 0;
}

function writeSide(side: Side, timed: boolean, into: SnapshotWriter, section: string): void {
  const out = createByteWriter(256);
  putByte(out, side.ended ? 1 : 0);
  putCount(out, side.ends.length - side.next);
  for (let row = side.next; row < side.ends.length; row++) {
    if (timed) putDouble(out, side.times[row]!);
    if (side.keys.length > 0) putRowKey(out, side.keys[row]);
    putSpan(out, side.lines.bytes.subarray(startOf(side, row), side.ends[row]!));
  }
  into.page(section, 0, out.bytes.subarray(0, out.length));
}

interface SideForm {
  readonly timed: boolean;
  readonly keyed: boolean;
}

function readSide(side: Side, { timed, keyed }: SideForm, from: SnapshotReader, section: string): void {
  const stored = createByteReader(from.page(section, 0));
  side.ended = takeByte(stored) === 1;
  for (let left = takeCount(stored); left > 0; left--) {
    if (timed) side.times.push(takeDouble(stored));
    if (keyed) side.keys.push(takeRowKey(stored));
    const line = takeSpan(stored);
    writeBytes(side.lines, line, 0, line.length);
    side.ends.push(side.lines.length);
  }
}

/** When a silent input stops being waited for: processing time in ms, +Infinity for never. */
function idleAt({ input, ended, lastSeenMs }: Side): number {
  return input.idleMs === undefined || ended ? Number.POSITIVE_INFINITY : lastSeenMs + input.idleMs;
}

/** A union of inputs. */
export function createUnion({ inputs, timed, clock, keyOf, deliver }: UnionOptions): Union {
  const sides = inputs.map((input) => createSide(input, clock()));
  const encoderFor = createEncoders();
  const timeOf = (index: number): number => (timed ? sides[index]!.times[sides[index]!.next]! : index);
  const isWaitedFor = (side: Side): boolean => {
    const { waitedFor, idleMs } = side.input;
    return waitedFor && !side.ended && (idleMs === undefined || idleAt(side) > clock());
  };

  /** Whose row is next; undefined when an input has to be waited for, or no row is there. */
  const choose = (): number | undefined => {
    let chosen: number | undefined;
    for (const [index, side] of sides.entries()) {
      if (!has(side)) {
        if (isWaitedFor(side)) return timed ? undefined : chosen;
      } else if (chosen === undefined || timeOf(index) < timeOf(chosen)) chosen = index;
    }
    return chosen;
  };
  /** Up to which time the chosen input goes on: to that of the next row of another one. */
  const limitFor = (chosen: number): number => {
    let limit = Number.POSITIVE_INFINITY;
    for (const [index, side] of sides.entries()) {
      if (index !== chosen && has(side)) limit = Math.min(limit, timeOf(index));
    }
    return limit;
  };
  const giveRun = (chosen: number): void => {
    const side = sides[chosen]!;
    const first = side.next;
    const limit = limitFor(chosen);
    do side.next++;
    while (has(side) && timeOf(chosen) < limit);
    const { lines, ends, times, keys } = side;
    const start = startOf(side, first);
    deliver({ side: chosen, from: first, to: side.next, bytes: lines.bytes, start, ends, times, keys });
    forgetGiven(side);
  };
  const settle = (): void => {
    for (let chosen = choose(); chosen !== undefined; chosen = choose()) giveRun(chosen);
  };

  return {
    sides: sides.map((side, index) => ({
      batch(batch) {
        if (batch.selected === 0) return;
        take(side, batch, encoderFor(batch.image), timed);
        if (keyOf !== undefined) {
          for (let k = 0; k < batch.selected; k++) side.keys.push(keyOf(index, batch, batch.selection[k]!));
        }
        side.lastSeenMs = clock();
      },
      // The watermark follows from the rows, in the order in which they are given on.
      watermark() {},
    })),
    settle,
    end(index) {
      sides[index]!.ended = true;
    },
    get allEnded() {
      return sides.every(({ ended }) => ended);
    },
    hasEnded: (index) => sides[index]!.ended,
    isAhead: (index) => has(sides[index]!),
    operator: {
      ...stateless,
      stateShape: `union of ${inputs.length}${timed ? ' by event time' : ''}${keyOf === undefined ? '' : ' with keys'}`,
      snapshot(into) {
        for (const [index, side] of sides.entries()) writeSide(side, timed, into, `side-${index}`);
      },
      restore(from) {
        for (const [index, side] of sides.entries())
          readSide(side, { timed, keyed: keyOf !== undefined }, from, `side-${index}`);
      },
      onBatch() {},
      onWatermark() {},
      onEnd() {},
      nextTimer() {
        const waiting = sides.some(has);
        if (!waiting) return Number.POSITIVE_INFINITY;
        const silent = sides.filter((side) => !has(side) && side.input.waitedFor);
        return Math.min(Number.POSITIVE_INFINITY, ...silent.map(idleAt).filter((at) => at > clock()));
      },
      onTimer: settle,
    },
  };
}
