/**
 * Runs an aggregation over records given as JSON texts, cut into batches, with times and marks said by the
 * test.
 */
import { buildAggregate, buildWindowedAggregate } from '../../../src/operators/aggregate/index.js';
import type { Built, Operator, Place } from '../../../src/operators/index.js';
import {
  type AggregateCall,
  aggregate,
  type NamedExpression,
  type WindowShape,
  window,
} from '../../../src/plan/index.js';
import {
  type Batch,
  createBatch,
  createByteWriter,
  createEncoder,
  createJsonScanner,
  createLayout,
  encodeBatch,
  scannedColumn,
} from '../../../src/record/index.js';

/** `count(*) as n` is ['n', 'count']; `quantile(x, 0.5) as q` is ['q', 'quantile', 'x', '0.5']. */
export type Written = readonly [name: string, fn: string, ...args: string[]];

export function calls(...written: Written[]): AggregateCall[] {
  return written.map(([name, fn, ...args]) => ({ name, function: fn, arguments: args, distinct: false }));
}

export interface RunOptions {
  readonly calls: readonly AggregateCall[];
  readonly by?: readonly (string | NamedExpression)[];
  readonly window?: WindowShape;
  /** The key of the window. */
  readonly windowBy?: readonly (string | NamedExpression)[];
  /** The records carry the bounds of windows already. */
  readonly carried?: boolean;
  readonly delayMs?: number;
  readonly batchRows?: number;
  readonly maxGroups?: number;
  /** Do not end the input. */
  readonly open?: boolean;
}

export interface RunResult {
  /** Records and, between them, watermarks as numbers. */
  readonly flow: (string | number)[];
  readonly lines: string[];
  readonly rows: Record<string, unknown>[];
  readonly late: string[];
  readonly rejected: string[];
  readonly times: number[];
  readonly operator: Operator;
}

function named(by: readonly (string | NamedExpression)[]): NamedExpression[] {
  return by.map((one) => (typeof one === 'string' ? { name: one, expression: one } : one));
}

function build(options: RunOptions, place: Place): Built {
  const { maxGroups } = options;
  const node = aggregate({
    id: '2-aggregate',
    inputs: ['1-window'],
    calls: options.calls,
    by: named(options.by ?? []),
    ...(maxGroups === undefined ? {} : { maxGroups }),
  });
  if (options.window === undefined || options.carried === true) return buildAggregate(node, place);
  const windowNode = window({
    id: '1-window',
    inputs: ['0-from'],
    window: options.window,
    processingTime: false,
    by: named(options.windowBy ?? []),
    late: { kind: 'drop' },
  });
  return buildWindowedAggregate(windowNode, node, place);
}

/** Runs over lines; the time of a record is its number field t, in epoch ms. */
export function run(lines: readonly string[], options: RunOptions): RunResult {
  const layout = createLayout();
  const carried = options.carried === true ? options.window : undefined;
  const place: Place = {
    rows: { fields: new Map(), open: true, dropped: new Set(), layout },
    time: {
      assignment: { field: 't', delayMs: options.delayMs ?? 0 },
      cell: { form: { kind: 'epoch-ms', quoted: false, fractionDigits: 0, suffix: '' } },
    },
    key: [],
    window:
      carried === undefined
        ? undefined
        : { shape: carried, startField: 'window_start', endField: 'window_end' },
    bounded: true,
    tables: undefined,
    programs: undefined,
  };
  const time = scannedColumn(layout, ['t']);
  const built = build(options, place);
  const batch = createBatch({ base: 'line', dropped: [], fields: [] });
  const scanner = createJsonScanner(layout);
  const flow: (string | number)[] = [];
  const result: Omit<RunResult, 'operator'> = {
    flow,
    lines: [],
    rows: [],
    late: [],
    rejected: [],
    times: [],
  };
  const lineOf = (of: Batch, row: number): string =>
    Buffer.from(of.bytes.subarray(of.starts[row]!, of.ends[row]!)).toString();
  const operator = built.create(
    {
      batch(output) {
        const out = createByteWriter();
        encodeBatch(createEncoder(output.image), output, out);
        const text = Buffer.from(out.bytes.subarray(0, out.length)).toString();
        for (const line of text.split('\n').slice(0, -1)) {
          flow.push(line);
          result.lines.push(line);
          result.rows.push(JSON.parse(line) as Record<string, unknown>);
        }
        for (let k = 0; k < output.selected; k++) result.times.push(output.times[output.selection[k]!]!);
      },
      watermark: (mark) => flow.push(mark),
    },
    {
      clock: () => 0,
      reports: {
        reject: (of, row, reason) => result.rejected.push(`${lineOf(of, row)} ${reason}`),
        late: (of, row) => result.late.push(lineOf(of, row)),
        lateText() {},
      },
    },
  );
  let watermark = Number.NEGATIVE_INFINITY;
  const size = options.batchRows ?? 1000;
  for (let from = 0; from < lines.length; from += size) {
    const text = lines.slice(from, from + size).map((line) => `${line}\n`);
    const bytes = Buffer.concat([Buffer.from(text.join('')), Buffer.alloc(64)]);
    scanner.scan(bytes, 0, bytes.length - 64, true, batch);
    if (batch.rejected.length > 0) throw new Error(batch.rejected[0]!.reason);
    for (let row = 0; row < batch.count; row++) {
      const instant = batch.columns[time]!.numbers[row]!;
      batch.times[row] = instant;
      batch.marks[row] = watermark;
      watermark = Math.max(watermark, instant - (options.delayMs ?? 0));
    }
    operator.onBatch(batch);
    operator.onWatermark(watermark);
  }
  if (options.open !== true) {
    operator.onWatermark(Number.POSITIVE_INFINITY);
    operator.onEnd();
  }
  return { ...result, operator };
}
