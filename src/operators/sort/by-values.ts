/**
 * Records by values, all of them, at the end of the input. Kept as bytes, with the values beside them; records of equal
 * values stay in the order in which they came.
 */
import { decodeValue, encodeValue, readColumn, readComputed, type Value } from '../../expression/index.js';
import type { NamedExpression } from '../../plan/index.js';
import { type Batch, createByteReader, createByteWriter } from '../../record/index.js';
import { readFacts, readNumbered, writeFacts, writeNumbered } from '../../state/index.js';
import { compareAny } from '../aggregate/value-order.js';
import { bareField } from '../bare-field.js';
import { rejectOf } from '../builder.js';
import { columnOf, type Projection } from '../fields.js';
import type { Operator, Output, RowShape } from '../operator.js';
import type { Services } from '../place.js';
import type { Rescan } from '../rescan.js';
import { scopeOf } from '../scope.js';
import { createKeeper, type KeptRecord, storedRecordCodec } from '../window/kept.js';
import { editValued, showValued } from './sort-entries.js';

/** One of the values that records are sorted by. */
interface SortKey {
  readonly text: string;
  readonly column: number;
  readonly projection: Projection | undefined;
}

export interface ValueOrder {
  readonly keys: readonly SortKey[];
  readonly descending: boolean;
}

/** A record with the values that it is sorted by. */
export interface Sorted {
  readonly record: KeptRecord;
  readonly values: readonly Value[];
}

const recordsPrefix = 'records/';

/** Columns for the values. */
export function readSortKeys(by: readonly NamedExpression[], rows: RowShape): readonly SortKey[] {
  const scope = scopeOf(rows);
  return by.map(({ expression }) => ({
    text: expression,
    projection: undefined,
    ...columnOf(expression, scope, rows),
  }));
}

/** Null before everything. */
function compareNullable(a: Value, b: Value): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return compareAny(a, b);
}

function compareKeys(a: readonly Value[], b: readonly Value[]): number {
  for (let k = 0; k < a.length; k++) {
    const order = compareNullable(a[k]!, b[k]!);
    if (order !== 0) return order;
  }
  return 0;
}

function encodeKeys(values: readonly Value[]): string {
  const out = createByteWriter(1 << 6);
  for (const value of values) encodeValue(out, value);
  return out.bytes.toString('latin1', 0, out.length);
}

function decodeKeys(text: string, count: number): readonly Value[] {
  const from = createByteReader(Buffer.from(text, 'latin1'));
  return Array.from({ length: count }, () => decodeValue(from));
}

function stateHooks(
  kept: Sorted[],
  { keys }: ValueOrder,
): Pick<Operator, 'snapshot' | 'restore' | 'entries' | 'edit'> {
  const fields = keys.map(({ text }) => bareField(text));
  return {
    snapshot(into) {
      writeFacts(into, { records: kept.length });
      const all = kept.map(({ record, values }, number) => ({
        number,
        thing: { ...record, key: encodeKeys(values) },
      }));
      writeNumbered(into, recordsPrefix, all, storedRecordCodec);
    },
    restore(from) {
      readFacts(from, { records: 0 });
      readNumbered(from, recordsPrefix, storedRecordCodec, (_number, { key, ...record }) => {
        kept.push({ record, values: decodeKeys(key, keys.length) });
      });
    },
    entries: () =>
      showValued(
        fields,
        kept.map((one, number) => ({ number, kept: one })),
      ),
    edit: () =>
      editValued(fields, (all) => {
        kept.length = 0;
        for (const one of all) kept.push(one.kept);
      }),
  };
}

export function createValueSort(
  order: ValueOrder,
  scanned: (send: (batch: Batch) => void) => Rescan,
  output: Output,
  services: Services,
): Operator {
  const { keys, descending } = order;
  const kept: Sorted[] = [];
  const keeper = createKeeper([]);
  const reject = rejectOf(services);
  const rescan = scanned((batch) => output.batch(batch));
  const valueAt = (batch: Batch, row: number, { column, projection }: SortKey): Value =>
    (projection === undefined ? readColumn : readComputed)(batch.columns[column]!, row);
  return {
    stateShape: `all records by ${keys.map(({ text }) => text).join(', ')}`,
    staysInMemory: true,
    ...stateHooks(kept, order),
    onBatch(batch) {
      for (const { projection } of keys) projection?.(batch, reject);
      for (let k = 0; k < batch.selected; k++) {
        const row = batch.selection[k]!;
        const values = keys.map((key) => valueAt(batch, row, key));
        kept.push({ record: keeper.keep(batch, row), values });
      }
    },
    onWatermark(watermark) {
      // Until the end nothing is certain, and what comes behind has no time.
      if (watermark !== Number.POSITIVE_INFINITY) return;
      const sign = descending ? -1 : 1;
      kept.sort((a, b) => sign * compareKeys(a.values, b.values));
      for (const { record } of kept.splice(0)) {
        rescan.addBytes(record.bytes, Number.NaN, Number.NEGATIVE_INFINITY, record.source);
      }
      rescan.flush();
      output.watermark(watermark);
    },
    onEnd() {},
  };
}
