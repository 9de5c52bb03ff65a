/**
 * Codecs of record batches: what the Java client wrote is read (java-client holds what its Compression class of Kafka
 * 4.1 made of the records below, in writes of 200 bytes), forms that other clients write, and the limit of what a batch may become.
 */
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { isProblem } from '../../../src/diagnostics/index.js';
import { type Codec, codecOf, codecs, compress, decompress, prepareCodec } from '../../../src/kafka/index.js';

const compressing: readonly Codec[] = ['gzip', 'snappy', 'lz4', 'zstd'];
t.before(() => Promise.all(codecs.map(prepareCodec)));

const records = Buffer.from(
  Array.from(
    { length: 2000 },
    (_, n) => `${JSON.stringify({ n, page: `/item/${(n * 7919) % 97}`, price: (n % 13) * 1.25 })}\n`,
  ).join(''),
);

const writtenByJava = (codec: Codec): Uint8Array =>
  fs.readFileSync(path.join(process.env.LEAT_ROOT!, 'test/unit/kafka/java-client', `records.${codec}`));

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** The problem that decompressing ends with. */
function refusal(codec: Codec, bytes: Uint8Array, limitBytes?: number): { code: string; message: string } {
  try {
    decompress(codec, bytes, limitBytes);
  } catch (error) {
    if (isProblem(error)) return error.details;
    throw error;
  }
  return { code: 'none', message: 'it was read' };
}

t.test('the numbers of the codecs are those of the protocol', (t) => {
  t.same([0, 1, 2, 3, 4].map(codecOf), ['none', 'gzip', 'snappy', 'lz4', 'zstd']);
  t.equal(codecOf(0x18 | 3), 'lz4', 'other attributes are not looked at');
  t.throws(() => codecOf(5), /there is no codec 5/);
  t.end();
});

for (const codec of compressing) {
  t.test(`${codec}: what the Java client wrote`, (t) => {
    t.ok(records.equals(decompress(codec, writtenByJava(codec))));
    t.end();
  });

  t.test(`${codec}: the limit is that of the content`, (t) => {
    for (const bytes of [writtenByJava(codec), compress(codec, records)]) {
      t.ok(records.equals(decompress(codec, bytes, records.length)));
      t.same(refusal(codec, bytes, records.length - 1).code, 'limit');
      t.same(refusal(codec, bytes, 1).code, 'limit');
    }
    t.end();
  });

  t.test(`${codec}: nothing at all`, (t) => {
    t.equal(decompress(codec, compress(codec, new Uint8Array(0))).length, 0);
    t.same(refusal(codec, new Uint8Array(0)).code, 'format');
    t.end();
  });
}

t.test('bytes that are not compressed stay the same bytes', (t) => {
  t.equal(decompress('none', records), records);
  t.equal(compress('none', records), records);
  t.end();
});

t.test('snappy without framing, as librdkafka writes it', (t) => {
  // A literal of two bytes, a copy of eight from two bytes back.
  t.equal(Buffer.from(decompress('snappy', hex('0a 04 6162 11 02'))).toString(), 'ababababab');
  t.end();
});

t.test('snappy: streams that follow each other, each with its header', (t) => {
  const one = compress('snappy', Buffer.from('one '));
  const two = compress('snappy', Buffer.from('two'));
  t.equal(Buffer.from(decompress('snappy', Buffer.concat([one, two]))).toString(), 'one two');
  t.end();
});

t.test('snappy: a block is not believed to hold what it cannot hold', (t) => {
  t.match(refusal('snappy', hex('ffffffff0f 00 61')), { code: 'format', message: /holds less than it says/ });
  t.match(refusal('snappy', hex('ffffffffff7f')), { code: 'format', message: /length of a block/ });
  t.end();
});

/** Magic number, descriptor and its checksum, worked out with the lz4 program. */
const lz4Independent = '04224d18 6040 82';

t.test('lz4: a block as the format describes it', (t) => {
  // A literal of two bytes, a match of eight from two bytes back, five literals at the end.
  const block = '24 6162 0200 50 6c61737421';
  const frame = `${lz4Independent} 0b000000 ${block} 00000000`;
  t.equal(Buffer.from(decompress('lz4', hex(frame))).toString(), 'ababababablast!');
  const skippable = '502a4d18 03000000 ffffff';
  t.equal(
    Buffer.from(decompress('lz4', hex(skippable + frame + frame))).toString(),
    'ababababablast!'.repeat(2),
  );
  t.match(refusal('lz4', hex('502a4d18 ff000000 ffffff')), { code: 'format', message: /cut off/ });
  t.end();
});

t.test('lz4: what the lz4 program wrote, with linked blocks and all checksums', (t) => {
  // seq 1 14000 | lz4 -B4 -BD -BX --content-size -9, which makes two blocks
  const folder = path.join(process.env.LEAT_ROOT!, 'test/unit/kafka/java-client');
  const numbers = `${Array.from({ length: 14_000 }, (_, k) => k + 1).join('\n')}\n`;
  const written = fs.readFileSync(path.join(folder, '../lz4-program/numbers.lz4'));
  t.equal(Buffer.from(decompress('lz4', written)).toString(), numbers);
  for (const at of [5, 14, 30, written.length - 1]) {
    const changed = Buffer.from(written);
    changed[at]! ^= 1;
    t.match(refusal('lz4', changed), { code: 'format' }, `byte ${at}`);
  }
  t.end();
});

t.test('lz4: frames that cannot be read say why', (t) => {
  t.match(refusal('lz4', hex('04224d18 6040 83 00000000')), { message: /checksum of its header/ });
  t.match(refusal('lz4', hex('04224d18 2040 82 00000000')), { message: /of version 0/ });
  t.match(refusal('lz4', hex('04224d18 6140 82 00000000')), { message: /dictionary/ });
  t.match(refusal('lz4', hex('01020304 6040 82 00000000')), { message: /does not begin like a frame/ });
  t.match(refusal('lz4', hex(`${lz4Independent} 01000200`)), { message: /cut off/ });
  t.end();
});

t.test('zstd: a frame that claims gigabytes is refused before memory is taken', (t) => {
  // Single segment, a size of eight bytes, and one block that repeats a byte.
  const sized = (size: string, block: string) => hex(`28b52ffd e0 ${size} ${block}`);
  t.equal(Buffer.from(decompress('zstd', sized('0500000000000000', '2b0000 61'))).toString(), 'aaaaa');
  t.match(refusal('zstd', sized('0000000001000000', '2b0000 61')), { code: 'format', message: /window/ });
  t.match(refusal('zstd', sized('0600000000000000', '2b0000 61')), { code: 'format', message: /hold/ });
  t.match(refusal('zstd', hex('28b52ffd 00 ff 010000')), { code: 'format', message: /window/ });
  t.end();
});

t.test('zstd: several frames, and those to be skipped', (t) => {
  const frame = compress('zstd', Buffer.from('one '));
  const skippable = hex('502a4d18 03000000 ffffff');
  t.equal(Buffer.from(decompress('zstd', Buffer.concat([skippable, frame, frame]))).toString(), 'one one ');
  t.end();
});

t.test('gzip: members that follow each other', (t) => {
  const member = compress('gzip', Buffer.from('one '));
  t.equal(Buffer.from(decompress('gzip', Buffer.concat([member, member]))).toString(), 'one one ');
  t.end();
});
