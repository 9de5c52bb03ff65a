/**
 * A file read as a whole and at once, decompressed where its first bytes say so: tables, which are used when all of it is
 * there.
 */
import fs from 'node:fs';
import zlib from 'node:zlib';
import { decompress } from 'fzstd';
import { problem } from '../diagnostics/index.js';
import { compressionOf } from './compression.js';
import { fileProblem } from './file-source.js';

function decompressed(path: string, bytes: Buffer): Uint8Array {
  const compression = compressionOf(bytes);
  if (compression === undefined) return bytes;
  try {
    return compression === 'gzip' ? zlib.gunzipSync(bytes) : decompress(bytes);
  } catch (cause) {
    throw problem({
      code: 'input',
      message: `its ${compression} data is damaged or cut off: ${(cause as Error).message}`,
      place: { kind: 'file', path },
      cause,
    });
  }
}

/** The bytes of a file. Throws a problem that names it. */
export function readWholeFile(path: string): Uint8Array {
  let bytes: Buffer;
  try {
    bytes = fs.readFileSync(path);
  } catch (error) {
    throw fileProblem('input', path, error);
  }
  return decompressed(path, bytes);
}

/**
 * A text that is another one when a file may have changed: its place, size and times. Undefined when there is no such file;
 * always the same for what is no regular file and can be read only once.
 */
export function fileMark(path: string): string | undefined {
  const status = fs.statSync(path, { throwIfNoEntry: false, bigint: true });
  if (status === undefined) return undefined;
  if (!status.isFile()) return 'stream';
  return [status.dev, status.ino, status.size, status.mtimeNs, status.ctimeNs].join();
}
