/**
 * About how many different values there are: HyperLogLog (Flajolet, Fusy, Gandouet, Meunier, 2007) with
 * 2^14 registers, standard error 0.8 %. The estimate is Ertl's ("New cardinality estimation algorithms for
 * HyperLogLog sketches", 2017), which needs no correction for small or large counts. Up to 512 values the
 * hashes themselves are kept: the count is then exact, but for hashes that collide, and a small group
 * costs little memory.
 */
import {
  type ByteWriter,
  createByteWriter,
  hashBytes,
  putCount,
  putSpan,
  reserve,
  takeBytes,
  takeCount,
  takeSpan,
  writeKeyBytes,
} from '../../record/index.js';
import { asBytes, type ThingCodec } from '../keyed-cells/plain-things.js';
import { type GatherPart, gather } from './gather.js';
import type { Input, Parts } from './part.js';

const registerBits = 14;
const registers = 1 << registerBits;
/** Bits of the hash that are no register number; a register holds at most this + 1. */
const restBits = 64 - registerBits;
const mostHashes = 512;

export interface DistinctSketch {
  /**
   * The hashes themselves while they are few: high half * 2^32 + low half would be no safe integer, so text.
   */
  hashes: Set<string> | undefined;
  registers: Uint8Array | undefined;
}

export function createDistinctSketch(): DistinctSketch {
  return { hashes: new Set(), registers: undefined };
}

/** Registers take the position of the first 1 in what follows the register number. */
function setRegister(into: Uint8Array, high: number, low: number): void {
  const register = high >>> (32 - registerBits);
  const rest = (high << registerBits) >>> 0;
  const zeros = rest !== 0 ? Math.clz32(rest) : 32 - registerBits + Math.clz32(low);
  const rank = zeros + 1;
  if (rank > into[register]!) into[register] = rank;
}

function toRegisters(sketch: DistinctSketch): Uint8Array {
  if (sketch.registers !== undefined) return sketch.registers;
  const made = new Uint8Array(registers);
  for (const hash of sketch.hashes!) {
    const [high, low] = hash.split(' ');
    setRegister(made, Number(high), Number(low));
  }
  sketch.hashes = undefined;
  sketch.registers = made;
  return made;
}

/** Adds a value by two independent hashes of 32 bits. */
export function addToDistinct(sketch: DistinctSketch, high: number, low: number): void {
  if (sketch.hashes !== undefined) {
    sketch.hashes.add(`${high} ${low}`);
    if (sketch.hashes.size > mostHashes) toRegisters(sketch);
  } else setRegister(sketch.registers!, high, low);
}

export function mergeDistinct(into: DistinctSketch, from: DistinctSketch): void {
  if (into.hashes !== undefined && from.hashes !== undefined) {
    for (const hash of from.hashes) into.hashes.add(hash);
    if (into.hashes.size > mostHashes) toRegisters(into);
    return;
  }
  const mine = toRegisters(into);
  const its = toRegisters(from);
  for (let k = 0; k < registers; k++) if (its[k]! > mine[k]!) mine[k] = its[k]!;
}

function sigma(x: number): number {
  if (x === 1) return Number.POSITIVE_INFINITY;
  let power = x;
  let factor = 1;
  let sum = x;
  for (let before = Number.NaN; before !== sum; ) {
    power *= power;
    before = sum;
    sum += power * factor;
    factor += factor;
  }
  return sum;
}

function tau(x: number): number {
  if (x === 0 || x === 1) return 0;
  let root = x;
  let factor = 1;
  let sum = 1 - x;
  for (let before = Number.NaN; before !== sum; ) {
    root = Math.sqrt(root);
    before = sum;
    factor *= 0.5;
    sum -= (1 - root) ** 2 * factor;
  }
  return sum / 3;
}

/** The estimated number of different values. */
export function distinctOf(sketch: DistinctSketch): number {
  if (sketch.hashes !== undefined) return sketch.hashes.size;
  const counts = new Float64Array(restBits + 2);
  for (const rank of sketch.registers!) counts[rank]!++;
  let sum = registers * tau(1 - counts[restBits + 1]! / registers);
  for (let rank = restBits; rank >= 1; rank--) sum = 0.5 * (sum + counts[rank]!);
  sum += registers * sigma(counts[0]! / registers);
  return Math.round((registers * registers) / (2 * Math.LN2) / sum);
}

/** Hashes in the order in which they came, or, behind a count that no few hashes have, the registers. */
const distinctCodec: ThingCodec<DistinctSketch> = asBytes<DistinctSketch>({
  write(out, { hashes, registers: ranks }) {
    if (hashes === undefined) {
      putCount(out, registers);
      putSpan(out, ranks!);
      return;
    }
    putCount(out, hashes.size);
    reserve(out, hashes.size * 8);
    for (const hash of hashes) {
      const [high, low] = hash.split(' ');
      out.length = out.bytes.writeInt32LE(Number(high), out.length);
      out.length = out.bytes.writeInt32LE(Number(low), out.length);
    }
  },
  read(from) {
    const count = takeCount(from);
    if (count === registers) return { hashes: undefined, registers: Uint8Array.from(takeSpan(from)) };
    const hashes = new Set<string>();
    for (let left = count; left > 0; left--) {
      const pair = takeBytes(from, 8);
      hashes.add(`${pair.readInt32LE(0)} ${pair.readInt32LE(4)}`);
    }
    return { hashes, registers: undefined };
  },
});

/** A byte before the key, so that the second hash mixes the bytes in other places. */
const salt = 0x9e;
const scratch: ByteWriter = createByteWriter(1 << 10);

/** The sketch of an argument. */
export function distinctSketch(parts: Parts, name: string, input: Input): GatherPart<DistinctSketch> {
  return gather(parts, `distinct sketch ${name}`, input, {
    create: createDistinctSketch,
    add(thing, { column }, row) {
      scratch.length = 0;
      scratch.bytes[scratch.length++] = salt;
      writeKeyBytes(scratch, column, row);
      const high = hashBytes(scratch.bytes, 1, scratch.length - 1);
      addToDistinct(thing, high, hashBytes(scratch.bytes, 0, scratch.length));
    },
    merge: mergeDistinct,
    codec: distinctCodec,
  });
}
