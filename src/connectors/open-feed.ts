/** The input of a run from what a user names: paths, globs, `-`, read one after another. */
import fs from 'node:fs';
import type { Feed, FeedPosition } from './feed.js';
import type { FollowChoice } from './follow/follow-feed.js';
import { openListFeed } from './list-feed.js';
import { locate, openSource } from './locate.js';
import type { ByteSource } from './source.js';

export interface OpenFeedOptions {
  /** Paths, globs, file:// URIs, `-` for stdin. */
  readonly uris: readonly string[];
  /** Where to go on, as `position` gave it; without it, from the beginning. */
  readonly position?: FeedPosition | undefined;
  /** The files are followed as they grow, and the input has no end. */
  readonly follow?: FollowChoice | undefined;
  /** Replaces the files: the URIs are its paths. */
  readonly open?: ((path: string) => Promise<ByteSource>) | undefined;
}

/** Bytes of all files together; undefined when one is not a file. */
function lengthOf(paths: readonly string[]): number | undefined {
  let lengthBytes = 0;
  for (const path of paths) {
    const status = path === '-' ? undefined : fs.statSync(path, { throwIfNoEntry: false });
    if (status?.isFile() !== true) return undefined;
    lengthBytes += status.size;
  }
  return lengthBytes;
}

const isFile = (path: string): boolean =>
  path === '-' ? fs.fstatSync(0).isFile() : fs.statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/** Opens an input. Throws a problem when it is not there, or is not what the position says. */
export async function openFeed({ uris, position, open, follow }: OpenFeedOptions): Promise<Feed> {
  if (follow !== undefined) {
    const { openFollowFeed } = await import('./follow/follow-feed.js');
    return await openFollowFeed({ ...follow, uris, position });
  }
  if (open !== undefined) return await openListFeed({ paths: uris, open, position, repeats: true });
  const paths = await locate(uris);
  const lengthBytes = paths.length > 1 ? lengthOf(paths) : undefined;
  const [first] = paths as [string];
  const repeats = paths.length > 1 ? lengthBytes !== undefined : isFile(first);
  return await openListFeed({ paths, open: openSource, position, lengthBytes, repeats });
}
