/** The join of a meeting: keys of the rows that come in, and the records that come of them as lines. */
import {
  createIntervalJoin,
  type Operator,
  type Output,
  type Services,
  type UnionRun,
} from '../../../operators/index.js';
import { type JoinNode, joinDelayMs } from '../../../plan/index.js';
import { type Batch, type ByteWriter, writeText } from '../../../record/index.js';
import type { BuiltBranch } from './chains.js';

export interface JoinOf {
  readonly operator: Operator;
  /** The watermark of the output. */
  readonly watermark: number;
  keyOf(side: number, batch: Batch, row: number): string | undefined;
  /** What a branch gives its rows to, so that their keys are ready. */
  prepared(side: number, into: Output): Output;
  deliver(run: UnionRun): void;
  finish(): void;
}

/** Names that are a key of both records. */
function sharedNames({ on }: JoinNode): ReadonlySet<string> {
  return new Set(on.filter(({ left, right }) => left === right).map(({ left }) => left.replaceAll('`', '')));
}

/** The join of a node; its records are written to `lines`. */
export function createJoinOf(
  node: JoinNode,
  { given, inputs, keys }: BuiltBranch,
  services: Services,
  lines: ByteWriter,
): JoinOf {
  const readers = keys.map((key) => key.create(services));
  const times = given!;
  const outputDelayMs = joinDelayMs(node);
  const join = createIntervalJoin({
    kind: node.join,
    lowerMs: node.lowerMs,
    upperMs: node.upperMs,
    delayMs: times.time.assignment.delayMs - outputDelayMs,
    outputDelayMs,
    names: { prefix: node.prefix, shared: sharedNames(node) },
    key: node.on.map(({ left, right }) => `${left} = ${right}`).join(', '),
    emit(text, time, mark) {
      writeText(lines, `${text}\n`);
      times.addMarked(time, mark);
    },
  });
  const formOf = (side: number) => inputs[side]!.chain.place.time?.cell.form;
  return {
    operator: join.operator,
    get watermark() {
      return join.watermark;
    },
    keyOf: (side, batch, row) => readers[side]!.keyOf(batch, row),
    prepared: (side, into) => ({
      batch(batch) {
        readers[side]!.prepare(batch);
        into.batch(batch);
      },
      watermark: (time) => into.watermark(time),
    }),
    deliver({ side, from, to, bytes, start, ends, times: rowTimes, keys: rowKeys }) {
      times.time.cell.form ??= formOf(0) ?? formOf(1);
      let at = start;
      for (let row = from; row < to; row++) {
        const end = ends[row]!;
        const text = Buffer.from(bytes.buffer, bytes.byteOffset + at, end - 1 - at).toString();
        join.take(side === 0 ? 0 : 1, text, rowTimes[row]!, rowKeys[row]);
        at = end;
      }
    },
    finish: () => join.finish(),
  };
}
