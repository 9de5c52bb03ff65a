/**
 * The beginning of a chain: opens the sources one after another, looks for a stream line at the head of
 * the first, and drives the intake. The next read is issued before the present chunk is worked on; what a
 * chunk produced leaves when it is done. So a slow stream is passed on record by record and a fast one in
 * large pieces.
 */
import type { ByteSource } from '../../connectors/index.js';
import { problem } from '../../diagnostics/index.js';
import type { Intake } from '../../record/index.js';
import { isStreamLine, mayBeStreamLine, parseControlLine, type StreamLine } from '../../stream/index.js';

/**
 * The head of the first source: its stream line, if it has one, and the bytes read that are not part of it.
 */
export interface InputHead {
  readonly stream: StreamLine | undefined;
  readonly rest: Uint8Array;
}

const longestStreamLineBytes = 1 << 16;

/**
 * Reads until it is clear whether the source begins with a stream line. Waits for no more than that takes.
 */
export async function readHead(source: ByteSource): Promise<InputHead> {
  let have = Buffer.alloc(0);
  const piece = new Uint8Array(1 << 16);
  for (;;) {
    const count = await source.read(piece);
    have = Buffer.concat([have, piece.subarray(0, count)]);
    if (count === 0 || !mayBeStreamLine(have)) return { stream: undefined, rest: have };
    const newline = have.indexOf(10);
    if (newline >= 0) {
      const line = have.toString('utf8', 0, newline);
      if (!isStreamLine(line)) return { stream: undefined, rest: have };
      const stream = parseControlLine(line);
      return { stream: stream.kind === 'stream' ? stream : undefined, rest: have.subarray(newline + 1) };
    }
    if (have.length > longestStreamLineBytes) {
      throw problem({ code: 'control-line', message: 'the stream line at the head of the input has no end' });
    }
  }
}

/** The sources of a run, read one after another as one input. */
export interface SourceList {
  readonly paths: readonly string[];
  open(path: string): Promise<ByteSource>;
}

/** What the driver calls while it reads. All but `chunkDone` are synchronous. */
export interface InputHandler {
  /** Everything in the intake is to be worked off. */
  work(): void;
  /** A chunk is done: flush, wait for the sink; false stops reading. */
  chunkDone(): Promise<boolean> | boolean;
  /** Processing time (epoch ms) at which onTimer wants a call, or +Infinity. */
  nextTimer(): number;
  onTimer(): void;
  onProgress(bytesRead: number): void;
}

async function readOrTimer(
  reading: Promise<number>,
  handler: InputHandler,
  now: () => number,
): Promise<number | 'timer'> {
  const due = handler.nextTimer();
  if (due === Number.POSITIVE_INFINITY) return await reading;
  let timer: NodeJS.Timeout | undefined;
  const ring = new Promise<'timer'>((resolve) => {
    timer = setTimeout(() => resolve('timer'), Math.min(Math.max(0, due - now()), 0x7fffffff));
  });
  const first = await Promise.race([reading, ring]);
  clearTimeout(timer);
  return first;
}

/** An input under way; `stop` ends it at the next chunk. */
export interface InputDriver {
  run(): Promise<'complete' | 'stopped'>;
  stop(): void;
}

/** Feeds an intake from sources. The first source is open already and its head is read. */
export function driveInput(
  first: ByteSource,
  head: InputHead,
  sources: SourceList,
  intake: Intake,
  handler: InputHandler,
  now: () => number,
): InputDriver {
  let source = first;
  let stopped = false;

  /** Copies the bytes of the head into the intake, as many as fit at a time. */
  const feedHead = async (): Promise<void> => {
    for (let from = 0; from < head.rest.length && !stopped; ) {
      const space = intake.space();
      const count = Math.min(space.length, head.rest.length - from);
      space.set(head.rest.subarray(from, from + count));
      intake.filled(count);
      from += count;
      handler.work();
      if (!(await handler.chunkDone())) stopped = true;
    }
  };

  const readSource = async (): Promise<void> => {
    let reading = source.read(intake.space());
    while (!stopped) {
      const count = await readOrTimer(reading, handler, now);
      if (count === 'timer') {
        handler.onTimer();
      } else {
        if (count === 0) return;
        intake.filled(count);
        handler.onProgress(count);
        reading = source.read(intake.space());
        handler.work();
      }
      const goOn = handler.chunkDone();
      if (!(typeof goOn === 'boolean' ? goOn : await goOn)) stopped = true;
    }
  };

  return {
    async run() {
      await feedHead();
      for (let index = 0; !stopped; ) {
        await readSource();
        source.close();
        if (++index >= sources.paths.length || stopped) break;
        source = await sources.open(sources.paths[index]!);
        intake.startSource(source.name);
        handler.work();
      }
      if (stopped) return 'stopped';
      intake.finish();
      handler.work();
      return 'complete';
    },
    stop() {
      stopped = true;
      source.close();
    },
  };
}
