/** The join of a meeting: keys of the rows that come in, and the records that come of them as lines. */
import {
  createIntervalJoin,
  createRegularJoin,
  createTemporalJoin,
  createWindowJoin,
  type JoinKeyFields,
  type Operator,
  type Output,
  type RowJoin,
  type RowJoinOptions,
  type Services,
  spellBound,
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

/** The key for entries: its parts by what they are on the left, or by both where that says two parts. */
function keyFieldsOf({ on }: JoinNode, { keys, inputs }: BuiltBranch): JoinKeyFields {
  const isOnce = (text: string): boolean => on.filter(({ left }) => left === text).length === 1;
  const names = on.map(({ left, right }) => (isOnce(left) ? left.replaceAll('`', '') : `${left} = ${right}`));
  return {
    names,
    fields: [keys[0]!.fields, keys[1]!.fields],
    spell: (instant) => spellBound(instant, inputs[0]!.chain.place.time),
  };
}

function createRowJoin(node: JoinNode, { given }: BuiltBranch, options: RowJoinOptions): RowJoin {
  const { match } = node;
  switch (match.by) {
    case 'interval':
      return createIntervalJoin({ ...options, ...match });
    case 'regular':
      return createRegularJoin({ ...options, retentionMs: match.retentionMs });
    case 'temporal':
      return createTemporalJoin(options);
    case 'window':
      return createWindowJoin({
        ...options,
        window: match.window,
        spell: (instant) => spellBound(instant, given!.time),
      });
  }
}

/** The join of a node; its records are written to `lines`. */
export function createJoinOf(
  node: JoinNode,
  built: BuiltBranch,
  services: Services,
  lines: ByteWriter,
): JoinOf {
  const { given, inputs, keys } = built;
  const readers = keys.map((key) => key.create(services));
  const join = createRowJoin(node, built, {
    kind: node.join,
    delayMs: Math.max(...inputs.map(({ chain }) => chain.place.time?.assignment.delayMs ?? 0)),
    outputDelayMs: joinDelayMs(node),
    names: { prefix: node.prefix, shared: sharedNames(node) },
    key: node.on.map(({ left, right }) => `${left} = ${right}`).join(', '),
    keyFields: keyFieldsOf(node, built),
    emit(text, time, mark) {
      writeText(lines, `${text}\n`);
      given?.addMarked(time, mark);
    },
    late: (text) => services.reports.lateText(text),
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
      if (given !== undefined) given.time.cell.form ??= formOf(0) ?? formOf(1);
      let at = start;
      for (let row = from; row < to; row++) {
        const end = ends[row]!;
        const text = Buffer.from(bytes.buffer, bytes.byteOffset + at, end - 1 - at).toString();
        join.take(side === 0 ? 0 : 1, text, rowTimes[row] ?? 0, rowKeys[row]);
        at = end;
      }
    },
    finish: () => join.finish(),
  };
}
