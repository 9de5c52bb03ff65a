/**
 * Files that grow, as one input: each whole line once, from the file that has some. Which file that is and what has become
 * of the others followed-files.ts knows; here is the reading, the waiting and the position.
 */
import type { Feed, FeedPiece, FeedPosition } from '../feed.js';
import { positionOf } from './follow-position.js';
import { createFollowedFiles } from './followed-files.js';
import { followable } from './matching.js';
import { recoverFiles } from './recovery.js';
import { type Tail, take } from './tail.js';
import { createWatcher } from './watcher.js';

const newline = 10;
const fullLookMs = 2000;
const defaultLingerMs = 10_000;

export interface FollowChoice {
  /** What to do when a file that was not read to its end is gone with what was in it. Default fail. */
  readonly onLost?: 'fail' | 'report' | undefined;
  /** Says a sentence to the user. */
  readonly say?: ((line: string) => void) | undefined;
  /** How long a file that was rotated away or removed may still be written to. Default 10 s. */
  readonly lingerMs?: number | undefined;
}

export interface FollowOptions extends FollowChoice {
  /** Paths, globs, folders. */
  readonly uris: readonly string[];
  readonly position?: FeedPosition | undefined;
}

/** Follows files. The feed has no end but `close`. */
export async function openFollowFeed(options: FollowOptions): Promise<Feed> {
  const uris = followable(options.uris);
  let current: Tail | undefined;
  /** What the reader was told is next: a file, or nothing for now, which ends the last line of the present one. */
  let following: Tail | 'nothing' | undefined;
  let lastByte = newline;
  const restored = options.position === undefined ? undefined : await recoverFiles(uris, options);
  const files = createFollowedFiles({
    uris,
    lingerMs: options.lingerMs ?? defaultLingerMs,
    opened: restored?.opened ?? 0,
    isCurrent: (tail) => tail === current,
  });
  for (const tail of restored?.tails ?? []) files.restore(tail);
  for (const original of restored?.gone ?? []) files.remember(original);
  const watcher = createWatcher();
  let given = 0;
  let closed = false;
  let reading = false;
  let lookedMs = Number.NEGATIVE_INFINITY;
  // After data comes a look without a wait: more may have come meanwhile.
  let waits = false;

  const look = async (): Promise<void> => {
    const changed = waits ? await watcher.changed() : 'files';
    if (closed) return;
    const isDue = performance.now() - lookedMs > fullLookMs;
    const entries = changed === 'entries' || files.unsettled || files.tails.size === 0 || isDue;
    // Taken before the look, so that what changes during it is not missed.
    if (entries) lookedMs = performance.now();
    await files.look(entries);
    watcher.watch(files.folders);
    waits = true;
  };

  /** Bytes of the present file, or undefined when another one is next. */
  const takeSome = async (target: Uint8Array): Promise<number> => {
    if (current === undefined) return 0;
    const tail = current;
    const count = await take(tail, target);
    if (count < 0) files.beginAnew(tail);
    if (count <= 0) return 0;
    tail.trace.add(target.subarray(0, count));
    given += count;
    lastByte = target[count - 1]!;
    waits = false;
    return count;
  };

  const readNext = async (target: Uint8Array): Promise<FeedPiece> => {
    while (!closed) {
      const count = files.tails.get(current?.id ?? '') === current ? await takeSome(target) : 0;
      if (count > 0) return count;
      const inside = lastByte !== newline;
      const next = await files.choose(current, inside);
      if (next === undefined && inside && current !== undefined && !files.awaits(current)) {
        lastByte = newline;
        following = 'nothing';
        return 'next';
      }
      if (next === undefined) await look();
      else if (next.key === current?.key) current = next;
      else {
        following = next;
        lastByte = newline;
        return 'next';
      }
    }
    return 'end';
  };

  const ahead = (): Tail | undefined => (following === 'nothing' ? undefined : (following ?? current));

  return {
    get name() {
      return ahead()?.path ?? uris[0] ?? '';
    },
    get key() {
      return ahead()?.key ?? '';
    },
    knows: (key) =>
      key === current?.key ||
      [...files.tails.values()].some((tail) => tail.key === key) ||
      files.gone.some((original) => original.key === key),
    lengthBytes: undefined,
    risk: undefined,
    async read(target) {
      if (following !== undefined) current = ahead();
      following = undefined;
      reading = true;
      try {
        return await readNext(target);
      } finally {
        reading = false;
        if (closed) files.close();
      }
    },
    position(consumedBytes) {
      const { opened, gone, tails } = files;
      const unreadBytes = given - consumedBytes;
      return Promise.resolve(positionOf({ opened, gone, tails: tails.values(), current, unreadBytes }));
    },
    close() {
      closed = true;
      watcher.close();
      if (!reading) files.close();
    },
  };
}
