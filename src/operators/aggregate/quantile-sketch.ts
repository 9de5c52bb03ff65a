/**
 * Quantiles within 1 % of their value in little memory: DDSketch (Masson, Rim, Lee, "DDSketch: a fast and
 * fully-mergeable quantile sketch with relative-error guarantees", VLDB 2019). Values are counted in
 * ranges whose bounds grow by a constant factor, so that the middle of a range is within 1 % of all values
 * in it. Counts are typed arrays over the ranges in use: small for the small groups of a window, and plain
 * data.
 */
import {
  type ByteReader,
  type ByteWriter,
  putCount,
  putDouble,
  takeCount,
  takeDouble,
} from '../../record/index.js';
import { asBytes, type ThingCodec } from '../keyed-cells/plain-things.js';
import { type GatherPart, gather } from './gather.js';
import { doubleAt } from './inputs.js';
import type { Input, Parts } from './part.js';

const accuracy = 0.01;
const growth = (1 + accuracy) / (1 - accuracy);
const logGrowth = Math.log(growth);
/** Smaller magnitudes count as zero: below them 1 % cannot be told apart. */
const leastMagnitude = 1e-300;

/** Counts of the values in ranges; counts[i] belongs to range `first + i`. */
interface Counts {
  first: number;
  counts: Float64Array;
  total: number;
}

export interface Sketch {
  readonly positive: Counts;
  readonly negative: Counts;
  zeros: number;
  least: number;
  greatest: number;
}

function createCounts(): Counts {
  return { first: 0, counts: new Float64Array(0), total: 0 };
}

export function createSketch(): Sketch {
  return {
    positive: createCounts(),
    negative: createCounts(),
    zeros: 0,
    least: Number.POSITIVE_INFINITY,
    greatest: Number.NEGATIVE_INFINITY,
  };
}

/** The range that holds a magnitude: growth^(range - 1) < magnitude <= growth^range. */
function rangeOf(magnitude: number): number {
  return Math.ceil(Math.log(magnitude) / logGrowth);
}

/** Makes room for a range, with some to spare on the side that grew. */
function makeRoom(into: Counts, range: number): void {
  const { first, counts } = into;
  const end = first + counts.length;
  if (range >= first && range < end) return;
  const spare = 4 + (counts.length >> 1);
  const from = counts.length === 0 ? range - 2 : range < first ? range - spare : first;
  const to = counts.length === 0 ? range + 3 : range >= end ? range + 1 + spare : end;
  const grown = new Float64Array(to - from);
  grown.set(counts, counts.length === 0 ? 0 : first - from);
  into.counts = grown;
  into.first = from;
}

function addCount(into: Counts, range: number, count: number): void {
  makeRoom(into, range);
  into.counts[range - into.first]! += count;
  into.total += count;
}

export function addToSketch(sketch: Sketch, value: number): void {
  if (value < sketch.least) sketch.least = value;
  if (value > sketch.greatest) sketch.greatest = value;
  if (value > leastMagnitude) addCount(sketch.positive, rangeOf(value), 1);
  else if (value < -leastMagnitude) addCount(sketch.negative, rangeOf(-value), 1);
  else sketch.zeros++;
}

function mergeCounts(into: Counts, from: Counts): void {
  for (let index = 0; index < from.counts.length; index++) {
    if (from.counts[index]! > 0) addCount(into, from.first + index, from.counts[index]!);
  }
}

export function mergeSketches(into: Sketch, from: Sketch): void {
  mergeCounts(into.positive, from.positive);
  mergeCounts(into.negative, from.negative);
  into.zeros += from.zeros;
  into.least = Math.min(into.least, from.least);
  into.greatest = Math.max(into.greatest, from.greatest);
}

/** The magnitude at a rank (from 0) among the magnitudes counted. */
function magnitudeAt({ first, counts }: Counts, rank: number): number {
  let index = 0;
  let before = counts[0]!;
  while (before <= rank && index < counts.length - 1) before += counts[++index]!;
  return (2 * growth ** (first + index)) / (growth + 1);
}

/** About the value at a whole rank, within 1 % of it. */
function valueAtRank(sketch: Sketch, rank: number): number {
  const { positive, negative, zeros, least, greatest } = sketch;
  const belowZero = negative.total;
  let value = 0;
  if (rank < belowZero) value = -magnitudeAt(negative, belowZero - 1 - rank);
  else if (rank >= belowZero + zeros) value = magnitudeAt(positive, rank - belowZero - zeros);
  return Math.min(greatest, Math.max(least, value));
}

/**
 * About the quantile of at least one value: between two ranks in proportion, like the exact one in
 * ranges.ts.
 */
export function sketchQuantile(sketch: Sketch, fraction: number): number {
  const rank = fraction * (sketch.positive.total + sketch.negative.total + sketch.zeros - 1);
  const below = Math.floor(rank);
  const low = valueAtRank(sketch, below);
  if (below === rank) return low;
  const high = valueAtRank(sketch, below + 1);
  return low === high ? low : low + (high - low) * (rank - below);
}

/** Writes the ranges from the first that holds something to the last, which may be any integers. */
function writeCounts(out: ByteWriter, { first, counts }: Counts): void {
  let from = 0;
  let to = counts.length;
  while (from < to && counts[from] === 0) from++;
  while (from < to && counts[to - 1] === 0) to--;
  putCount(out, to - from);
  if (from === to) return;
  putDouble(out, first + from);
  for (let index = from; index < to; index++) putCount(out, counts[index]!);
}

function readCounts(from: ByteReader): Counts {
  const length = takeCount(from);
  if (length === 0) return createCounts();
  const first = takeDouble(from);
  const counts = Float64Array.from({ length }, () => takeCount(from));
  return { first, counts, total: counts.reduce((sum, count) => sum + count, 0) };
}

const sketchCodec: ThingCodec<Sketch> = asBytes<Sketch>({
  write(out, { positive, negative, zeros, least, greatest }) {
    writeCounts(out, positive);
    writeCounts(out, negative);
    putCount(out, zeros);
    putDouble(out, least);
    putDouble(out, greatest);
  },
  read(from) {
    const positive = readCounts(from);
    const negative = readCounts(from);
    const zeros = takeCount(from);
    const least = takeDouble(from);
    return { positive, negative, zeros, least, greatest: takeDouble(from) };
  },
});

/** The sketch of a numeric argument. */
export function quantileSketch(parts: Parts, name: string, input: Input): GatherPart<Sketch> {
  return gather(parts, `sketch ${name}`, input, {
    create: createSketch,
    add: (thing, { column }, row) => addToSketch(thing, doubleAt(column, row)),
    merge: mergeSketches,
    codec: sketchCodec,
  });
}
