/**
 * A passage between two parts of a pipeline that run in this process: what the first writes goes through the work of other
 * programs, what comes of it is read by the second. Control lines keep their place among what comes out, which is the
 * business of the work; barriers are said anew with the number of records that really came out. Neither side may run ahead
 * of the other by more than some megabytes.
 */
import { type ControlLine, parseControlLine, spellControlLine } from '../../stream/index.js';
import type { Feed, FeedPiece } from '../feed.js';
import type { ByteSink } from '../sink.js';
import { countRecords, escaped, type Segment, segmentsOf } from './segments.js';

/** Where the work puts what came of it. */
export interface PassageOutput {
  /** Whole lines that hold records. */
  lines(bytes: Buffer): void;
  /** A control line whose turn it is. */
  control(text: string): void;
  /** A promise to wait for while too much is unread. */
  room(): Promise<void> | undefined;
  /** The work has failed, although nobody is waiting for it. */
  fail(error: unknown): void;
}

/** What is done on the way. All of it in order; a promise is waited for before the next call. */
export interface PassageWork {
  data(bytes: Buffer): Promise<void> | undefined;
  control(text: string): Promise<void> | undefined;
  /** Everything that a chunk brought about has come. */
  rest?(): Promise<void> | undefined;
  /** Nothing more comes; to be waited for until everything has come out. */
  end(): Promise<void>;
  /** Nobody wants it any more. */
  kill(): void;
}

export interface Passage {
  readonly sink: ByteSink;
  readonly feed: Feed;
  /** How the first part ended, before the second part is told of the end. */
  upstreamEnded(end: UpstreamEnd): void;
  /** The second part has failed. */
  abandon(): void;
}

const highWaterBytes = 1 << 20;

/** Bytes that wait to be read. */
interface Unread {
  readonly parts: Buffer[];
  lengthBytes: number;
  ended: boolean;
  /** It was said that nothing comes any more: the input ended, or the run is stopped. */
  saidOver: boolean;
  failure: { readonly error: unknown } | undefined;
}

/** Something that is waited for by one or two at a time, and rung when it may have changed. */
function createBell() {
  let waiting: (() => void)[] = [];
  return {
    ring(): void {
      const all = waiting;
      waiting = [];
      for (const resolve of all) resolve();
    },
    rung: (): Promise<void> => new Promise((resolve) => waiting.push(resolve)),
  };
}

type Bell = ReturnType<typeof createBell>;

/** Says barriers with the records that came out since the last one, whatever went in. */
function createTeller(
  unread: Unread,
  bell: Bell,
  { untimed, fail }: Pick<PassageOptions, 'untimed'> & Pick<PassageOutput, 'fail'>,
): PassageOutput {
  let records = 0;
  const put = (bytes: Buffer): void => {
    if (bytes.length === 0) return;
    unread.parts.push(bytes);
    unread.lengthBytes += bytes.length;
    bell.ring();
  };
  return {
    lines(bytes) {
      records += countRecords(bytes);
      put(escaped(bytes));
    },
    control(text) {
      const line = parseControlLine(text);
      const isCounted = (line.kind === 'barrier' || line.kind === 'end') && line.records !== undefined;
      const said = isCounted ? spellControlLine({ ...line, records }) : untimed ? withoutTime(line) : text;
      if (said !== undefined) put(Buffer.from(`${said}\n`));
      if (isCounted) records = 0;
      if (line.kind === 'end' || (line.kind === 'barrier' && line.stop)) unread.saidOver = true;
    },
    room: () => (unread.lengthBytes > highWaterBytes ? untilRoom(unread, bell) : undefined),
    fail,
  };
}

/** A control line as it is said where records carry no time. */
function withoutTime(line: ControlLine): string | undefined {
  if (line.kind === 'watermark') return undefined;
  if (line.kind !== 'stream') return spellControlLine(line);
  const { job } = line;
  return spellControlLine({ kind: 'stream', key: [], ...(job === undefined ? {} : { job }) });
}

async function untilRoom(unread: Unread, bell: Bell): Promise<void> {
  while (unread.lengthBytes > highWaterBytes && unread.failure === undefined) await bell.rung();
}

/** The side that is read. */
function createReadingSide(
  name: string,
  unread: Unread,
  bell: Bell,
  verdict: () => Promise<void>,
  close: () => void,
): Feed {
  let closed = false;
  return {
    name,
    key: '0',
    knows: () => true,
    lengthBytes: undefined,
    risk: undefined,
    async read(target): Promise<FeedPiece> {
      while (unread.parts.length === 0 && !unread.ended && unread.failure === undefined && !closed)
        await bell.rung();
      if (closed) return 'end';
      if (unread.failure !== undefined) throw unread.failure.error;
      const first = unread.parts[0];
      if (first === undefined) {
        await verdict();
        return 'end';
      }
      const count = Math.min(first.length, target.length);
      target.set(first.subarray(0, count));
      if (count === first.length) unread.parts.shift();
      else unread.parts[0] = first.subarray(count);
      unread.lengthBytes -= count;
      bell.ring();
      return count;
    },
    position: () => Promise.resolve({}),
    close() {
      if (closed) return;
      closed = true;
      bell.ring();
      close();
    },
  };
}

/** What has been written and is not worked on yet. */
interface Todo {
  readonly segments: (Segment | { readonly kind: 'rest' } | { readonly kind: 'end' })[];
  lengthBytes: number;
  gone: boolean;
}

/** Works off what is written, one after another. */
async function workOff(work: PassageWork, todo: Todo, bell: Bell, unread: Unread): Promise<void> {
  while (!todo.gone) {
    const next = todo.segments.shift();
    if (next === undefined) {
      await bell.rung();
      continue;
    }
    if (next.kind === 'end') {
      await work.end();
      unread.ended = true;
      bell.ring();
      return;
    }
    const wait =
      next.kind === 'data'
        ? work.data(next.bytes)
        : next.kind === 'rest'
          ? work.rest?.()
          : work.control(next.text);
    if (wait !== undefined) await wait;
    if (next.kind === 'data') todo.lengthBytes -= next.bytes.length;
    bell.ring();
  }
}

function createWritingSide(name: string, todo: Todo, bell: Bell): ByteSink {
  const until = async (isDone: () => boolean): Promise<void> => {
    while (!isDone() && !todo.gone) await bell.rung();
  };
  return {
    name,
    kind: 'pipe',
    get closedByReader() {
      return todo.gone;
    },
    write(bytes, length) {
      if (todo.gone) return bytes;
      for (const segment of segmentsOf(Buffer.from(bytes.subarray(0, length)))) {
        todo.segments.push(segment);
        if (segment.kind === 'data') todo.lengthBytes += segment.bytes.length;
      }
      bell.ring();
      return bytes;
    },
    drained() {
      if (todo.segments.length > 0 && todo.segments.at(-1)!.kind !== 'rest') {
        todo.segments.push({ kind: 'rest' });
        bell.ring();
      }
      return todo.lengthBytes > highWaterBytes ? until(() => todo.lengthBytes <= highWaterBytes) : undefined;
    },
    flushed: () => until(() => todo.segments.length === 0),
    close() {
      if (todo.segments.at(-1)?.kind !== 'end') todo.segments.push({ kind: 'end' });
      bell.ring();
      return Promise.resolve();
    },
  };
}

/** How the first part ended. `stopped` is called when everything was read. */
export type UpstreamEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'stopped'; readonly stopped: () => void }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Waits to be told how the first part ended, and passes that on to the reader who has read everything. */
function createVerdict() {
  let tell: (end: UpstreamEnd) => void = () => {};
  const told = new Promise<UpstreamEnd>((resolve) => {
    tell = resolve;
  });
  return {
    tell,
    async passOn(): Promise<void> {
      const end = await told;
      if (end.kind === 'failed') throw end.error;
      if (end.kind === 'stopped') end.stopped();
    },
  };
}

export interface PassageOptions {
  /** The source of what comes out, for messages. */
  readonly name: string;
  /** What comes out carries no event time, key or window. */
  readonly untimed: boolean;
  /** Told when the work fails, before anybody else. */
  onFailure(error: unknown): void;
}

/** A passage through some work. */
export function createPassage(
  { name, untimed, onFailure }: PassageOptions,
  begin: (output: PassageOutput) => PassageWork,
): Passage {
  const bell = createBell();
  const unread: Unread = { parts: [], lengthBytes: 0, ended: false, saidOver: false, failure: undefined };
  const todo: Todo = { segments: [], lengthBytes: 0, gone: false };
  const verdict = createVerdict();
  const fail = (error: unknown): void => {
    // What is killed because nobody wants it may say so.
    if (todo.gone) return;
    onFailure(error);
    unread.failure = { error };
    leave();
  };
  const work = begin(createTeller(unread, bell, { untimed, fail }));
  const leave = (): void => {
    if (todo.gone) return;
    todo.gone = true;
    work.kill();
    bell.ring();
  };
  workOff(work, todo, bell, unread).catch(fail);
  const sink = createWritingSide(name, todo, bell);
  return {
    sink,
    // Whoever has read that it is over may go: the first part still has to hear how its last checkpoint went.
    feed: createReadingSide(name, unread, bell, verdict.passOn, () => {
      if (!unread.saidOver) leave();
    }),
    upstreamEnded(end) {
      // It may never have come to write anything.
      void sink.close();
      verdict.tell(end);
    },
    abandon: leave,
  };
}
