/**
 * Framing: turns chunks of bytes, cut anywhere, into batches of whole lines, with any scanner.
 * There are two halves of one arena. While the lines of one half are worked on, the next read may fill the other; the
 * unfinished line at the end of a half is then moved in front of what the read brought, into the headroom
 * of the other half. What comes out must not depend on how the input was cut. A line longer than the limit
 * is refused and passed over without ever being in memory as a whole.
 */
import { type Batch, selectAll } from './batch.js';
import type { Scanner, ScannerMemory } from './scanner.js';
import { utf8Text } from './utf8.js';

export interface IntakeOptions {
  /** The batch that is filled again and again. */
  readonly batch: Batch;
  /** Name of the first source, for messages. */
  readonly source: string;
  /** Longest line that is accepted, in bytes without newline. Default 16 MiB. */
  readonly maxLineBytes?: number;
  /** Size of the space for one read. Default 512 KiB. */
  readonly chunkBytes?: number;
  /** The first source was read in part before: where it stands. */
  readonly rest?: IntakeRest;
}

/** Where a source stands besides its bytes: plain data (JSON) from which an intake goes on in the middle of it. */
export interface IntakeRest {
  /** Number of its next line. */
  readonly line: number;
  /** Nothing of it was looked at, so that it may begin with a byte order mark. */
  readonly fresh?: true;
  /** The next bytes belong to a line that is too long and was refused already. */
  readonly skipping?: true;
  /** What the scanner learnt from its head. */
  readonly memory?: ScannerMemory;
}

/**
 * What `next` found: rows (or rejected lines) in the batch, a control line in `control`, nothing until
 * more bytes come, or nothing for ever.
 */
export type IntakeFind = 'batch' | 'control' | 'hungry' | 'done';

export interface Intake {
  readonly batch: Batch;
  /** The control line, without newline, when `next` has just returned 'control'. */
  control: string;
  /** Bytes taken in, over all sources. */
  bytesRead: number;
  /** Lines consumed, over all sources. */
  readonly lines: number;
  /** Where the next read may write, whatever is being worked on. The same space until `filled` is called. */
  space(): Uint8Array;
  /** Says that the space holds so many bytes of input. Only after `next` has returned 'hungry'. */
  filled(lengthBytes: number): void;
  /**
   * The next bytes are those of another source; what is left of the one before is its last line. With `rest`, the source
   * is returned to.
   */
  startSource(name: string, rest?: IntakeRest): void;
  /** Bytes that were given and are not worked on yet: an unfinished line. Holds when `next` has returned 'hungry'. */
  readonly unreadBytes: number;
  /** Where the present source stands in front of the unread bytes, when `next` has returned 'hungry' or 'done'. */
  rest(): IntakeRest;
  /** Where the source before stood at its end. */
  readonly left: IntakeRest | undefined;
  /** No more bytes will come. */
  finish(): void;
  next(): IntakeFind;
}

const defaultChunkBytes = 512 * 1024;
const defaultMaxLineBytes = 16 * 1024 * 1024;
const defaultHeadroomBytes = 64 * 1024;
/**
 * Behind each half: the newline that a last line may lack, and the 64 bytes that scanners may read past the
 * end.
 */
const paddingBytes = 128;
/** How much of a line that is too long is kept with its rejection. */
const keptBytes = 64 * 1024;
const newline = 0x0a;

interface State {
  readonly scanner: Scanner;
  readonly chunkBytes: number;
  readonly maxLineBytes: number;
  arena: Uint8Array;
  /** The arena as a Buffer, whose searches are native. */
  searcher: Buffer;
  headroomBytes: number;
  /** The half that is worked on, and in it: the unread bytes [at, end), whole lines up to `complete`. */
  half: 0 | 1;
  at: number;
  complete: number;
  end: number;
  /** Start of the first unread whole line that is too long, or `complete`. */
  tooLong: number;
  /** The scanner wants bytes behind `complete` before it goes on. */
  wanting: boolean;
  /** In the middle of a line that is too long. */
  skipping: boolean;
  /** The source has nothing behind `end`. */
  sourceEnded: boolean;
  /** No byte of the source has been looked at, so that it may begin with a byte order mark. */
  fresh: boolean;
  atControl: boolean;
  source: string;
  nextSource: { readonly name: string; readonly rest: IntakeRest | undefined } | undefined;
  left: IntakeRest | undefined;
  /** Number of the next line of the source, and how many lines the sources before had. */
  line: number;
  linesBefore: number;
}

function makeArena(state: State, headroomBytes: number): void {
  const lengthBytes = 2 * (headroomBytes + state.chunkBytes + paddingBytes);
  state.arena = state.scanner.allocate?.(lengthBytes) ?? new Uint8Array(lengthBytes);
  state.searcher = Buffer.from(state.arena.buffer, state.arena.byteOffset, lengthBytes);
  state.headroomBytes = headroomBytes;
}

function spaceStart(state: State, half: 0 | 1): number {
  return half * (state.headroomBytes + state.chunkBytes + paddingBytes) + state.headroomBytes;
}

/** Finds the first unread whole line that is too long. Looks at lines only if one can be. */
function findTooLong(state: State): void {
  let start = state.at;
  while (state.complete - start > state.maxLineBytes) {
    const end = state.searcher.indexOf(newline, start);
    if (end - start > state.maxLineBytes) {
      state.tooLong = start;
      return;
    }
    start = end + 1;
  }
  state.tooLong = state.complete;
}

/** Passes over a byte order mark at the very start of a source. */
function skipMark(state: State): void {
  if (!state.fresh || state.end - state.at < 3) return;
  state.fresh = false;
  const { arena, at } = state;
  if (arena[at] !== 0xef || arena[at + 1] !== 0xbb || arena[at + 2] !== 0xbf) return;
  state.at += 3;
  state.complete = Math.max(state.complete, state.at);
}

/** In the middle of a line that is too long: passes over what belongs to it. */
function skipRest(state: State): void {
  const found = state.searcher.subarray(state.at, state.end).indexOf(newline);
  state.skipping = found < 0;
  state.at = found < 0 ? state.end : state.at + found + 1;
  state.complete = Math.max(state.complete, state.at);
}

/** Moves on to the half that was read into, taking the unfinished line along. */
function takeChunk(state: State, from: Uint8Array, lengthBytes: number): void {
  const old = state.arena;
  const carryBytes = state.end - state.at;
  if (carryBytes > state.headroomBytes) {
    let headroomBytes = state.headroomBytes;
    while (headroomBytes < 2 * carryBytes) headroomBytes *= 2;
    makeArena(state, headroomBytes);
  }
  state.half = state.half === 0 ? 1 : 0;
  const start = spaceStart(state, state.half);
  // The read was into the arena that has just been replaced.
  if (from.buffer !== state.arena.buffer) state.arena.set(from.subarray(0, lengthBytes), start);
  if (carryBytes > 0) state.arena.set(old.subarray(state.at, state.end), start - carryBytes);
  const last = state.searcher.subarray(start, start + lengthBytes).lastIndexOf(newline);
  state.complete = last < 0 ? start - carryBytes + state.complete - state.at : start + last + 1;
  state.at = start - carryBytes;
  state.end = start + lengthBytes;
  if (last >= 0) state.wanting = false;
  if (state.skipping) skipRest(state);
  skipMark(state);
  findTooLong(state);
}

/** Makes what is left of a source its last line. */
function endSource(state: State): void {
  state.sourceEnded = true;
  state.wanting = false;
  state.skipping = false;
  if (state.at === state.end) return;
  if (state.arena[state.end - 1] !== newline) state.arena[state.end++] = newline;
  state.complete = state.end;
  findTooLong(state);
}

/**
 * Refuses the line at `at`, which is too long and of which at least the limit is there. Its end is the
 * caller's.
 */
function refuseTooLong(state: State, batch: Batch): void {
  const length = Math.min(keptBytes, state.maxLineBytes);
  const bytes = state.arena.slice(state.at, state.at + length);
  const reason = `longer than ${state.maxLineBytes} bytes (its first ${length} are kept)`;
  batch.count = 0;
  selectAll(batch);
  batch.rejected = [{ bytes, line: state.line, reason }];
  state.line++;
}

/** Reads one control line. */
function takeControlLine(state: State): string {
  const end = state.searcher.indexOf(newline, state.at);
  const text = utf8Text(state.arena, state.at, end).trimEnd();
  state.at = end + 1;
  state.line++;
  state.atControl = false;
  return text;
}

/** Has the scanner scan the next lines. True if there is something in the batch. */
function scanLines(state: State, batch: Batch): boolean {
  const { scanner, tooLong } = state;
  const final = state.sourceEnded || tooLong < state.complete;
  state.fresh = false;
  state.at = scanner.scan(state.arena, state.at, tooLong, final, batch);
  state.line += scanner.lines;
  state.atControl = scanner.stop === 'control';
  state.wanting = scanner.stop === 'more';
  return batch.count > 0 || batch.rejected.length > 0;
}

/** Nothing whole is left to scan. True if what is left is too long to wait for its end. */
function giveUpWaiting(state: State, batch: Batch): boolean {
  if (state.end - state.at <= state.maxLineBytes) return false;
  const end = state.wanting ? state.searcher.indexOf(newline, state.at) : -1;
  refuseTooLong(state, batch);
  state.wanting = false;
  if (end >= 0) {
    // A record over many lines that does not end: only its first line is refused, the others get their chance.
    state.at = end + 1;
    return true;
  }
  state.skipping = true;
  state.at = state.end;
  state.complete = state.end;
  state.tooLong = state.end;
  return true;
}

function restOf(state: State): IntakeRest {
  const memory = state.scanner.remember?.();
  return {
    line: state.line,
    ...(state.fresh ? { fresh: true } : {}),
    ...(state.skipping ? { skipping: true } : {}),
    ...(memory === undefined ? {} : { memory }),
  };
}

/** Stands at the beginning of a source, or where it was left. */
function enterSource(state: State, rest: IntakeRest | undefined): void {
  state.fresh = rest === undefined || rest.fresh === true;
  state.line = rest?.line ?? 1;
  state.skipping = rest?.skipping === true;
  state.linesBefore -= state.line - 1;
  if (rest !== undefined) state.scanner.recall?.(rest.memory);
}

function switchSource(state: State, name: string, rest: IntakeRest | undefined): void {
  state.left = restOf(state);
  state.source = name;
  state.nextSource = undefined;
  state.sourceEnded = false;
  state.linesBefore += state.line - 1;
  enterSource(state, rest);
}

function nextFind(state: State, intake: Intake): IntakeFind {
  const { batch } = intake;
  for (;;) {
    batch.source = state.source;
    batch.firstLine = state.line;
    if (state.atControl) {
      intake.control = takeControlLine(state);
      return 'control';
    }
    if (!state.wanting && state.at < state.tooLong) {
      if (scanLines(state, batch)) return 'batch';
    } else if (!state.wanting && state.at < state.complete) {
      refuseTooLong(state, batch);
      state.at = state.searcher.indexOf(newline, state.at) + 1;
      findTooLong(state);
      return 'batch';
    } else if (!state.sourceEnded) {
      return giveUpWaiting(state, batch) ? 'batch' : 'hungry';
    } else if (state.nextSource !== undefined) {
      switchSource(state, state.nextSource.name, state.nextSource.rest);
    } else return 'done';
  }
}

/** An intake around a scanner. The scanner's memory is used where it has one. */
export function createIntake(scanner: Scanner, options: IntakeOptions): Intake {
  const state: State = {
    scanner,
    chunkBytes: Math.max(1, options.chunkBytes ?? defaultChunkBytes),
    maxLineBytes: options.maxLineBytes ?? defaultMaxLineBytes,
    arena: new Uint8Array(0),
    searcher: Buffer.alloc(0),
    headroomBytes: 0,
    half: 1,
    at: 0,
    complete: 0,
    end: 0,
    tooLong: 0,
    wanting: false,
    skipping: false,
    sourceEnded: false,
    fresh: true,
    atControl: false,
    source: options.source,
    nextSource: undefined,
    left: undefined,
    line: 1,
    linesBefore: 0,
  };
  makeArena(state, defaultHeadroomBytes);
  enterSource(state, options.rest);
  let handedOut: Uint8Array | undefined;
  return {
    batch: options.batch,
    control: '',
    bytesRead: 0,
    get lines() {
      return state.linesBefore + state.line - 1;
    },
    space() {
      if (handedOut === undefined) {
        const start = spaceStart(state, state.half === 0 ? 1 : 0);
        handedOut = state.arena.subarray(start, start + state.chunkBytes);
      }
      return handedOut;
    },
    filled(lengthBytes) {
      const unread = state.sourceEnded || (state.at < state.complete && !state.wanting);
      if (handedOut === undefined || unread) throw new Error('intake: filled before next was hungry');
      const from = handedOut;
      handedOut = undefined;
      this.bytesRead += lengthBytes;
      takeChunk(state, from, lengthBytes);
    },
    startSource(name, rest) {
      endSource(state);
      state.nextSource = { name, rest };
    },
    get unreadBytes() {
      return state.end - state.at;
    },
    get left() {
      return state.left;
    },
    rest: () => restOf(state),
    finish() {
      endSource(state);
    },
    next() {
      return nextFind(state, this);
    },
  };
}
