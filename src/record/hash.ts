/**
 * The hash of key bytes: 32 bits, four bytes a step, the same in WebAssembly (wasm/scanner.as.ts) and here.
 * Mixing constants are those of MurmurHash3 (public domain, Austin Appleby). Not for adversarial input by itself:
 * tables bound their probes by growing.
 */
export function hashBytes(bytes: Uint8Array, start: number, length: number): number {
  let hash = length | 0;
  const whole = start + (length & ~3);
  let at = start;
  for (; at < whole; at += 4) {
    let word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    word = Math.imul(word, 0xcc9e2d51);
    word = (word << 15) | (word >>> 17);
    hash ^= Math.imul(word, 0x1b873593);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let rest = (length & 3) - 1; rest >= 0; rest--) tail = (tail << 8) | bytes[at + rest]!;
  tail = Math.imul(tail, 0xcc9e2d51);
  tail = (tail << 15) | (tail >>> 17);
  hash ^= Math.imul(tail, 0x1b873593);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
