/**
 * An open descriptor (stdout that the shell redirected) as a file of a disk. A file that was opened with >> takes every write
 * at its end, wherever it is asked for. Behind > the position of the descriptor is shared with the shell and moves along, so
 * that what the shell writes afterwards stands behind and not in the middle.
 */
import fs from 'node:fs';
import { promisify } from 'node:util';
import type { DiskFile } from './disk.js';

const fsWrite = promisify(fs.write);
const fsRead = promisify(fs.read);
const fsTruncate = promisify(fs.ftruncate);
const fsSync = promisify(fs.fsync);

/** Whether a descriptor is that of a regular file, which can be cut and synced. */
export function isRegularFile(descriptor: number): boolean {
  return fs.fstatSync(descriptor).isFile();
}

/** Where the next write without a position goes; undefined when the system does not tell. */
function positionOf(descriptor: number): number | undefined {
  try {
    const pos = /^pos:\s*(\d+)$/m.exec(fs.readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1];
    return pos === undefined ? undefined : Number(pos);
  } catch {
    return undefined;
  }
}

/** Opens what stands behind the descriptor a second time, for reading. */
function openAgain(descriptor: number): number {
  try {
    return fs.openSync(`/dev/fd/${descriptor}`, 'r');
  } catch (error) {
    throw Object.assign(new Error('the descriptor cannot be read', { cause: error }), { code: 'EBADF' });
  }
}

/** The file behind a descriptor, which stays open when the file is closed. */
export function adoptDescriptor(path: string, descriptor: number): DiskFile {
  const atStart = fs.fstatSync(descriptor).size;
  // Without an answer of the system: behind > and >> the descriptor stands at the end.
  let next = positionOf(descriptor) ?? atStart;
  let reader: number | undefined;
  return {
    path,
    async read(into, positionBytes) {
      reader ??= openAgain(descriptor);
      let done = 0;
      while (done < into.length) {
        const { bytesRead } = await fsRead(reader, into, done, into.length - done, positionBytes + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return done;
    },
    async write(bytes, positionBytes) {
      for (let done = 0; done < bytes.length; ) {
        const at = positionBytes + done;
        const { bytesWritten } = await fsWrite(
          descriptor,
          bytes,
          done,
          bytes.length - done,
          at === next ? null : at,
        );
        if (at === next) next += bytesWritten;
        done += bytesWritten;
      }
    },
    // By itself at once: it is asked before each write, and a turn through the thread pool takes longer than the answer.
    lengthBytes: () => Promise.resolve(fs.fstatSync(descriptor).size),
    truncate: async (lengthBytes) => await fsTruncate(descriptor, lengthBytes),
    sync: async () => await fsSync(descriptor),
    close() {
      if (reader !== undefined) fs.closeSync(reader);
      reader = undefined;
      return Promise.resolve();
    },
  };
}
