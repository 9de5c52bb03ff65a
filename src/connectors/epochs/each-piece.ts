/** A span of a file, read in pieces that one buffer holds. */
import type { DiskFile } from '../../disk/index.js';

/**
 * Measured at the end of a run of 150 MB, when nothing else is done: 256 KiB at once take twice as long, because each goes to
 * the thread pool and back, and 4 MiB half as long again.
 */
const readAtOnceBytes = 1 << 20;

/**
 * Gives `take` the bytes of a span, piece by piece, with the position of each in the span; its bytes are valid until it is
 * done. Resolves to how many there were, which are fewer where the file ends.
 */
export async function eachPiece(
  file: DiskFile,
  fromBytes: number,
  lengthBytes: number,
  take: (bytes: Uint8Array, atBytes: number) => Promise<void> | void,
): Promise<number> {
  const buffer = Buffer.allocUnsafe(Math.min(readAtOnceBytes, lengthBytes));
  let done = 0;
  while (done < lengthBytes) {
    const part = buffer.subarray(0, Math.min(buffer.length, lengthBytes - done));
    const count = await file.read(part, fromBytes + done);
    if (count === 0) break;
    await take(part.subarray(0, count), done);
    done += count;
  }
  return done;
}
