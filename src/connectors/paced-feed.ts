/**
 * A feed whose lines are handed out on a schedule that is kept over the whole run: a slow reader gets the lines that are
 * due all at once afterwards, so that the mean rate holds. A run that goes on from a position begins a new schedule.
 */
import type { Feed, FeedPiece } from './feed.js';

const bufferBytes = 1 << 16;

/** Position behind the n-th newline of bytes[from, to), and how many there were. */
function lines(bytes: Uint8Array, from: number, to: number, most: number): { end: number; count: number } {
  let end = from;
  let count = 0;
  while (count < most && end < to) {
    const newline = bytes.indexOf(10, end);
    if (newline < 0 || newline >= to) break;
    end = newline + 1;
    count++;
  }
  return { end, count };
}

/** Hands out the lines of a feed of one source, so many a second. */
export function paceFeed(feed: Feed, ratePerSecond: number): Feed {
  const buffer = new Uint8Array(bufferBytes);
  let from = 0;
  let to = 0;
  let handedOut = 0;
  let started: number | undefined;
  let closed = false;
  let wake: (() => void) | undefined;
  return {
    name: feed.name,
    key: feed.key,
    knows: (key) => feed.knows(key),
    lengthBytes: feed.lengthBytes,
    risk: feed.risk,
    repeats: feed.repeats === true,
    async read(target): Promise<FeedPiece> {
      started ??= performance.now();
      if (from === to) {
        const piece = await feed.read(buffer);
        if (typeof piece !== 'number') return piece;
        from = 0;
        to = piece;
      }
      for (;;) {
        if (closed) return 'end';
        const due = Math.floor(((performance.now() - started) * ratePerSecond) / 1000) + 1 - handedOut;
        const taken = lines(buffer, from, Math.min(to, from + target.length), due);
        // A target too small for the line that is due gets it in pieces.
        const piece = due > 0 && taken.count === 0 ? Math.min(to, from + target.length) : taken.end;
        if (piece > from) {
          target.set(buffer.subarray(from, piece));
          const count = piece - from;
          from = piece;
          handedOut += taken.count;
          return count;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
          setTimeout(resolve, Math.max(1, (1 - due) * (1000 / ratePerSecond)));
        });
      }
    },
    position: (consumedBytes) => feed.position(consumedBytes),
    close() {
      closed = true;
      wake?.();
      feed.close();
    },
  };
}
