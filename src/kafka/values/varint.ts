/**
 * Writing what Avro and protobuf have in common: integers of variable length, seven bits in a byte, low ones first.
 */
import { type ByteWriter, reserve } from '../../record/index.js';

/** Doubles are exact below this, also when doubled. */
const safe = 2 ** 52;

/** A bigint as a number where that loses nothing: numbers are faster. */
function short(value: bigint | number): bigint | number {
  if (typeof value === 'number') return value;
  const double = Number(value);
  return double > -safe && double < safe ? double : value;
}

/** An integer of up to 64 bits; one below 0 counts from 2^64 down. */
export function writeVarint(out: ByteWriter, value: bigint | number): void {
  reserve(out, 10);
  const fast = short(value);
  if (typeof fast === 'number' && fast >= 0) {
    let rest = fast;
    for (; rest >= 128; rest = Math.floor(rest / 128)) out.bytes[out.length++] = (rest % 128) | 128;
    out.bytes[out.length++] = rest;
    return;
  }
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 128n; rest >>= 7n) out.bytes[out.length++] = Number(rest & 127n) | 128;
  out.bytes[out.length++] = Number(rest);
}

/** A signed one by zigzag coding. */
export function writeZigzag(out: ByteWriter, value: bigint | number): void {
  const fast = short(value);
  if (typeof fast === 'number') writeVarint(out, fast >= 0 ? fast * 2 : -2 * fast - 1);
  else writeVarint(out, BigInt.asUintN(64, (fast << 1n) ^ (fast >> 63n)));
}
