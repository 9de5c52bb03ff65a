/**
 * The codecs of Kafka's record batches by their numbers on the wire, and what is said when compressed bytes cannot be read.
 * Nothing here is loaded for one codec only.
 */
import { type Problem, problem } from '../../diagnostics/index.js';

/** The codecs, each at the number that the attributes of a record batch hold. */
export const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

export type Codec = (typeof codecs)[number];

/** A batch that holds more than this when it is decompressed is refused, unless another limit is said. */
export const defaultBatchLimitBytes = 256 * 1024 * 1024;

/** Bytes that are not what the codec writes. `what` says what is wrong with them. */
export function damaged(codec: Codec, what: string, cause?: unknown): Problem {
  return problem({
    code: 'format',
    message: `its ${codec} data is damaged: ${what}`,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** A batch that claims, or turns out, to hold more than the limit. */
export function tooLarge(codec: Codec, limitBytes: number): Problem {
  return problem({
    code: 'limit',
    message: `its ${codec} data holds more than ${limitBytes} bytes when it is decompressed`,
    hint: 'a batch of records that large is most likely damaged, or made to exhaust memory',
  });
}

/** A defect of ours: the code of a codec is used before it was loaded. */
export const notPrepared = (codec: Codec): Error => new Error(`prepareCodec('${codec}') was not awaited`);
