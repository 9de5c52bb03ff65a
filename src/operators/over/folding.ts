/**
 * Aggregates of records whose batch has gone: the values of their arguments are read when the records come, and the parts of
 * the aggregates take them in whenever they are asked for. Which records are taken together is the caller's business.
 */
import { readComputed, type Value } from '../../expression/index.js';
import {
  type Batch,
  batchCapacity,
  type Column,
  createByteReader,
  createByteWriter,
  createColumn,
} from '../../record/index.js';
import { makeCall, type PlannedCall } from '../aggregate/calls.js';
import {
  createInputs,
  type InputSource,
  type InputSources,
  inputOf,
  prepareInputs,
} from '../aggregate/inputs.js';
import { createPartList, type NamedSite } from '../aggregate/part.js';
import { putValue } from '../aggregate/put-value.js';
import { bareField } from '../bare-field.js';
import type { FieldName } from '../entry-record.js';
import { type CellPlan, type Cells, keep } from '../keyed-cells/cells.js';

/** The values of the arguments of one record. */
export type Values = readonly Value[];

export interface Folding {
  readonly cellPlan: CellPlan;
  readonly sites: readonly NamedSite[];
  /** The fields that the arguments are; undefined for one that is computed. */
  readonly fields: readonly FieldName[];
  /** How many values there are of each record. */
  readonly arguments: number;
  /** Computes the arguments for the selected rows of a batch. */
  prepare(batch: Batch): void;
  /** Why a row of that batch cannot be taken; undefined when it can. */
  refusal(row: number): string | undefined;
  valuesOf(row: number): Values;
  /** Takes records [from, to) into a slot; `number` is that of the first among those of its key. */
  take(cells: Cells, slot: number, of: readonly Values[], from: number, to: number, number: number): void;
  /** Makes a slot what another one is; neither changes with the other after. */
  copy(cells: Cells, into: number, from: number): void;
  /** Adds a slot of later records to one of earlier ones, and uses it up. */
  merge(cells: Cells, into: number, from: number): void;
  /** The results of a slot. */
  results(cells: Cells, slot: number): Values;
}

/** The same arguments once they are values: each is computed, and none is projected from a batch. */
function computedCalls(calls: readonly PlannedCall[]) {
  const originals = new Map<InputSource, InputSource>();
  const computed = new Map<InputSource, InputSource>();
  const asComputed = (source: InputSource): InputSource => {
    const known = computed.get(source) ?? { ...source, project() {} };
    computed.set(source, known);
    originals.set(known, source);
    return known;
  };
  return {
    calls: calls.map(({ call, sources }) => ({ call, sources: sources.map(asComputed) })),
    originalOf: (source: InputSource): InputSource => originals.get(source)!,
  };
}

function copySlot({ lists }: CellPlan, cells: Cells, into: number, from: number): void {
  const { numbers, stride, kept } = cells;
  numbers.copyWithin(into * stride, from * stride, (from + 1) * stride);
  lists.forEach((codec, list) => {
    const thing = kept[list]![from];
    if (thing === undefined) {
      if (into < kept[list]!.length) kept[list]![into] = undefined;
      return;
    }
    const out = createByteWriter(1 << 6);
    codec.write(out, thing);
    keep(kept[list]!, into, codec.read(createByteReader(out.bytes.subarray(0, out.length))));
  });
}

/** What folds the calls; their arguments are in `sources`. */
export function createFolding(planned: readonly PlannedCall[], sources: InputSources): Folding {
  const { calls, originalOf } = computedCalls(planned);
  const inputs = createInputs({ ...sources, known: new Map() });
  const list = createPartList();
  const fills = calls.map((call) => makeCall(call, list, inputs));
  const arriving = createInputs(sources);
  const { views } = inputs;
  const arrivals = views.map(({ source, numeric }) => inputOf(arriving, originalOf(source), numeric));
  for (const view of views) view.column = createColumn(batchCapacity);
  const result: Column = createColumn(1);
  const rows = Int32Array.from({ length: batchCapacity }, (_, row) => row);
  const slots = new Int32Array(batchCapacity);
  const one = new Int32Array(1);
  const cellPlan = { initial: list.initial, lists: list.lists };
  return {
    cellPlan,
    sites: list.sites,
    fields: views.map(({ source }) => bareField(source.text)),
    arguments: views.length,
    prepare: (batch) => prepareInputs(arriving, batch),
    refusal: (row) => arriving.errors.get(row),
    valuesOf: (row) => arrivals.map(({ column, read }) => read(column, row)),
    take(cells, slot, of, from, to, number) {
      for (let next = from; next < to; next += batchCapacity) {
        const count = Math.min(batchCapacity, to - next);
        for (let row = 0; row < count; row++) {
          const values = of[next + row]!;
          for (let v = 0; v < views.length; v++) putValue(views[v]!.column, row, values[v]!);
        }
        slots.fill(slot, 0, count);
        const taken = { rows, slots, count, arrival: number + (next - from) };
        for (const part of list.parts) part.update(cells, taken);
      }
    },
    copy: (cells, into, from) => copySlot(cellPlan, cells, into, from),
    merge(cells, into, from) {
      for (const part of list.parts) part.merge(cells, into, from);
    },
    results(cells, slot) {
      one[0] = slot;
      return fills.map((fill) => {
        fill(cells, one, 1, result, undefined);
        return readComputed(result, 0);
      });
    },
  };
}
