/** From what a user names (a path, a glob, `-`) to sources, in a fixed order: globs sorted by name. */
import fs from 'node:fs';
import { problem } from '../diagnostics/index.js';
import { decompressIfNeeded, decompressWhenRead } from './compression.js';
import { openFileSource } from './file-source.js';
import { openPipeSource } from './pipe-source.js';
import type { ByteSource } from './source.js';
import { isTerminal } from './terminal.js';

async function expand(uri: string): Promise<readonly string[]> {
  if (uri === '-' || fs.existsSync(uri) || !/[*?[{]/.test(uri)) return [uri];
  const { glob } = await import('tinyglobby');
  const found = await glob(uri, { onlyFiles: true, dot: false, expandDirectories: false });
  if (found.length === 0) {
    throw problem({
      code: 'input',
      message: 'no file matches the pattern',
      place: { kind: 'file', path: uri },
      hint: 'quote the pattern to have leat match it, and check the folder',
    });
  }
  return found.sort((a, b) => (a < b ? -1 : 1));
}

/**
 * The paths that a list of URIs stands for, globs matched. Throws when one matches nothing or has an unknown
 * scheme.
 */
export async function locate(uris: readonly string[]): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const uri of uris) {
    const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(uri)?.[1];
    if (scheme !== undefined && scheme !== 'file') {
      throw problem({
        code: 'input',
        message: `${scheme}:// cannot be read`,
        place: { kind: 'argument', name: uri },
        hint: 'known are: a path, a glob, file:// and - for stdin',
      });
    }
    paths.push(...(await expand(scheme === undefined ? uri : decodeURIComponent(new URL(uri).pathname))));
  }
  return paths;
}

/** Whether a descriptor is read as a stream; files, and devices such as /dev/null, are read by fs.read. */
function isStream(status: fs.Stats, descriptor: number): boolean {
  return status.isFIFO() || status.isSocket() || isTerminal(descriptor);
}

/** Opens a descriptor in the way its kind needs. A stream may be long in coming: it must be possible to close it before. */
async function openDescriptor(name: string, status: fs.Stats, descriptor: number): Promise<ByteSource> {
  if (isStream(status, descriptor)) return decompressWhenRead(openPipeSource(name, descriptor));
  return await decompressIfNeeded(openFileSource(name, descriptor));
}

/** Opens what `locate` found; compressed data is decompressed. */
export async function openSource(path: string): Promise<ByteSource> {
  if (path === '-') return await openDescriptor('stdin', fs.fstatSync(0), 0);
  const status = fs.statSync(path, { throwIfNoEntry: false });
  if (status === undefined || status.isFile() || status.isDirectory()) {
    return await decompressIfNeeded(openFileSource(path, path));
  }
  return await openDescriptor(path, status, fs.openSync(path, 'r'));
}
