/**
 * Aggregates over all numbers of a group, which are kept until it fires: exact quantiles and histograms. Numbers are
 * doubles; big integers and decimals are rounded to them.
 */
import { makeNested, type Nested } from '../../expression/index.js';
import { putCount, putDouble, takeCount, takeDouble } from '../../record/index.js';
import { arrayOfPlain, numberOfPlain, plainNumber, type ThingCodec } from '../keyed-cells/plain-things.js';
import { type GatherPart, gather } from './gather.js';
import { doubleAt } from './inputs.js';
import type { Input, Parts } from './part.js';

const numbersCodec: ThingCodec<number[]> = {
  write(out, numbers) {
    putCount(out, numbers.length);
    for (const number of numbers) putDouble(out, number);
  },
  read: (from) => Array.from({ length: takeCount(from) }, () => takeDouble(from)),
  toPlain: (numbers) => numbers.map(plainNumber),
  fromPlain: (plain) => arrayOfPlain(plain).map(numberOfPlain),
};

/** All numbers of a numeric argument, in no order. */
export function allNumbers(parts: Parts, name: string, input: Input): GatherPart<number[]> {
  return gather<number[]>(parts, `numbers ${name}`, input, {
    create: () => [],
    add(thing, { column }, row) {
      thing.push(doubleAt(column, row));
    },
    merge(into, from) {
      for (const value of from) into.push(value);
    },
    codec: numbersCodec,
  });
}

/**
 * The quantile of at least one number: at rank fraction * (n - 1) of the sorted numbers, between two of them in
 * proportion, as PERCENTILE does in Flink SQL.
 */
export function exactQuantile(values: readonly number[], fraction: number): number {
  const sorted = Float64Array.from(values).sort();
  const rank = fraction * (sorted.length - 1);
  const below = Math.floor(rank);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low === high ? low : low + (high - low) * (rank - below);
}

/**
 * Counts of at least one number in ranges of equal width from the least to the greatest: an array of
 * {"from":..,"to":..,"count":..}. A range holds its lower bound and not its upper one, but for the last,
 * which holds both. If all numbers are equal there is one range.
 */
export function histogramOf(values: readonly number[], ranges: number): Nested {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  const count = least === greatest ? 1 : ranges;
  const bound = (index: number): number =>
    index === count ? greatest : least + ((greatest - least) * index) / count;
  const counts = new Float64Array(count);
  for (const value of values) {
    let index = Math.min(count - 1, Math.floor(((value - least) / (greatest - least || 1)) * count));
    // Division rounds; the bounds that are shown decide.
    while (index > 0 && value < bound(index)) index--;
    while (index < count - 1 && value >= bound(index + 1)) index++;
    counts[index]!++;
  }
  const texts = Array.from(counts, (n, index) => {
    const [from, to] = [bound(index), bound(index + 1)];
    return `{"from":${JSON.stringify(from)},"to":${JSON.stringify(to)},"count":${n}}`;
  });
  return makeNested(`[${texts.join(',')}]`);
}
