/**
 * The hash of key texts for the SIMD scanner: what hash.ts is for TypeScript. The two must give the same for the same
 * bytes, for a table may be filled through either.
 */

/** hashBytes of hash.ts. The last word is read whole and cut down, which the padding allows. */
// @ts-ignore: decorator
@inline
export function hashBytes(p: usize, length: u32): u32 {
  let hash = length;
  const whole = p + (length & ~3);
  for (; p < whole; p += 4) {
    hash ^= rotl<u32>(load<u32>(p) * 0xcc9e2d51, 15) * 0x1b873593;
    hash = rotl<u32>(hash, 13) * 5 + 0xe6546b64;
  }
  const tail = load<u32>(p) & ((1 << ((length & 3) << 3)) - 1);
  hash ^= rotl<u32>(tail * 0xcc9e2d51, 15) * 0x1b873593;
  hash ^= hash >>> 16;
  hash *= 0x85ebca6b;
  hash ^= hash >>> 13;
  hash *= 0xc2b2ae35;
  return hash ^ (hash >>> 16);
}
