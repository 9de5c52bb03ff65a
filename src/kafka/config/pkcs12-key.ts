/**
 * The keys that PKCS #12 makes of a password for its check sum and its older ciphers: RFC 7292, appendix B.2.
 * Newer ciphers use PBKDF2, which Node has.
 */
import crypto from 'node:crypto';

/** More than any tool writes; a file that asks for more would only keep the processor busy. */
export const kdfIterationsMost = 5_000_000;

export interface Pkcs12KeyOptions {
  readonly digest: string;
  readonly password: string;
  readonly salt: Uint8Array;
  readonly iterations: number;
  /** 1 for a key, 2 for an initial vector, 3 for a check sum. */
  readonly purpose: 1 | 2 | 3;
  readonly length: number;
}

/** Repeats bytes up to a multiple of a block. */
function repeated(bytes: Uint8Array, block: number): Buffer {
  const length = block * Math.ceil(bytes.length / block);
  return Buffer.alloc(length, bytes.length === 0 ? undefined : Buffer.from(bytes));
}

/** Adds b + 1 to each block of a number made of blocks. */
function addToBlocks(numbers: Buffer, b: Buffer): void {
  for (let start = 0; start < numbers.length; start += b.length) {
    let carry = 1;
    for (let i = b.length - 1; i >= 0; i--) {
      carry += numbers[start + i]! + b[i]!;
      numbers[start + i] = carry & 0xff;
      carry >>= 8;
    }
  }
}

/** Makes so many bytes of a password. */
export function pkcs12Key(options: Pkcs12KeyOptions): Buffer {
  const { digest, password, salt, iterations, purpose, length } = options;
  const block = digest === 'sha384' || digest === 'sha512' ? 128 : 64;
  const text = Buffer.from(`${password}\0`, 'utf16le').swap16();
  const numbers = Buffer.concat([repeated(salt, block), repeated(text, block)]);
  const diversifier = Buffer.alloc(block, purpose);
  const made: Buffer[] = [];
  for (let size = 0; size < length; ) {
    let hash = crypto.createHash(digest).update(diversifier).update(numbers).digest();
    for (let i = 1; i < iterations; i++) hash = crypto.createHash(digest).update(hash).digest();
    made.push(hash);
    size += hash.length;
    addToBlocks(numbers, Buffer.alloc(block, hash));
  }
  return Buffer.concat(made).subarray(0, length);
}
