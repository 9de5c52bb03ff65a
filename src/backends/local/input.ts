/**
 * The beginning of a chain: looks for a stream line at the head of the input, and drives the intake. The next read is
 * issued before the present chunk is worked on; what a chunk produced leaves when it is done. So a slow stream is passed
 * on record by record and a fast one in large pieces. When a chunk is done, it can say where the input stands.
 */
import type { Feed, FeedPiece, FeedPosition } from '../../connectors/index.js';
import { problem } from '../../diagnostics/index.js';
import type { Intake, IntakeRest } from '../../record/index.js';
import { isStreamLine, mayBeStreamLine, parseControlLine, type StreamLine } from '../../stream/index.js';

/**
 * The head of an input: its stream line, if it has one, the bytes of that, and what was read behind it.
 */
export interface InputHead {
  readonly stream: StreamLine | undefined;
  readonly streamBytes: number;
  readonly rest: Uint8Array;
  /** The first source ended while its head was read. */
  readonly ended?: 'next' | 'end';
}

const longestStreamLineBytes = 1 << 16;

/** The head of an input in which no stream line is looked for. */
export const noHead: InputHead = { stream: undefined, streamBytes: 0, rest: new Uint8Array(0) };

/**
 * Reads until it is clear whether the input begins with a stream line. Waits for no more than that takes.
 */
export async function readHead(feed: Feed): Promise<InputHead> {
  let have = Buffer.alloc(0);
  const piece = new Uint8Array(1 << 16);
  for (;;) {
    const count = await feed.read(piece);
    if (typeof count !== 'number') return { ...noHead, rest: have, ended: count };
    have = Buffer.concat([have, piece.subarray(0, count)]);
    if (!mayBeStreamLine(have)) return { ...noHead, rest: have };
    const newline = have.indexOf(10);
    if (newline >= 0) {
      const line = have.toString('utf8', 0, newline);
      if (!isStreamLine(line)) return { ...noHead, rest: have };
      const stream = parseControlLine(line);
      const rest = have.subarray(newline + 1);
      return { stream: stream.kind === 'stream' ? stream : undefined, streamBytes: newline + 1, rest };
    }
    if (have.length > longestStreamLineBytes) {
      throw problem({ code: 'control-line', message: 'the stream line at the head of the input has no end' });
    }
  }
}

/**
 * Where an input stands, its stream line included, so that it can be gone on with: plain data (JSON) that a checkpoint
 * keeps.
 */
export interface InputPosition {
  readonly version: 1;
  readonly feed: FeedPosition;
  /** What is known of the sources that are read or can be returned to, by the feed's keys. */
  readonly sources: Readonly<Record<string, IntakeRest>>;
  readonly stream?: StreamLine;
}

/** The source that an input begins or goes on with, taken before anything is read. */
export interface FirstSource {
  readonly source: string;
  readonly key: string;
  /** Where it stands, when it was read in part before. */
  readonly rest?: IntakeRest;
}

/** What the intake and the driver have to know of the source that a feed begins with. */
export function firstSource({ name, key }: Feed, position: InputPosition | undefined): FirstSource {
  const rest = position?.sources[key];
  return { source: name, key, ...(rest === undefined ? {} : { rest }) };
}

/** What the driver calls while it reads. All but `chunkDone` are synchronous. */
export interface InputHandler {
  /** Everything in the intake is to be worked off. */
  work(): void;
  /** A source has been read to its end; what is worked on from here may come otherwise when it has grown. */
  sourceEnds?(): void;
  /** A chunk is done: flush, wait for the sink; false stops reading. */
  chunkDone(): Promise<boolean> | boolean;
  /** Processing time (epoch ms) at which onTimer wants a call, or +Infinity. */
  nextTimer(): number;
  onTimer(): void;
  onProgress(bytesRead: number): void;
}

const longestTimerMs = 0x7fffffff;

/**
 * Waits for a read or for what is to happen before it comes; `wake` has it ask anew what that is. The timer is not set anew
 * for each read, of which there are thousands in a second: one that comes too early only has the handler look.
 */
function createWait(handler: InputHandler, now: () => number) {
  let ring: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let armedFor = Number.POSITIVE_INFINITY;
  const disarm = (): void => {
    clearTimeout(timer);
    armedFor = Number.POSITIVE_INFINITY;
  };
  const arm = (due: number): void => {
    if (due >= armedFor) return;
    clearTimeout(timer);
    armedFor = due;
    const fire = (): void => {
      armedFor = Number.POSITIVE_INFINITY;
      ring?.();
    };
    timer = setTimeout(fire, Math.min(Math.max(0, due - now()), longestTimerMs));
  };
  return {
    wake: () => ring?.(),
    end: disarm,
    readOrTimer(reading: Promise<FeedPiece>): Promise<FeedPiece | 'timer'> {
      arm(handler.nextTimer());
      const rung = new Promise<'timer'>((resolve) => {
        ring = () => resolve('timer');
      });
      return Promise.race([reading, rung]);
    },
  };
}

/** An input under way; `stop` ends it at the next chunk. */
export interface InputDriver {
  run(): Promise<'complete' | 'stopped'>;
  stop(): void;
  /** What the handler waits for has changed: it is asked for its timer again, also while nothing comes. */
  wake(): void;
  /** Bytes of the feed that were worked on. */
  consumedBytes(): number;
  /** Where the input stands, asked for in chunkDone: behind the last record that was worked on. */
  position(): Promise<InputPosition>;
}

/** What is driven. */
export interface DrivenInput {
  readonly feed: Feed;
  readonly first: FirstSource;
  readonly head: InputHead;
  readonly intake: Intake;
  /** Where the run goes on; the feed and the intake were opened there. */
  readonly position?: InputPosition | undefined;
}

/** Books of the sources that can be returned to, by the keys of the feed. */
function openSourceBooks({ feed, first, intake, position }: DrivenInput) {
  const rests = new Map(Object.entries(position?.sources ?? {}));
  let { key } = first;
  return {
    /** Has the intake go on with the source that the feed says is next. */
    next(work: () => void): void {
      const before = key;
      key = feed.key;
      intake.startSource(feed.name, rests.get(key));
      work();
      if (intake.left !== undefined && feed.knows(before)) rests.set(before, intake.left);
    },
    all(): InputPosition['sources'] {
      for (const known of rests.keys()) if (!feed.knows(known)) rests.delete(known);
      rests.set(key, intake.rest());
      return Object.fromEntries(rests);
    },
  };
}

/** Feeds an intake. The head of the input is read already. */
export function driveInput(input: DrivenInput, handler: InputHandler, now: () => number): InputDriver {
  const { feed, head, intake, position } = input;
  const books = openSourceBooks(input);
  const wait = createWait(handler, now);
  const stream = position?.stream ?? head.stream;
  let stopped = false;
  /** Bytes of the feed that the intake was given, and those of the stream line. */
  let taken = head.streamBytes;

  const chunkDone = async (): Promise<void> => {
    if (!(await handler.chunkDone())) stopped = true;
  };

  /** Copies the bytes of the head into the intake, as many as fit at a time. */
  const feedHead = async (): Promise<void> => {
    for (let from = 0; from < head.rest.length && !stopped; ) {
      const space = intake.space();
      const count = Math.min(space.length, head.rest.length - from);
      space.set(head.rest.subarray(from, from + count));
      intake.filled(count);
      from += count;
      taken += count;
      handler.work();
      await chunkDone();
    }
  };

  const readFeed = async (): Promise<void> => {
    let reading = head.ended === undefined ? feed.read(intake.space()) : Promise.resolve(head.ended);
    while (!stopped) {
      const piece = await wait.readOrTimer(reading);
      if (piece === 'end') return;
      if (piece === 'timer') handler.onTimer();
      else if (piece === 'next') {
        handler.sourceEnds?.();
        books.next(() => {
          reading = feed.read(intake.space());
          handler.work();
        });
      } else {
        intake.filled(piece);
        taken += piece;
        handler.onProgress(piece);
        reading = feed.read(intake.space());
        handler.work();
      }
      const goOn = handler.chunkDone();
      if (!(typeof goOn === 'boolean' ? goOn : await goOn)) stopped = true;
    }
  };

  return {
    async run() {
      try {
        await feedHead();
        await readFeed();
      } finally {
        wait.end();
      }
      feed.close();
      if (stopped) return 'stopped';
      handler.sourceEnds?.();
      intake.finish();
      handler.work();
      return 'complete';
    },
    stop() {
      stopped = true;
      feed.close();
    },
    wake: wait.wake,
    consumedBytes: () => taken - intake.unreadBytes,
    async position() {
      const sources = books.all();
      const at = await feed.position(taken - intake.unreadBytes);
      return { version: 1, feed: at, sources, ...(stream === undefined ? {} : { stream }) };
    },
  };
}
