/**
 * Sources read one after another as one input. Its position names the sources that are done and how far the present one
 * has been read; on return the files are found by what they are (device, inode, content) and not only by their names, so
 * that a rename or a glob that has come to mean more changes nothing. A source that is not what it was is a problem, never
 * read as if it were.
 */
import { problem } from '../diagnostics/index.js';
import type { Feed, FeedPiece, FeedPosition } from './feed.js';
import { findAgain, type KeptSource, keptSourceFrom, withoutDone } from './kept-source.js';
import type { ByteSource } from './source.js';
import { createTrace, type Print, type Trace } from './trace.js';

const version = 1;

export interface ListFeedOptions {
  /** What is read, in order; see `locate`. */
  readonly paths: readonly string[];
  open(path: string): Promise<ByteSource>;
  /** Where to go on; without it, from the beginning. */
  readonly position?: FeedPosition | undefined;
  readonly lengthBytes?: number | undefined;
  /** See Feed. */
  readonly repeats?: boolean;
}

/** The source that is read: its place in the list, and how much was given before and of it. */
interface Present {
  readonly path: string;
  readonly source: ByteSource;
  readonly trace: Trace;
  /** Bytes that this feed had given when the source began, less those of it that were read in an earlier run. */
  readonly baseBytes: number;
  readonly key: string;
}

interface Resumption {
  readonly done: readonly KeptSource[];
  readonly current: KeptSource;
  /** The key of the present source, and how many were opened in all. */
  readonly key: string;
  readonly opened: number;
  /** The end was reached: nothing of the present source is expected any more. */
  readonly ended: boolean;
}

function readPosition(position: FeedPosition): Resumption {
  const { done, key, opened } = position;
  const current = keptSourceFrom(position.current);
  const sources = Array.isArray(done) ? done.map(keptSourceFrom) : [undefined];
  if (
    position.kind !== 'list' ||
    position.version !== version ||
    current === undefined ||
    typeof opened !== 'number'
  ) {
    throw problem({
      code: 'state',
      message: 'the position of the input is not one of a list of files',
      hint: 'the pipeline read its input in another way when it was saved: begin anew, or restore that input',
    });
  }
  return {
    done: sources.filter((source) => source !== undefined),
    current,
    key: String(key),
    opened,
    ended: position.ended === true,
  };
}

function keptOf({ path, source, trace }: Present, countBytes: number): KeptSource {
  const print: Print = trace.print(countBytes);
  return { path, countBytes, print, ...(source.file === undefined ? {} : { file: source.file }) };
}

/** In place of a source when all are done. */
function nothing({ path }: KeptSource, key: string): Present {
  const source = { name: path, lengthBytes: 0, read: () => Promise.resolve(0), close() {} };
  return { path, source, trace: createTrace(), baseBytes: 0, key };
}

/** Opens the first source of a list, or the one that a position is in. */
export async function openListFeed(options: ListFeedOptions): Promise<Feed> {
  let todo = [...options.paths];
  let done: readonly KeptSource[] = [];
  let given = 0;
  let opened = 0;
  let closed = false;
  let ended = false;

  const begin = async (): Promise<Present> => {
    const path = todo.shift()!;
    const source = await options.open(path);
    return { path, source, trace: createTrace(), baseBytes: given, key: String(opened++) };
  };

  const resume = async (position: FeedPosition): Promise<Present> => {
    const { done: before, current, key, ended, ...counts } = readPosition(position);
    opened = counts.opened;
    if (ended) {
      done = [...before, current];
      todo = await withoutDone(todo, done, options.open);
      return todo.length === 0 ? nothing(current, String(opened++)) : await begin();
    }
    done = before;
    const found = await findAgain(current, todo, options.open);
    todo = await withoutDone(todo, [...before, { ...current, path: found.path }], options.open);
    const { path, source, trace } = found;
    return { path, source, trace, baseBytes: given - current.countBytes, key };
  };

  let present = options.position === undefined ? await begin() : await resume(options.position);
  let following: Present | undefined;

  /** The reader has seen `next`, because it asks for more: what it says of positions concerns the next source. */
  const moveOn = (): void => {
    if (following === undefined) return;
    done = [...done, keptOf(present, given - present.baseBytes)];
    present = following;
    following = undefined;
  };

  return {
    get name() {
      return (following ?? present).source.name;
    },
    get key() {
      return (following ?? present).key;
    },
    knows: (key) => key === present.key || key === following?.key,
    lengthBytes: options.lengthBytes ?? (options.paths.length === 1 ? present.source.lengthBytes : undefined),
    risk: present.source.risk,
    repeats: options.repeats === true,
    async read(target): Promise<FeedPiece> {
      moveOn();
      if (closed) return 'end';
      const { source, trace } = present;
      const count = await source.read(target);
      if (count > 0) {
        given += count;
        trace.add(target.subarray(0, count));
        return count;
      }
      ended = !closed && todo.length === 0;
      if (closed || ended) return 'end';
      source.close();
      following = await begin();
      if (closed) following.source.close();
      return closed ? 'end' : 'next';
    },
    position(consumedBytes) {
      const current = keptOf(present, consumedBytes - present.baseBytes);
      const atEnd = ended && consumedBytes === given;
      const { key } = present;
      return Promise.resolve({
        version,
        kind: 'list',
        opened,
        key,
        done,
        current,
        ...(atEnd ? { ended: true } : {}),
      });
    },
    close() {
      closed = true;
      present.source.close();
      following?.source.close();
    },
  };
}
