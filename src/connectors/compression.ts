/**
 * Whether a source is compressed, told by its first bytes and not by its name. What decompresses is loaded only then.
 */
import type { ByteSource } from './source.js';

export type Compression = 'gzip' | 'zstd';

/** How the data that begins with these bytes is compressed; undefined for not at all. */
export function compressionOf(head: Uint8Array): Compression | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return 'zstd';
  return undefined;
}

/** Reads the head of a source and gives back a source of its whole, decompressed when it is compressed. */
export async function decompressIfNeeded(source: ByteSource): Promise<ByteSource> {
  const head = new Uint8Array(4);
  let have = 0;
  let ended = false;
  // Four bytes tell; a pipe may hand them out one by one, but a line that begins otherwise must not wait for more.
  while (have < 4) {
    const count = await source.read(head.subarray(have));
    have += count;
    ended = count === 0;
    if (ended || (head[0] !== 0x1f && head[0] !== 0x28)) break;
  }
  let replay: Uint8Array = head.subarray(0, have);
  const { seek } = source;
  const whole: ByteSource = {
    ...source,
    ...(seek === undefined
      ? {}
      : {
          seek(offsetBytes: number) {
            replay = new Uint8Array(0);
            seek(offsetBytes);
          },
        }),
    read(target) {
      // What is written to a file that had no bytes to be judged by may be compressed: it stays the end.
      if (replay.length === 0) return ended ? Promise.resolve(0) : source.read(target);
      const count = Math.min(replay.length, target.length);
      target.set(replay.subarray(0, count));
      replay = replay.subarray(count);
      return Promise.resolve(count);
    },
  };
  const compression = compressionOf(replay);
  if (compression === undefined) return whole;
  const { decompress } = await import('./decompress.js');
  return decompress(whole, compression);
}

/**
 * The same for a stream, whose first bytes may be long in coming: they are looked at with the first read, and the source can
 * be closed before.
 */
export function decompressWhenRead(source: ByteSource): ByteSource {
  let whole: ByteSource | undefined;
  return {
    ...source,
    async read(target) {
      whole ??= await decompressIfNeeded(source);
      return await whole.read(target);
    },
    close: () => (whole ?? source).close(),
  };
}
