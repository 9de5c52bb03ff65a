/**
 * Receipts: inputs that others keep the place of are told what has been worked on and written, where no checkpoints are
 * kept: once a second while something comes, and at the end. Never ahead of the output: it is waited for before.
 */
import type { ByteSink, Feed } from '../../connectors/index.js';

/** An input, and how many of its bytes were worked on. */
export interface ReceivedInput {
  readonly feed: Feed;
  consumedBytes(): number;
}

export interface Receipts {
  /** Something was worked on. */
  touch(): void;
  /** Epoch ms at which `rest` wants a call; +Infinity: never. */
  dueAt(): number;
  /** To be called while nothing is worked on, with everything handed to the sink; to be waited for. */
  rest(): Promise<void> | undefined;
  /** What was worked on is written; nothing more comes. */
  end(): void;
  /** The last thing that is said to the inputs, also after a failure. */
  release(): Promise<void>;
}

const everyMs = 1000;

/** Receipts of inputs; undefined when none of them wants any. `inJob`: positions are kept instead. */
export function createReceipts(
  inputs: readonly ReceivedInput[],
  sink: ByteSink,
  clock: () => number,
  inJob: boolean,
): Receipts | undefined {
  const all = inputs.filter(({ feed }) => feed.release !== undefined);
  if (all.length === 0) return undefined;
  let dueMs = Number.POSITIVE_INFINITY;
  const tell = (): void => {
    // What nobody has read was not worked on.
    if (inJob || sink.closedByReader) return;
    for (const { feed, consumedBytes } of all) feed.written?.(consumedBytes());
  };
  return {
    touch() {
      if (!inJob && dueMs === Number.POSITIVE_INFINITY) dueMs = clock() + everyMs;
    },
    dueAt: () => dueMs,
    rest() {
      if (clock() < dueMs) return undefined;
      dueMs = Number.POSITIVE_INFINITY;
      return sink.flushed().then(tell);
    },
    end: tell,
    async release() {
      await Promise.all(all.map(({ feed }) => feed.release?.()));
    },
  };
}
