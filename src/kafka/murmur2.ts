/**
 * The hash by which Kafka's Java client spreads keys over partitions: murmur2 with the client's own seed (Utils.murmur2 of
 * kafka-clients), on 32-bit integers. The partition of a key must be the one that Java gives it, or topics that
 * both write to could not be joined by key.
 */
const seed = 0x9747b28c;
const multiplier = 0x5bd1e995;

/** The hash as Java has it: a signed integer. */
export function murmur2(bytes: Uint8Array): number {
  const { length } = bytes;
  const whole = length & ~3;
  let hash = (seed ^ length) | 0;
  for (let at = 0; at < whole; at += 4) {
    let word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    word = Math.imul(word, multiplier);
    word = Math.imul(word ^ (word >>> 24), multiplier);
    hash = Math.imul(hash, multiplier) ^ word;
  }
  if (length > whole) {
    for (let at = length - 1; at >= whole; at--) hash ^= bytes[at]! << (8 * (at - whole));
    hash = Math.imul(hash, multiplier);
  }
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return hash ^ (hash >>> 15);
}

/** The partition, from 0, of a key among so many. */
export function partitionOf(key: Uint8Array, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}
