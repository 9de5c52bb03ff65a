/** CRC-32C against its definition, bit by bit, wherever the bytes lie and however many they are. */
import fc from 'fast-check';
import t from 'tap';
import { crc32c } from '../../../src/kafka/batches/crc32c.js';

function bitByBit(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

t.test('the check value of the catalogue of CRCs', (t) => {
  t.equal(crc32c(Buffer.from('123456789'), 0, 9), 0xe3069283);
  t.equal(crc32c(Buffer.alloc(0), 0, 0), 0);
  // RFC 3720, B.4.
  t.equal(crc32c(Buffer.alloc(32), 0, 32), 0x8a9136aa);
  t.equal(crc32c(Buffer.alloc(32, 255), 0, 32), 0x62a8ab43);
  t.end();
});

t.test('any bytes, at any place in their memory', (t) => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.nat({ max: 9 }),
      fc.nat({ max: 9 }),
      (bytes, before, skipped) => {
        const memory = new Uint8Array(before + bytes.length + 3).fill(170);
        memory.set(bytes, before);
        const view = memory.subarray(before);
        const start = Math.min(skipped, bytes.length);
        return crc32c(view, start, bytes.length) === bitByBit(bytes.subarray(start));
      },
    ),
  );
  t.end();
});
