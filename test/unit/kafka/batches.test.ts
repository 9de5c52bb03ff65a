/**
 * Record batches: what is written is read back, and by kafkajs too; what another run of the producer wrote is passed over when
 * its transaction was given up; a byte that was changed is found.
 */
import fc from 'fast-check';
import KafkaDecoder from 'kafkajs/src/protocol/decoder.js';
import decodeBatch from 'kafkajs/src/protocol/recordBatch/v0/decoder.js';
import t from 'tap';
import {
  type AbortedTransaction,
  type BatchProducer,
  compress,
  createBatchWriter,
  decompress,
  prepareCodec,
  readBatches,
  type Span,
  surveyBatches,
} from '../../../src/kafka/index.js';

interface Entry {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly timestamp: number;
  readonly headers: readonly (readonly [string, string])[];
}

const bytes = fc.uint8Array({ maxLength: 300 });
const entry: fc.Arbitrary<Entry> = fc.record({
  key: fc.option(bytes),
  value: fc.option(bytes),
  timestamp: fc.integer({ min: 0, max: 4e12 }),
  headers: fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 3 }),
});
const entries = fc.array(entry, { minLength: 1, maxLength: 40 });

const span = (whole: Uint8Array | null): Span | undefined =>
  whole === null ? undefined : { bytes: whole, start: 0, end: whole.length };

function write(
  all: readonly Entry[],
  codec: 'none' | 'gzip',
  baseOffset = 0,
  producer?: BatchProducer,
): Buffer {
  const writer = createBatchWriter(16);
  for (const { key, value, timestamp, headers } of all)
    writer.add(span(key), span(value), timestamp, headers);
  const batch = writer.finish(codec, compress, producer);
  // The offset is the broker's to set; the checksum does not cover it.
  batch.writeBigInt64BE(BigInt(baseOffset), 0);
  return batch;
}

function read(batches: Buffer, fromOffset = 0, aborted: readonly AbortedTransaction[] = []) {
  const cursor = readBatches({ name: 'topic[0]', bytes: batches, fromOffset, aborted, decompress });
  const found: (Entry & { readonly offset: number })[] = [];
  const slice = (start: number, length: number) =>
    length < 0 ? null : Uint8Array.from(cursor.bytes.subarray(start, start + length));
  while (cursor.next()) {
    found.push({
      offset: cursor.offset,
      key: slice(cursor.keyStart, cursor.keyLength),
      value: slice(cursor.valueStart, cursor.valueLength),
      timestamp: cursor.timestamp,
      headers: cursor.headers() as Entry['headers'],
    });
  }
  return { found, nextOffset: cursor.nextOffset };
}

t.test('what is written is read back, compressed or not, in several batches', async (t) => {
  await prepareCodec('gzip');
  fc.assert(
    fc.property(
      entries,
      entries,
      fc.constantFrom('none' as const, 'gzip' as const),
      (first, second, codec) => {
        const batches = Buffer.concat([write(first, codec, 10), write(second, 'none', 10 + first.length)]);
        const { found, nextOffset } = read(batches);
        t.strictSame(
          found.map(({ offset: _, ...one }) => one),
          [...first, ...second].map((one) => ({ ...one })),
        );
        t.strictSame(
          found.map(({ offset }) => offset),
          found.map((_, index) => 10 + index),
        );
        t.equal(nextOffset, 10 + first.length + second.length);
        t.equal(surveyBatches(batches).end, nextOffset);
      },
    ),
    { numRuns: 200 },
  );
});

t.test('kafkajs reads the same', async (t) => {
  await fc.assert(
    fc.asyncProperty(entries, async (all) => {
      const { records } = await decodeBatch(new KafkaDecoder(write(all, 'none')));
      t.strictSame(
        records.map(({ key, value }) =>
          [key, value].map((one) => (one === null ? null : Uint8Array.from(one))),
        ),
        all.map(({ key, value }) => [key, value]),
      );
    }),
    { numRuns: 50 },
  );
});

const words = (...texts: string[]): Entry[] =>
  texts.map((text) => ({ key: null, value: Buffer.from(text), timestamp: 1, headers: [] }));
const valuesOf = (found: readonly Entry[]): string[] =>
  found.map(({ value }) => Buffer.from(value!).toString());

t.test('a position in the middle of a batch', (t) => {
  const { found } = read(write(words('a', 'b', 'c'), 'none', 5), 6);
  t.same(valuesOf(found), ['b', 'c']);
  t.end();
});

t.test('an answer that is cut off ends with its last whole batch', (t) => {
  const whole = write(words('a'), 'none', 0);
  const cut = Buffer.concat([whole, write(words('b'), 'none', 1).subarray(0, 40)]);
  const { found, nextOffset } = read(cut);
  t.same(valuesOf(found), ['a']);
  t.equal(nextOffset, 1);
  t.equal(surveyBatches(cut).end, 1);
  t.end();
});

/** The end of a transaction: a batch of one record, marked in its attributes. */
function marker(producerId: bigint, baseOffset: number): Buffer {
  const producer = { id: producerId, epoch: 0, sequence: -1, transactional: true };
  const batch = write(words('marker'), 'none', baseOffset, producer);
  batch[22] = batch[22]! | 32;
  // The checksum covers the attributes, so the batch is made anew with the right one.
  const checksum = crc32cOf(batch.subarray(21));
  batch.writeUInt32BE(checksum, 17);
  return batch;
}

/** Bit by bit, as the polynomial says. */
function crc32cOf(of: Uint8Array): number {
  let crc = -1;
  for (const byte of of) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

t.test('aborted transactions are passed over, from their first offset to their marker', (t) => {
  const of = (id: bigint, transactional = true) => ({ id, epoch: 0, sequence: 0, transactional });
  const batches = Buffer.concat([
    write(words('one 0'), 'none', 0, of(1n)),
    write(words('two 1'), 'none', 1, of(2n)),
    write(words('plain 2'), 'none', 2, of(1n, false)),
    write(words('one 3'), 'none', 3, of(1n)),
    marker(1n, 4),
    write(words('one 5'), 'none', 5, of(1n)),
    marker(2n, 6),
    marker(1n, 7),
  ]);
  const { found, nextOffset } = read(batches, 0, [{ producerId: 1n, firstOffset: 0 }]);
  t.same(valuesOf(found), ['two 1', 'plain 2', 'one 5']);
  t.equal(nextOffset, 8, 'markers have offsets too');
  t.same(valuesOf(read(batches, 0).found), ['one 0', 'two 1', 'plain 2', 'one 3', 'one 5']);
  t.end();
});

t.test('every byte that the checksum covers is missed when it is changed', (t) => {
  const whole = write(words('a', 'b'), 'none', 3);
  for (let at = 17; at < whole.length; at++) {
    const changed = Buffer.from(whole);
    changed[at] = changed[at]! ^ 4;
    t.throws(() => read(changed), { message: /topic\[0\] gave a damaged batch at offset 0/ }, `byte ${at}`);
  }
  t.end();
});
