/** Which regular files are followed now: those that paths, globs and folders name, with what tells them apart. */
import fs from 'node:fs';
import path from 'node:path';
import { problem } from '../../diagnostics/index.js';

/** A file that is there. */
export interface SeenFile {
  readonly path: string;
  /** Device and inode: stays when the file is renamed. */
  readonly id: string;
  readonly device: number;
  readonly inode: number;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

const isGlob = (uri: string): boolean => /[*?[{]/.test(uri) && !fs.existsSync(uri);

/** A regular file of this name; undefined when there is none. */
export function seeFile(file: string): SeenFile | undefined {
  const status = fs.statSync(file, { throwIfNoEntry: false });
  return status?.isFile() === true ? seen(file, status) : undefined;
}

/** The same of an open descriptor. */
export const seen = (file: string, status: fs.Stats): SeenFile => ({
  path: file,
  id: `${status.dev}:${status.ino}`,
  device: status.dev,
  inode: status.ino,
  sizeBytes: status.size,
  modifiedMs: status.mtimeMs,
});

function namesIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

/** The regular files of a folder but those whose name begins with a dot. */
export function filesIn(folder: string): readonly SeenFile[] {
  const names = namesIn(folder).filter((name) => !name.startsWith('.'));
  return names.flatMap((name) => seeFile(path.join(folder, name)) ?? []);
}

async function filesOf(uri: string): Promise<readonly SeenFile[]> {
  if (isGlob(uri)) {
    const { glob } = await import('tinyglobby');
    const found = await glob(uri, { onlyFiles: true, dot: false, expandDirectories: false });
    return found.flatMap((file) => seeFile(file) ?? []);
  }
  const status = fs.statSync(uri, { throwIfNoEntry: false });
  return status?.isDirectory() === true ? filesIn(uri) : [seeFile(uri) ?? []].flat();
}

/** All files that are followed now, those that were written to first in front. */
export async function matchingFiles(uris: readonly string[]): Promise<readonly SeenFile[]> {
  const found = new Map<string, SeenFile>();
  for (const uri of uris) for (const file of await filesOf(uri)) found.set(file.path, file);
  return [...found.values()].sort(
    (a, b) => a.modifiedMs - b.modifiedMs || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0),
  );
}

/** Listings until one is taken as it is: names that change faster than they can be listed never settle. */
const mostListings = 10;

const isSameListing = (one: readonly SeenFile[], other: readonly SeenFile[]): boolean => {
  const known = new Set(one.map(({ path, id }) => `${id} ${path}`));
  return one.length === other.length && other.every(({ path, id }) => known.has(`${id} ${path}`));
};

/**
 * A listing during which no name changed, as two that agree show: a file that is renamed while names are read one after
 * another can be missing from a single one.
 */
export async function settled(list: () => Promise<readonly SeenFile[]>): Promise<readonly SeenFile[]> {
  let before = await list();
  for (let listings = 1; listings < mostListings; listings++) {
    const now = await list();
    if (isSameListing(before, now)) return now;
    before = now;
  }
  return before;
}

/** Folders in which a file of these URIs can appear, as far as they exist. */
export function foldersOf(uris: readonly string[]): readonly string[] {
  const folders = uris.map((uri) => {
    if (isGlob(uri)) {
      const before = uri.slice(0, uri.search(/[*?[{]/));
      return before.endsWith('/') ? before : path.dirname(`${before}x`);
    }
    return fs.statSync(uri, { throwIfNoEntry: false })?.isDirectory() === true ? uri : path.dirname(uri);
  });
  return [...new Set(folders.map((folder) => path.resolve(folder)))];
}

/** The URIs as paths. Throws for what cannot be followed. */
export function followable(uris: readonly string[]): readonly string[] {
  return uris.map((uri) => {
    const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(uri)?.[1];
    if (uri !== '-' && (scheme === undefined || scheme === 'file')) {
      return scheme === undefined ? uri : decodeURIComponent(new URL(uri).pathname);
    }
    throw problem({
      code: 'input',
      message: 'only files, globs and folders can be followed',
      place: { kind: 'argument', name: uri },
      hint: uri === '-' ? 'stdin is read to its end anyway: leave --follow out' : 'name a path',
    });
  });
}
