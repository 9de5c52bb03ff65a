/** Reads a feed in the background, as the driver of a run does, and waits for what it is to give. */
import type { Feed, FeedPosition } from '../../src/connectors/index.js';

const deadlineMs = 20_000;

export interface Reader {
  /** What was given, sources ended by `next` told apart by `|` unless they ended with a newline. */
  text(): string;
  /** Waits until the text is this, or holds so many lines. */
  until(wanted: string | number): Promise<void>;
  /** Stops, and says where it stands as a checkpoint would keep it, less what is unread of the text. */
  stop(unreadOf?: (text: string) => number): Promise<FeedPosition>;
}

/** Starts reading. */
export function readFeed(feed: Feed, pieceBytes = 65_536): Reader {
  let text = '';
  let count = 0;
  let failure: unknown;
  let changed: (() => void) | undefined;
  const target = new Uint8Array(pieceBytes);
  const running = (async () => {
    for (;;) {
      const piece = await feed.read(target);
      if (piece === 'end') return;
      if (piece === 'next') {
        if (text !== '' && !text.endsWith('\n')) text += '|\n';
      } else {
        text += Buffer.from(target.subarray(0, piece)).toString('latin1');
        count += piece;
      }
      changed?.();
    }
  })().catch((error: unknown) => {
    failure = error;
    changed?.();
  });
  const isThere = (wanted: string | number): boolean =>
    typeof wanted === 'string' ? text === wanted : text.split('\n').length - 1 >= wanted;
  return {
    text: () => text,
    async until(wanted) {
      const endMs = Date.now() + deadlineMs;
      while (!isThere(wanted)) {
        if (failure !== undefined) throw failure;
        if (Date.now() > endMs) throw new Error(`waited in vain for ${wanted}, and got:\n${text}`);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, 100);
          changed = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    },
    async stop(unreadOf = () => 0) {
      feed.close();
      await running;
      if (failure !== undefined) throw failure;
      return JSON.parse(JSON.stringify(await feed.position(count - unreadOf(text)))) as FeedPosition;
    },
  };
}
