/** A regular file, read by descriptor from its beginning. Errors name the file. */
import fs from 'node:fs';
import { problem } from '../diagnostics/index.js';
import type { ByteSource } from './source.js';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
};

/** A problem that says why a file cannot be used. */
export function fileProblem(code: 'input' | 'output', path: string, error: unknown) {
  const cause = error as NodeJS.ErrnoException;
  const why = reasons[cause.code ?? ''] ?? cause.message;
  return problem({ code, message: why, place: { kind: 'file', path }, cause });
}

/** Where an inherited descriptor stands, which only Linux tells. */
function positionOf(descriptor: number): number | undefined {
  try {
    const found = /^pos:\s*(\d+)/m.exec(fs.readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'));
    return found === null ? undefined : Number(found[1]);
  } catch {
    return undefined;
  }
}

/**
 * Opens a file by path, or takes an open descriptor of one (stdin redirected from a file: read from its
 * position).
 */
export function openFileSource(name: string, path: string | number): ByteSource {
  let descriptor: number;
  try {
    descriptor = typeof path === 'number' ? path : fs.openSync(path, 'r');
  } catch (error) {
    throw fileProblem('input', name, error);
  }
  const status = fs.fstatSync(descriptor);
  if (status.isDirectory()) {
    throw problem({
      code: 'input',
      message: 'it is a directory',
      place: { kind: 'file', path: name },
      hint: `name the files in it: '${name.replace(/\/$/, '')}/*'`,
    });
  }
  let closed = false;
  let reading = false;
  const release = (): void => {
    if (typeof path === 'string') fs.close(descriptor, () => {});
  };
  // The descriptor's own position, until somebody seeks.
  let at: number | null = null;
  const startBytes = typeof path === 'number' ? positionOf(path) : 0;
  return {
    name,
    lengthBytes: status.isFile() ? status.size : undefined,
    ...(typeof path === 'string' && status.isFile()
      ? { file: { device: status.dev, inode: status.ino } }
      : {}),
    ...(status.isFile() && startBytes !== undefined
      ? {
          seek(offsetBytes: number) {
            at = startBytes + offsetBytes;
          },
        }
      : {}),
    read(target) {
      if (closed) return Promise.resolve(0);
      reading = true;
      return new Promise((resolve, reject) => {
        fs.read(descriptor, target, 0, target.length, at, (error, count) => {
          reading = false;
          if (at !== null) at += count;
          if (error === null) resolve(closed ? 0 : count);
          else reject(fileProblem('input', name, error));
          if (closed) release();
        });
      });
    },
    close() {
      if (closed) return;
      closed = true;
      if (!reading) release();
    },
  };
}
