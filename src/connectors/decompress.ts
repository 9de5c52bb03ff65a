/**
 * gzip and zstd, recognised by their first bytes and not by the file's name. zstd is node:zlib's where Node has it
 * (22.15 and later), else fzstd's (plain JavaScript).
 */
import { pipeline, Readable, type Transform } from 'node:stream';
import zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { problem } from '../diagnostics/index.js';
import type { ByteSource } from './source.js';

const pieceBytes = 1 << 16;

export type Compression = 'gzip' | 'zstd';

/** How the data that begins with these bytes is compressed; undefined for not at all. */
export function compressionOf(head: Uint8Array): Compression | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return 'zstd';
  return undefined;
}

async function* pieces(source: ByteSource): AsyncGenerator<Uint8Array> {
  for (;;) {
    const piece = new Uint8Array(pieceBytes);
    const count = await source.read(piece);
    if (count === 0) return;
    yield piece.subarray(0, count);
  }
}

async function* unzstd(source: ByteSource): AsyncGenerator<Uint8Array> {
  const out: Uint8Array[] = [];
  const stream = new Decompress((piece) => out.push(piece));
  for await (const piece of pieces(source)) {
    stream.push(piece);
    while (out.length > 0) yield out.shift()!;
  }
  stream.push(new Uint8Array(0), true);
  yield* out;
}

function decompressed(source: ByteSource, compression: Compression): AsyncIterable<Uint8Array> {
  const native = (zlib as { createZstdDecompress?: () => Transform }).createZstdDecompress;
  if (compression === 'zstd' && native === undefined) return unzstd(source);
  const transform: Transform = compression === 'gzip' ? zlib.createGunzip() : native!();
  // The callback is for the pipeline's sake: an error destroys the transform and so reaches whoever iterates it.
  pipeline(Readable.from(pieces(source)), transform, () => {});
  return transform;
}

/** A source of what a compressed source holds. */
export function decompress(source: ByteSource, compression: Compression): ByteSource {
  const iterator = decompressed(source, compression)[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  return {
    name: source.name,
    lengthBytes: undefined,
    async read(target) {
      while (rest.length === 0) {
        let next: IteratorResult<Uint8Array>;
        try {
          next = await iterator.next();
        } catch (cause) {
          throw problem({
            code: 'input',
            message: `its ${compression} data is damaged or cut off: ${(cause as Error).message}`,
            place: { kind: 'file', path: source.name },
            cause,
          });
        }
        if (next.done === true) return 0;
        rest = next.value;
      }
      const count = Math.min(rest.length, target.length);
      target.set(rest.subarray(0, count));
      rest = rest.subarray(count);
      return count;
    },
    close() {
      source.close();
    },
  };
}

/** Reads the head of a source and gives back a source of its whole, decompressed when it is compressed. */
export async function decompressIfNeeded(source: ByteSource): Promise<ByteSource> {
  const head = new Uint8Array(4);
  let have = 0;
  // Four bytes tell; a pipe may hand them out one by one, but a line that begins otherwise must not wait for more.
  while (have < 4) {
    const count = await source.read(head.subarray(have));
    have += count;
    if (count === 0 || (head[0] !== 0x1f && head[0] !== 0x28)) break;
  }
  let replay: Uint8Array = head.subarray(0, have);
  const whole: ByteSource = {
    ...source,
    read(target) {
      if (replay.length === 0) return source.read(target);
      const count = Math.min(replay.length, target.length);
      target.set(replay.subarray(0, count));
      replay = replay.subarray(count);
      return Promise.resolve(count);
    },
  };
  const compression = compressionOf(replay);
  return compression === undefined ? whole : decompress(whole, compression);
}
