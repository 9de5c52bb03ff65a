/** The position of followed files: plain data, of a size proportional to the files that there are. */
import { problem } from '../../diagnostics/index.js';
import type { FeedPosition } from '../feed.js';
import { type KeptSource, keptSourceFrom } from '../kept-source.js';
import type { Original } from './copy.js';
import type { Tail } from './tail.js';

const version = 1;

/** A file of a position. */
export interface KeptTail {
  readonly key: string;
  readonly source: KeptSource;
  readonly names: readonly string[];
  readonly mode: Tail['mode'];
  /** Nothing more was known to be in it. */
  readonly atEnd: boolean;
}

export interface FollowPosition {
  readonly opened: number;
  readonly files: readonly KeptTail[];
  readonly gone: readonly Original[];
}

/** What was read of a tail, less its last `unreadBytes`. */
export function originalOf({ key, names, trace }: Tail, unreadBytes = 0): Original {
  const countBytes = trace.countBytes - unreadBytes;
  return { key, names: [...names], countBytes, print: trace.print(countBytes), head: trace.head };
}

function fileOf(tail: Tail, unreadBytes: number) {
  const { key, countBytes, print } = originalOf(tail, unreadBytes);
  const { path, names, mode, device, inode, sizeBytes } = tail;
  const atEnd = mode !== 'stream' && countBytes >= sizeBytes;
  return {
    key,
    path,
    names: [...names],
    mode: mode === 'done' && unreadBytes > 0 ? 'stream' : mode,
    file: { device, inode },
    countBytes,
    print,
    atEnd,
  };
}

export interface Stand {
  readonly opened: number;
  readonly tails: Iterable<Tail>;
  readonly gone: readonly Original[];
  readonly current: Tail | undefined;
  /** Bytes that were given last, of the present file, and are not worked on. */
  readonly unreadBytes: number;
}

export function positionOf({ opened, tails, gone, current, unreadBytes }: Stand): FeedPosition {
  const unreadOf = (key: string): number => (key === current?.key ? unreadBytes : 0);
  return {
    version,
    kind: 'follow',
    opened,
    files: [...tails].map((tail) => fileOf(tail, unreadOf(tail.key))),
    gone: gone.map((original) => {
      const unread = unreadOf(original.key);
      const { key, names, countBytes, print } = unread > 0 ? originalOf(current!, unread) : original;
      return { key, names, countBytes, print };
    }),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function foreign(): never {
  throw problem({
    code: 'state',
    message: 'the position of the input is not one of followed files',
    hint: 'the pipeline read its input in another way when it was saved: begin anew, or restore that input',
  });
}

function keptOf(value: Fields): { source: KeptSource; key: string; names: readonly string[] } {
  const source = keptSourceFrom({ path: '', ...value });
  const { key, names } = value;
  if (source === undefined || typeof key !== 'string' || !Array.isArray(names)) return foreign();
  return { source, key, names: names.map(String) };
}

/** Reads a position. Throws when it is none of followed files. */
export function readFollowPosition(position: FeedPosition): FollowPosition {
  const { opened, files, gone } = position;
  const fits = position.kind === 'follow' && position.version === version;
  if (!fits || typeof opened !== 'number' || !Array.isArray(files) || !Array.isArray(gone)) return foreign();
  return {
    opened,
    files: files.map((file: Fields) => ({
      ...keptOf(file),
      mode: file.mode === 'done' || file.mode === 'stream' ? file.mode : 'lines',
      atEnd: file.atEnd === true,
    })),
    gone: gone.map((original: Fields) => {
      const { source, key, names } = keptOf(original);
      return { key, names, countBytes: source.countBytes, print: source.print };
    }),
  };
}
