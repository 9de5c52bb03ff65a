/**
 * Which groups lie outside memory: the hash of each key by the group's sequence number, and a hash table of the numbers.
 * Two different keys may have one hash, so a number found here is a candidate whose key has to be looked at. Groups
 * are added in order of their numbers and never removed. 8 to 16 bytes a group.
 */
export interface GroupDirectory {
  /** Numbers 0 to count - 1 are known. */
  count: number;
  hashes: Int32Array;
  /** Number + 1; 0 is free. */
  buckets: Int32Array;
  /** Number of buckets, a power of two, less 1. */
  mask: number;
}

const leastRoom = 32;

function bucketsFor(groups: number): number {
  let buckets = leastRoom * 2;
  while (buckets * 2 < groups * 3) buckets *= 2;
  return buckets;
}

function putNumber({ hashes, buckets, mask }: GroupDirectory, number: number): void {
  let bucket = hashes[number]! & mask;
  while (buckets[bucket] !== 0) bucket = (bucket + 1) & mask;
  buckets[bucket] = number + 1;
}

/** The directory of the groups whose hashes these are. */
export function createDirectory(hashes = new Int32Array(0)): GroupDirectory {
  const count = hashes.length;
  const buckets = bucketsFor(count);
  const room = new Int32Array(Math.max(leastRoom, count));
  room.set(hashes);
  const directory = { count, hashes: room, buckets: new Int32Array(buckets), mask: buckets - 1 };
  for (let number = 0; number < count; number++) putNumber(directory, number);
  return directory;
}

/** Adds the group with the next number. */
export function addToDirectory(directory: GroupDirectory, hash: number): void {
  const number = directory.count++;
  if (number === directory.hashes.length) {
    const grown = new Int32Array(number + (number >> 1));
    grown.set(directory.hashes);
    directory.hashes = grown;
  }
  directory.hashes[number] = hash;
  if (number * 3 < directory.mask * 2) {
    putNumber(directory, number);
    return;
  }
  const buckets = (directory.mask + 1) * 2;
  directory.buckets = new Int32Array(buckets);
  directory.mask = buckets - 1;
  for (let each = 0; each <= number; each++) putNumber(directory, each);
}

/** The first bucket from `bucket` on with a group of this hash; -1 when there is none. */
function bucketFrom({ hashes, buckets, mask }: GroupDirectory, hash: number, bucket: number): number {
  let at = bucket & mask;
  for (let entry = buckets[at]!; entry !== 0; entry = buckets[at]!) {
    if (hashes[entry - 1] === hash) return at;
    at = (at + 1) & mask;
  }
  return -1;
}

/** The number of the group of this hash that `matches`, or -1. */
export function findInDirectory(
  directory: GroupDirectory,
  hash: number,
  matches: (number: number) => boolean,
): number {
  let bucket = bucketFrom(directory, hash, hash);
  while (bucket >= 0) {
    const number = directory.buckets[bucket]! - 1;
    if (matches(number)) return number;
    bucket = bucketFrom(directory, hash, bucket + 1);
  }
  return -1;
}
