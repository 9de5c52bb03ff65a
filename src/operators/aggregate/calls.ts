/**
 * The aggregate functions: which parts each needs, and how the result of a group is read from them.
 * Functions are known by the canonical names of the plan; everything a front end lets a person write has
 * been resolved to those. FILTER (WHERE c) is CASE WHEN c THEN x END around the argument, for every
 * aggregate skips nulls.
 */
import { problem } from '../../diagnostics/index.js';
import { isNumeric, type Value } from '../../expression/index.js';
import type { AggregateCall } from '../../plan/index.js';
import { type Column, Tag } from '../../record/index.js';
import type { Cells } from '../keyed-cells/cells.js';
import {
  arrayOf,
  greatestValues,
  type Members,
  members,
  mostFrequent,
  sequence,
  valuesInOrder,
} from './collections.js';
import { type CountPart, countOf, countRows, countValues } from './counting.js';
import { distinctOf, distinctSketch } from './distinct-sketch.js';
import { addToSum, createSum, meanOf, sumOf } from './exact-sum.js';
import { extreme, extremeOf } from './extremes.js';
import { type InputSource, type InputSources, type Inputs, inputOf, sourceOf } from './inputs.js';
import { lastValues } from './last-values.js';
import { moments, varianceOf } from './moments.js';
import type { Input, Parts } from './part.js';
import { argExtreme, firstOrLast } from './picks.js';
import { putNumber, putValue } from './put-value.js';
import { quantileSketch, sketchQuantile } from './quantile-sketch.js';
import { allNumbers, exactQuantile, histogramOf } from './ranges.js';
import { meanOfGroup, type SumPart, sumOfGroup, sumValues } from './sums.js';

/** The bounds of the windows of result rows, in epoch ms. */
export interface ResultBounds {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

/** Writes the results of groups slots[0, count) into rows 0 to count - 1 of a column. */
export type Fill = (
  cells: Cells,
  slots: Int32Array,
  count: number,
  column: Column,
  bounds: ResultBounds | undefined,
) => void;

/** A call whose arguments have columns. */
export interface PlannedCall {
  readonly call: AggregateCall;
  /** Constants are not in it. */
  readonly sources: readonly InputSource[];
}

const constantArguments: Readonly<Record<string, number>> = {
  quantile: 1,
  quantile_exact: 1,
  histogram: 1,
  top: 1,
  lag: 1,
};
const defaultRanges = 10;

/** Gives the arguments of a call columns. Throws a problem when an expression cannot be compiled. */
export function planCall(call: AggregateCall, sources: InputSources, windowed: boolean): PlannedCall {
  if (call.function === 'rate' && !windowed) {
    throw problem({
      code: 'plan',
      message: `${call.name} is a rate per second, but there is no window whose length is known`,
      hint: 'put a window of time before aggregate, or count(*)',
    });
  }
  const given = call.arguments.slice(0, constantArguments[call.function] ?? call.arguments.length);
  const { filter } = call;
  if (filter === undefined) return { call, sources: given.map((text) => sourceOf(sources, text)) };
  const values = given.length === 0 ? ['1'] : given;
  const texts = values.map((text) => `CASE WHEN (${filter}) THEN (${text}) END`);
  return { call, sources: texts.map((text) => sourceOf(sources, text)) };
}

/** What a function is made from. */
interface Making {
  readonly parts: Parts;
  readonly call: AggregateCall;
  /** Names the first argument among parts. */
  readonly name: string;
  value(index: number): Input;
  number(index: number): Input;
  /** The constant argument, or the default when it is not given. */
  constant(byDefault: number): number;
}

type ReadOne = (cells: Cells, slot: number) => Value;

function perGroup(read: ReadOne): Fill {
  return (cells, slots, count, column) => {
    for (let row = 0; row < count; row++) putValue(column, row, read(cells, slots[row]!));
  };
}

/** A function of what a group gathered; null when it gathered nothing. */
function ofThing<Thing>(
  part: { thingOf(cells: Cells, slot: number): Thing | undefined },
  read: (thing: Thing) => Value,
): Fill {
  return perGroup((cells, slot) => {
    const thing = part.thingOf(cells, slot);
    return thing === undefined ? null : read(thing);
  });
}

function fillCounts(part: CountPart): Fill {
  return ({ numbers, stride }, slots, count, column) => {
    for (let row = 0; row < count; row++) column.numbers[row] = numbers[slots[row]! * stride + part.offset]!;
    column.tags.fill(Tag.number, 0, count);
    column.lengths.fill(0, 0, count);
  };
}

function fillSums(part: SumPart): Fill {
  const { offset } = part.site;
  return (cells, slots, count, column) => {
    const { numbers, stride } = cells;
    for (let row = 0; row < count; row++) {
      const at = slots[row]! * stride + offset;
      const sum = numbers[at]! + numbers[at + 1]!;
      if (sum !== 0 && !Number.isNaN(sum)) {
        column.tags[row] = Tag.number;
        column.numbers[row] = sum;
        column.lengths[row] = 0;
      } else putValue(column, row, sumOfGroup(part, cells, slots[row]!));
    }
  };
}

function countsOf({ parts, call, name, value }: Making): CountPart {
  const rows = call.arguments.length === 0 && call.filter === undefined;
  return rows ? countRows(parts) : countValues(parts, name, value(0));
}

function makeRate(making: Making): Fill {
  const part = countsOf(making);
  return (cells, slots, count, column, bounds) => {
    for (let row = 0; row < count; row++) {
      const lengthMs = bounds!.ends[row]! - bounds!.starts[row]!;
      putNumber(column, row, (countOf(part, cells, slots[row]!) * 1000) / lengthMs);
    }
  };
}

function makeCount(making: Making): Fill {
  if (!making.call.distinct) return fillCounts(countsOf(making));
  const part = members(making.parts, making.name, making.value(0));
  return perGroup((cells, slot) => part.thingOf(cells, slot)?.size ?? 0);
}

function sumOfMembers(all: Members): ReturnType<typeof sumOf> {
  const sum = createSum();
  for (const value of valuesInOrder(all)) if (isNumeric(value)) addToSum(sum, value);
  return sumOf(sum);
}

function makeSum({ parts, call, name, number }: Making): Fill {
  if (call.distinct) return ofThing(members(parts, `number ${name}`, number(0)), sumOfMembers);
  return fillSums(sumValues(parts, name, number(0)));
}

function makeAvg({ parts, call, name, number }: Making): Fill {
  if (call.distinct) {
    return ofThing(members(parts, `number ${name}`, number(0)), (all) => meanOf(sumOfMembers(all), all.size));
  }
  const sum = sumValues(parts, name, number(0));
  const counted = countValues(parts, name, number(0));
  return perGroup((cells, slot) => meanOfGroup(sum, cells, slot, countOf(counted, cells, slot)));
}

function makeVariance(sample: boolean, root: boolean): (making: Making) => Fill {
  return ({ parts, name, number }) => {
    const part = moments(parts, name, number(0));
    return (cells, slots, count, column) => {
      for (let row = 0; row < count; row++) {
        const variance = varianceOf(part, cells, slots[row]!, sample);
        putNumber(column, row, root ? Math.sqrt(variance) : variance);
      }
    };
  };
}

function makeExtreme(sign: 1 | -1): (making: Making) => Fill {
  return ({ parts, name, value }) => {
    const part = extreme(parts, name, value(0), sign);
    return perGroup((cells, slot) => extremeOf(part, cells, slot));
  };
}

function makePick(last: boolean): (making: Making) => Fill {
  return ({ parts, name, value }) => {
    const part = firstOrLast(parts, name, value(0), last);
    return perGroup((cells, slot) => part.valueOf(cells, slot));
  };
}

function makeArgExtreme(sign: 1 | -1): (making: Making) => Fill {
  return ({ parts, call, name, value }) => {
    const part = argExtreme(parts, `${name} ${call.arguments[1]}`, value(0), value(1), sign);
    return perGroup((cells, slot) => part.valueOf(cells, slot));
  };
}

function makeSet({ parts, name, value }: Making): Fill {
  return ofThing(members(parts, name, value(0)), (all) => arrayOf(valuesInOrder(all)));
}

const functions: Readonly<Record<string, (making: Making) => Fill>> = {
  count: makeCount,
  rate: makeRate,
  sum: makeSum,
  avg: makeAvg,
  min: makeExtreme(-1),
  max: makeExtreme(1),
  first: makePick(false),
  last: makePick(true),
  any: makePick(false),
  stddev_pop: makeVariance(false, true),
  stddev_samp: makeVariance(true, true),
  stddev: makeVariance(true, true),
  var_pop: makeVariance(false, false),
  var_samp: makeVariance(true, false),
  variance: makeVariance(true, false),
  quantile({ parts, name, number, constant }) {
    const fraction = constant(0.5);
    return ofThing(quantileSketch(parts, name, number(0)), (sketch) => sketchQuantile(sketch, fraction));
  },
  quantile_exact({ parts, name, number, constant }) {
    const fraction = constant(0.5);
    return ofThing(allNumbers(parts, name, number(0)), (values) => exactQuantile(values, fraction));
  },
  approx_distinct({ parts, name, value }) {
    const part = distinctSketch(parts, name, value(0));
    return perGroup((cells, slot) => {
      const sketch = part.thingOf(cells, slot);
      return sketch === undefined ? 0 : distinctOf(sketch);
    });
  },
  list(making) {
    if (making.call.distinct) return makeSet(making);
    return ofThing(sequence(making.parts, making.name, making.value(0)), ({ values }) => arrayOf(values));
  },
  set: makeSet,
  histogram({ parts, name, number, constant }) {
    const ranges = constant(defaultRanges);
    return ofThing(allNumbers(parts, name, number(0)), (values) => histogramOf(values, ranges));
  },
  top: ({ parts, name, value, constant }) =>
    ofThing(greatestValues(parts, name, value(0), constant(1)), arrayOf),
  argmin: makeArgExtreme(-1),
  argmax: makeArgExtreme(1),
  lag({ parts, name, value, constant }) {
    const part = lastValues(parts, name, value(0), constant(1));
    return perGroup((cells, slot) => part.before(cells, slot));
  },
  mode: ({ parts, name, value }) => ofThing(members(parts, name, value(0)), mostFrequent),
};

/** Makes what reads the results of a call, and the parts it needs. */
export function makeCall({ call, sources }: PlannedCall, parts: Parts, inputs: Inputs): Fill {
  const make = functions[call.function];
  if (make === undefined) {
    throw problem({ code: 'unknown-name', message: `unknown aggregate function ${call.function}` });
  }
  const constant = call.arguments[constantArguments[call.function] ?? call.arguments.length];
  return make({
    parts,
    call,
    name: sources[0]?.text ?? '*',
    value: (index) => inputOf(inputs, sources[index]!, false),
    number: (index) => inputOf(inputs, sources[index]!, true),
    constant: (byDefault) => (constant === undefined ? byDefault : Number(constant)),
  });
}
