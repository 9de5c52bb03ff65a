/**
 * gzip and zstd, recognised by their first bytes and not by the file's name. zstd is node:zlib's from Node 24 on, else
 * fzstd's (plain JavaScript): Node 22 has one too, but it takes data that is cut off for complete.
 */
import { pipeline, Readable, type Transform } from 'node:stream';
import zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { problem } from '../diagnostics/index.js';
import type { Compression } from './compression.js';
import type { ByteSource } from './source.js';

const pieceBytes = 1 << 16;

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
  const hasGoodZstd = Number.parseInt(process.versions.node, 10) >= 24;
  const native = hasGoodZstd
    ? (zlib as { createZstdDecompress?: () => Transform }).createZstdDecompress
    : undefined;
  if (compression === 'zstd' && native === undefined) return unzstd(source);
  const transform: Transform = compression === 'gzip' ? zlib.createGunzip() : native!();
  // The callback is for the pipeline's sake: an error destroys the transform and so reaches whoever iterates it.
  // Closing a source in the middle makes one too, when nobody iterates any more.
  transform.on('error', () => {});
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
    ...(source.file === undefined ? {} : { file: source.file }),
    ...(source.risk === undefined ? {} : { risk: source.risk }),
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
