/**
 * Finds the files of a position again: by inode under any name in their folders, else as a copy that holds what was read.
 * What cannot be found is said, and is a problem unless the user chose otherwise: lines may be lost with it.
 */
import path from 'node:path';
import { problem } from '../../diagnostics/index.js';
import { openFileSource } from '../file-source.js';
import { areKin } from '../kin.js';
import { openSource } from '../locate.js';
import type { ByteSource } from '../source.js';
import { goTo } from '../trace.js';
import { compare, headOf, isCompressed, mayBeCopy, type Original } from './copy.js';
import type { FollowOptions } from './follow-feed.js';
import { type KeptTail, readFollowPosition } from './follow-position.js';
import { filesIn, matchingFiles, type SeenFile } from './matching.js';
import { createTail, openTail, type Tail } from './tail.js';

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

/** Where nothing was read only names tell: its inode may be another file's by now. */
function untouched(kept: KeptTail, file: SeenFile): Tail | undefined {
  if (!kept.names.some((name) => areKin(name, file.path))) return undefined;
  const tail = createTail(file, kept.key, isCompressed(file) ? 'stream' : 'lines');
  return tail.mode === 'stream' || openTail(tail) ? tail : undefined;
}

/** The file of the same inode, when it holds what was read of it. */
async function sameFile(kept: KeptTail, files: readonly SeenFile[]): Promise<Tail | undefined> {
  // Of several names of it the one it had.
  const named = files.filter((file) => file.id === idOf(kept));
  const file = named.find(({ path }) => path === kept.source.path) ?? named[0];
  if (file === undefined) return undefined;
  const { countBytes, print } = kept.source;
  if (countBytes === 0) return untouched(kept, file);
  let source: ByteSource | undefined;
  try {
    source = kept.mode === 'lines' ? openFileSource(file.path, file.path) : await openSource(file.path);
    const { arrival, trace } = await goTo(source, kept.mode === 'done' ? print.end : countBytes, print);
    if (arrival !== 'there') return undefined;
    const tail = createTail(file, kept.key, kept.mode, trace);
    if (kept.mode === 'lines' && !openTail(tail)) return undefined;
    for (const name of kept.names) tail.names.add(name);
    tail.rotated = file.path !== kept.source.path;
    return tail;
  } catch {
    return undefined;
  } finally {
    source?.close();
  }
}

/** Another file that holds what was read of a lost one. */
async function copyOf(kept: KeptTail, files: readonly SeenFile[]): Promise<Tail | undefined> {
  const original = originalOf(kept);
  for (const file of files) {
    const head = mayBeCopy(file, original) ? await headOf(file) : undefined;
    const found = head === undefined ? undefined : await compare(file, head, original);
    found?.source?.close();
    if (found?.arrival !== 'there') continue;
    const tail = createTail(file, kept.key, isCompressed(file) ? 'stream' : 'lines', found.trace);
    if (tail.mode === 'lines' && !openTail(tail)) continue;
    for (const name of kept.names) tail.names.add(name);
    tail.rotated = true;
    return tail;
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

/** Brings back the files of a position. Throws a problem when one is lost. */
export async function recoverFiles(uris: readonly string[], options: FollowOptions): Promise<RecoveredFiles> {
  const { opened, files: kept, gone } = readFollowPosition(options.position!);
  const folders = new Set(kept.map(({ source }) => path.dirname(source.path)));
  const there = [...(await matchingFiles(uris)), ...[...folders].flatMap((folder) => filesIn(folder))];
  const tails: Tail[] = [];
  const missing: KeptTail[] = [];
  for (const file of kept) {
    const tail = await sameFile(file, there);
    if (tail !== undefined) tails.push(tail);
    else if (file.mode !== 'done' && file.source.countBytes > 0) missing.push(file);
  }
  const lost: Original[] = [];
  for (const file of missing) {
    const used = new Set(tails.map(({ id }) => id));
    const tail = await copyOf(
      file,
      there.filter(({ id }) => !used.has(id)),
    );
    if (tail !== undefined) tails.push(tail);
    else {
      sayLost(file, options);
      lost.push(originalOf(file));
    }
  }
  return { opened, tails, gone: [...gone, ...lost] };
}
