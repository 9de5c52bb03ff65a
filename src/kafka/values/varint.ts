/**
 * Writing what Avro and protobuf have in common: integers of variable length, seven bits in a byte, low ones first.
 */
import { type ByteWriter, reserve } from '../../record/index.js';

/** An unsigned integer of up to 64 bits. */
export function writeVarint(out: ByteWriter, value: bigint | number): void {
  reserve(out, 10);
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 128n; rest >>= 7n) out.bytes[out.length++] = Number(rest & 127n) | 128;
  out.bytes[out.length++] = Number(rest);
}

/** A signed one by zigzag coding. */
export function writeZigzag(out: ByteWriter, value: bigint | number): void {
  const big = BigInt(value);
  writeVarint(out, BigInt.asUintN(64, (big << 1n) ^ (big >> 63n)));
}
