/**
 * Checksums of the store: the first 16 bytes of SHA-256. Not against forgery: whoever can write to the store can
 * write anything. SHA-256 because Node has it natively (1.1 GB/s where the processor helps) and because two different
 * pages then never pass for one another, which decides whether a page is written at all.
 */
import { hash } from 'node:crypto';

export const checksumBytes = 16;

export function checksumOf(bytes: Uint8Array): Buffer {
  return hash('sha256', bytes, 'buffer').subarray(0, checksumBytes);
}

export function hexChecksumOf(bytes: Uint8Array | string): string {
  return hash('sha256', bytes, 'hex').slice(0, checksumBytes * 2);
}
