/** Partitions of keys: the hash of the Java client and the partitions that kafkajs gives. */
import { createRequire } from 'node:module';
import fc from 'fast-check';
import t from 'tap';
import { murmur2, partitionOf } from '../../../src/kafka/index.js';

const require = createRequire(import.meta.url);

/** What Utils.murmur2 of kafka-clients 4.1 gives. */
const ofJava: readonly (readonly [string, number])[] = [
  ['', 275646681],
  ['a', -1563381124],
  ['ab', 316155434],
  ['abc', 479470107],
  ['abcd', -1323649548],
  ['abcde', 461995741],
  ['user-1', 1404122828],
  ['user-2', -324981792],
  ['café', -1358007374],
  ['\0', 375494588],
  ['key with spaces and more than twenty bytes', 928237305],
];

t.test('the hash is that of the Java client', (t) => {
  for (const [key, hash] of ofJava) t.equal(murmur2(Buffer.from(key)), hash, JSON.stringify(key));
  t.end();
});

t.test('a key goes where kafkajs sends it', (t) => {
  const { DefaultPartitioner } = require('kafkajs').Partitioners;
  const partition = DefaultPartitioner();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 1, max: 200 }), (key, count) => {
      const partitionMetadata = Array.from({ length: count }, (_, partitionId) => ({
        partitionId,
        leader: 1,
      }));
      const theirs = partition({ topic: 't', partitionMetadata, message: { key: Buffer.from(key) } });
      return partitionOf(key, count) === theirs;
    }),
  );
  t.end();
});
