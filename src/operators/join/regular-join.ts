/**
 * A regular join after Flink's: rows of one key go together however far apart they are, as long as both are kept. Nothing
 * waits: what a row brings about leaves with it. So a row that left alone is taken back when its first partner comes, and the
 * result is a changelog; inner and semi joins take nothing back. A row is kept until the watermark is a retention behind
 * its time, or for ever; that it goes takes nothing back either.
 */
import type { RowKind } from '../../plan/index.js';
import { readFacts, readNumbered, writeFacts, writeNumbered } from '../../state/index.js';
import { formatDuration } from '../../time/index.js';
import { wrongEntry } from '../entry.js';
import { stateless } from '../operator.js';
import { createJoiner, withKind } from './joined-text.js';
import { createKeptRows, type JoinRow, joinRowCodec } from './kept-rows.js';
import { editRows, type RowEntries, showRows } from './row-entries.js';
import { passesAlone, type RowJoin, type RowJoinOptions, sideNames } from './row-join.js';

export interface RegularJoinOptions extends RowJoinOptions {
  /** Undefined for ever. */
  readonly retentionMs: number | undefined;
}

const never = Number.NEGATIVE_INFINITY;

export function createRegularJoin(options: RegularJoinOptions): RowJoin {
  const { kind, delayMs, key: keyText } = options;
  const retentionMs = options.retentionMs ?? Number.POSITIVE_INFINITY;
  const isChangelog = kind !== 'inner' && kind !== 'semi';
  const names = isChangelog ? { ...options.names, taken: ['op'] } : options.names;
  const joined = createJoiner(names);
  const entries: RowEntries = { key: options.keyFields, names: sideNames, matches: true };
  let kept = createKeptRows([retentionMs, retentionMs]);
  const alone = passesAlone[kind];
  const ownPrefix = ['left_', options.names.prefix] as const;
  let watermark = never;
  let number = 0;

  const emit = (text: string, time: number): void => options.emit(text, time, never);
  /** A row that is alone: that it is new, or that it is gone. */
  const emitAlone = (change: RowKind, { side, text, time }: JoinRow): void => {
    if (alone[side]) emit(withKind(change, text, ownPrefix[side]), time);
  };
  const emitPair = (left: JoinRow, right: JoinRow): void => {
    if (kind === 'semi' && !left.matched) emit(left.text, left.time);
    if (kind === 'semi' || kind === 'anti') return;
    const text = joined(left.text, right.text);
    emit(isChangelog ? withKind('+I', text, ownPrefix[0]) : text, left.time);
  };
  const meet = (row: JoinRow, partner: JoinRow): void => {
    if (!partner.matched) emitAlone('-D', partner);
    const [left, right] = row.side === 0 ? [row, partner] : [partner, row];
    emitPair(left, right);
    left.matched = true;
    right.matched = true;
  };

  return {
    take(side, text, time, key) {
      const row: JoinRow = { side, number: number++, text, time, key, matched: false };
      // Rows that are a retention behind this one are no partners of it, however long nothing came.
      watermark = Math.max(watermark, time - delayMs);
      while (kept.expire(watermark) !== undefined);
      if (key !== undefined) {
        for (const partner of kept.partners(side, key, never, Number.POSITIVE_INFINITY)) meet(row, partner);
      }
      if (!row.matched) emitAlone('+I', row);
      if (key !== undefined && time + retentionMs >= watermark) kept.add(row);
    },
    // The results have no event time: a partner may come at any time.
    watermark: never,
    finish() {},
    operator: {
      ...stateless,
      stateShape: `${kind} join on ${keyText} kept ${options.retentionMs === undefined ? 'for ever' : `for ${formatDuration(retentionMs)}`}`,
      staysInMemory: true,
      snapshot(into) {
        writeFacts(into, { watermark, number });
        const rows = kept.all().map((row) => ({ number: row.number, thing: row }));
        writeNumbered(into, 'rows-', rows, joinRowCodec);
      },
      restore(from) {
        ({ watermark, number } = readFacts(from, { watermark, number }));
        readNumbered(from, 'rows-', joinRowCodec, (of, row) => kept.add({ ...row, number: of }));
      },
      entries: () => showRows(entries, kept.all()),
      edit: () =>
        editRows(entries, {
          check({ time, key }) {
            if (time + retentionMs < watermark) {
              throw wrongEntry('one of its rows is kept no longer', 'take the row out');
            }
            if (key === undefined) {
              throw wrongEntry('its rows have no key', 'a row without key has no partner, and is not kept');
            }
          },
          replace(rows, next) {
            kept = createKeptRows([retentionMs, retentionMs]);
            for (const row of rows) kept.add({ ...row, matched: row.matched === true });
            number = Math.max(number, next);
          },
        }),
      onBatch() {},
      onWatermark() {},
      onEnd() {},
    },
  };
}
