/**
 * Draws by a seed: a number from 0 up to 1 for the n-th record, or for a key, that looks like chance and is the same in every
 * run. The hash is that of keys, which mixes all bits (MurmurHash3).
 */
import { hashBytes } from '../../record/index.js';

const seedBytes = 8;

export interface Draw {
  /** For the record with this number. */
  ofNumber(number: number): number;
  /** For the first bytes of a key. */
  ofKey(bytes: Uint8Array, length: number): number;
}

/** Draws of a seed. */
export function createDraw(seed: number): Draw {
  let scratch = Buffer.alloc(256);
  scratch.writeDoubleLE(seed, 0);
  const drawn = (length: number): number => (hashBytes(scratch, 0, length) >>> 0) / 2 ** 32;
  return {
    ofNumber(number) {
      scratch.writeDoubleLE(number, seedBytes);
      return drawn(2 * seedBytes);
    },
    ofKey(bytes, length) {
      if (seedBytes + length > scratch.length) {
        const grown = Buffer.alloc(2 * (seedBytes + length));
        scratch.copy(grown, 0, 0, seedBytes);
        scratch = grown;
      }
      scratch.set(bytes.subarray(0, length), seedBytes);
      return drawn(seedBytes + length);
    },
  };
}
