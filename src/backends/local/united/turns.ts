/**
 * Turns: several inputs are read at once, and worked on one at a time, from the bytes that came to the end of what their
 * chunk brings about, writing included. A feed gives its bytes away only when its input has the turn.
 */
import type { Feed, FeedPiece } from '../../../connectors/index.js';

export interface Turns {
  /** Waits for the turn. */
  take(): Promise<void>;
  /** Ends the turn. */
  end(): void;
}

export function createTurns(): Turns {
  const waiting: (() => void)[] = [];
  let taken = false;
  return {
    take() {
      if (!taken) {
        taken = true;
        return Promise.resolve();
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
    end() {
      const next = waiting.shift();
      if (next === undefined) taken = false;
      else next();
    },
  };
}

/** An input that takes turns. */
export interface TurnFeed {
  readonly feed: Feed;
  /** Waits for the turn unless the input has it. */
  takeTurn(): Promise<void>;
  /** Ends the turn if the input has it. */
  endTurn(): void;
}

export interface TurnFeedOptions {
  readonly turns: Turns;
  /** Bytes that were read from the feed already, at its head, and whether that is all of its first source. */
  readonly head: { readonly rest: Uint8Array; readonly ended?: 'next' | 'end' };
  /** Resolves when the input may be worked on further. */
  mayGoOn(): Promise<void> | undefined;
}

/** Wraps a feed: a read resolves when there is something, it may be worked on, and it is the input's turn. */
export function takeTurns(inner: Feed, { turns, head, mayGoOn }: TurnFeedOptions): TurnFeed {
  let { rest, ended } = head;
  let hasTurn = false;
  let closed = false;
  const readInner = async (target: Uint8Array): Promise<FeedPiece> => {
    if (rest.length === 0) {
      const piece = ended ?? (await inner.read(target));
      ended = undefined;
      return piece;
    }
    const count = Math.min(rest.length, target.length);
    target.set(rest.subarray(0, count));
    rest = rest.subarray(count);
    return count;
  };
  return {
    feed: {
      get name() {
        return inner.name;
      },
      get key() {
        return inner.key;
      },
      knows: (key) => inner.knows(key),
      get lengthBytes() {
        return inner.lengthBytes;
      },
      risk: inner.risk,
      async read(target) {
        const piece = await readInner(target);
        for (;;) {
          for (let wait = mayGoOn(); wait !== undefined && !closed; wait = mayGoOn()) await wait;
          if (closed) return 'end';
          // Also while the turn of the bytes before lasts: this is another one.
          await turns.take();
          if (!closed && mayGoOn() === undefined) break;
          // What came meanwhile has closed the feed, or has to be waited for.
          turns.end();
        }
        hasTurn = true;
        return piece;
      },
      position: (consumedBytes) => inner.position(consumedBytes),
      close() {
        closed = true;
        inner.close();
      },
    },
    async takeTurn() {
      if (hasTurn) return;
      await turns.take();
      hasTurn = true;
    },
    endTurn() {
      if (!hasTurn) return;
      hasTurn = false;
      turns.end();
    },
  };
}
