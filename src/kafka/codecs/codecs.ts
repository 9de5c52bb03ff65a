/**
 * Compressing and decompressing the records of a batch. Both are synchronous, because a batch is decoded between two
 * reads; so what a codec needs is loaded before. How much a batch may become is bounded here, and not left to the packages.
 */
import { problem } from '../../diagnostics/index.js';
import { type Codec, codecs, damaged, defaultBatchLimitBytes } from './codec.js';
import { gunzip, gzip } from './gzip.js';
import { compressLz4, decompressLz4, prepareLz4 } from './lz4.js';
import { compressSnappy, decompressSnappy, prepareSnappy } from './snappy.js';
import { compressZstd, decompressZstd, prepareZstd } from './zstd.js';

/** The codec of the lowest three bits of a batch's attributes. */
export function codecOf(attributes: number): Codec {
  const codec = codecs[attributes & 7];
  if (codec === undefined) throw damaged('none', `there is no codec ${attributes & 7}`);
  return codec;
}

const loaders: Readonly<Partial<Record<Codec, () => Promise<void>>>> = {
  snappy: prepareSnappy,
  lz4: prepareLz4,
  zstd: prepareZstd,
};

/** Loads what a codec needs; to be awaited once before it is used. */
export async function prepareCodec(codec: Codec): Promise<void> {
  try {
    await loaders[codec]?.();
  } catch (cause) {
    throw problem({
      code: 'input',
      message: `${codec} cannot be used here: ${(cause as Error).message.split('\n')[0]}`,
      hint: 'its code comes with leat for the usual machines: install leat again, without leaving out optional dependencies',
      cause,
    });
  }
}

/**
 * What compressed bytes hold. Damaged bytes and those that hold more than `limitBytes` throw a problem; no more memory
 * than that limit is taken for them. With codec `none` the same bytes are given back.
 */
export function decompress(codec: Codec, bytes: Uint8Array, limitBytes = defaultBatchLimitBytes): Uint8Array {
  switch (codec) {
    case 'none':
      return bytes;
    case 'gzip':
      return gunzip(bytes, limitBytes);
    case 'snappy':
      return decompressSnappy(bytes, limitBytes);
    case 'lz4':
      return decompressLz4(bytes, limitBytes);
    case 'zstd':
      return decompressZstd(bytes, limitBytes);
  }
}

/** Compresses as Kafka's own clients do, who can read the result. With codec `none` the same bytes are given back. */
export function compress(codec: Codec, bytes: Uint8Array): Uint8Array {
  switch (codec) {
    case 'none':
      return bytes;
    case 'gzip':
      return gzip(bytes);
    case 'snappy':
      return compressSnappy(bytes);
    case 'lz4':
      return compressLz4(bytes);
    case 'zstd':
      return compressZstd(bytes);
  }
}
