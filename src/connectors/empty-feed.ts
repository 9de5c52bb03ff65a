/** An input that has ended already: nothing of it is left to read. */
import type { Feed, FeedPosition } from './feed.js';

export function emptyFeed(name: string): Feed {
  return {
    name,
    key: '0',
    knows: () => true,
    lengthBytes: 0,
    risk: undefined,
    read: () => Promise.resolve('end'),
    position: () => Promise.resolve({}),
    close() {},
  };
}

/** An input that had ended where it was left, and stays there, whatever has come to its files since. */
export function endedFeed(name: string, left: FeedPosition): Feed {
  return { ...emptyFeed(name), position: () => Promise.resolve(left) };
}
