/**
 * Finds the files of a position again: by inode under any name in their folders, else as a copy that holds what was read.
 * What cannot be found is said, and is a problem unless the user chose otherwise: lines may be lost with it.
 */
import path from 'node:path';
import { problem } from '../../diagnostics/index.js';
import { openFileSource } from '../file-source.js';
import { openSource } from '../locate.js';
import type { ByteSource } from '../source.js';
import { goTo, type Trace } from '../trace.js';
import { compare, headOf, isCompressed, mayBeCopy, type Original } from './copy.js';
import type { FollowOptions } from './follow-feed.js';
import { type KeptTail, readFollowPosition } from './follow-position.js';
import { filesIn, matchingFiles, type SeenFile, seeFile, settled } from './matching.js';
import { closeTail, createTail, openTail, type Tail } from './tail.js';

/** Searches for one file whose names keep moving; each follows the names within a millisecond or so. */
const mostSearches = 20;

export interface RecoveredFiles {
  readonly opened: number;
  readonly tails: readonly Tail[];
  readonly gone: readonly Original[];
}

const idOf = ({ source: { file } }: KeptTail): string => `${file?.device}:${file?.inode}`;

const originalOf = ({ key, names, source: { countBytes, print } }: KeptTail): Original => ({
  key,
  names,
  countBytes,
  print,
});

/** What a search gave: the file, or that no file there is it, or that names led elsewhere by the time they were followed. */
type Found = Tail | 'absent' | 'moved';

const leadsTo = (file: SeenFile): boolean => seeFile(file.path)?.id === file.id;

/** What is known of the bytes up to the position when the source holds them. */
async function traceIn({ mode, source: kept }: KeptTail, source: ByteSource): Promise<Trace | undefined> {
  const countBytes = mode === 'done' ? kept.print.end : kept.countBytes;
  const { arrival, trace } = await goTo(source, countBytes, kept.print);
  return arrival === 'there' ? trace : undefined;
}

/** A growing file is opened before anything else, so that it may be renamed or removed while it is looked at. */
async function sameLines(kept: KeptTail, file: SeenFile): Promise<Found> {
  const opened = createTail(file, kept.key, 'lines');
  if (!openTail(opened)) return 'moved';
  const trace = await traceIn(kept, openFileSource(file.path, opened.descriptor!)).catch(() => undefined);
  if (trace === undefined) {
    closeTail(opened);
    return 'absent';
  }
  const tail = createTail(file, kept.key, 'lines', trace);
  tail.descriptor = opened.descriptor;
  return tail;
}

async function sameStream(kept: KeptTail, file: SeenFile): Promise<Found> {
  let source: ByteSource | undefined;
  let trace: Trace | undefined;
  try {
    source = await openSource(file.path);
    trace = await traceIn(kept, source);
  } catch {
    // It is damaged or was moved, as will be seen.
  } finally {
    source?.close();
  }
  if (!leadsTo(file)) return 'moved';
  return trace === undefined ? 'absent' : createTail(file, kept.key, kept.mode, trace);
}

/** The file of the same inode, when it holds what was read of it. */
async function sameFile(kept: KeptTail, files: readonly SeenFile[]): Promise<Found> {
  // Of several names of it the one it had.
  const named = files.filter((file) => file.id === idOf(kept));
  const file = named.find(({ path }) => path === kept.source.path) ?? named[0];
  if (file === undefined) return 'absent';
  const tail = await (kept.mode === 'lines' ? sameLines : sameStream)(kept, file);
  if (typeof tail === 'string') return tail;
  for (const name of kept.names) tail.names.add(name);
  tail.rotated = file.path !== kept.source.path;
  return tail;
}

/** Another file that holds what was read of a lost one. */
async function copyOf(kept: KeptTail, files: readonly SeenFile[]): Promise<Found> {
  const original = originalOf(kept);
  let moved = false;
  for (const file of files) {
    const head = mayBeCopy(file, original) ? await headOf(file) : undefined;
    const found = head === undefined ? undefined : await compare(file, head, original);
    found?.source?.close();
    if (!leadsTo(file)) {
      moved = true;
      continue;
    }
    if (found?.arrival !== 'there') continue;
    const tail = createTail(file, kept.key, isCompressed(file) ? 'stream' : 'lines', found.trace);
    if (tail.mode === 'lines' && !openTail(tail)) return 'moved';
    for (const name of kept.names) tail.names.add(name);
    tail.rotated = true;
    return tail;
  }
  return moved ? 'moved' : 'absent';
}

/** The files that are there, as they were when they were listed last. */
interface Listing {
  readonly files: readonly SeenFile[];
  again(): Promise<void>;
}

async function createListing(uris: readonly string[], folders: readonly string[]): Promise<Listing> {
  const list = async (): Promise<readonly SeenFile[]> => [
    ...(await matchingFiles(uris)),
    ...folders.flatMap((folder) => filesIn(folder)),
  ];
  let files = await settled(list);
  return {
    get files() {
      return files;
    },
    async again() {
      files = await settled(list);
    },
  };
}

/** Searches, and searches again among the files that are there then, as long as names are moving. */
async function search(
  listing: Listing,
  find: (files: readonly SeenFile[]) => Promise<Found>,
): Promise<Tail | undefined> {
  for (let tries = 0; tries < mostSearches; tries++) {
    const found = await find(listing.files);
    if (found === 'absent') return undefined;
    if (found !== 'moved') return found;
    await listing.again();
  }
  return undefined;
}

function sayLost(kept: KeptTail, { onLost, say }: FollowOptions): void {
  const { path: file, countBytes } = kept.source;
  const message = `it was read up to byte ${countBytes} when the state was saved, and what came after is gone with it`;
  if (kept.atEnd || onLost === 'report') {
    const known = kept.atEnd ? 'it had been read to its end' : 'lines of it are lost';
    say?.(
      `leat: ${file}: it is gone or was written anew since the state was saved at byte ${countBytes}; ${known}`,
    );
    return;
  }
  throw problem({
    code: 'input',
    message,
    place: { kind: 'file', path: file },
    hint: 'bring it back under any name in its folder, or go on without it: --on-lost report',
  });
}

/**
 * Brings back the files of a position, also while they are being rotated. Throws a problem when one is lost.
 */
export async function recoverFiles(uris: readonly string[], options: FollowOptions): Promise<RecoveredFiles> {
  const { opened, files, gone } = readFollowPosition(options.position!);
  // A file of which nothing was read is a new one, and its inode may be another file's by now.
  const kept = files.filter(({ source }) => source.countBytes > 0);
  const folders = [...new Set(kept.map(({ source }) => path.dirname(source.path)))];
  const listing = await createListing(uris, folders);
  const tails: Tail[] = [];
  const missing: KeptTail[] = [];
  for (const file of kept) {
    const tail = await search(listing, (there) => sameFile(file, there));
    if (tail !== undefined) tails.push(tail);
    else if (file.mode !== 'done') missing.push(file);
  }
  // What holds the content of a file that was cut or removed meanwhile was made before that.
  if (missing.length > 0) await listing.again();
  const lost: Original[] = [];
  for (const file of missing) {
    const used = new Set(tails.map(({ id }) => id));
    const tail = await search(listing, (there) =>
      copyOf(
        file,
        there.filter(({ id }) => !used.has(id)),
      ),
    );
    if (tail !== undefined) tails.push(tail);
    else {
      sayLost(file, options);
      lost.push(originalOf(file));
    }
  }
  return { opened, tails, gone: [...gone, ...lost] };
}
