/**
 * An interval join after Flink's: a row meets the kept rows of the other input that have its key and a time within bounds
 * of its own, and is kept itself until the watermark says that no partner can come. A row that comes late still meets what
 * is kept.
 */
import { readFacts, readNumbered, writeFacts, writeNumbered } from '../../state/index.js';
import { wrongEntry } from '../entry.js';
import { stateless } from '../operator.js';
import { createJoiner } from './joined-text.js';
import { createKeptRows, type JoinRow, joinRowCodec } from './kept-rows.js';
import { editRows, type RowEntries, showRows } from './row-entries.js';
import { passesAlone, type RowJoin, type RowJoinOptions, sideNames } from './row-join.js';

export interface IntervalJoinOptions extends RowJoinOptions {
  /** The time of the right row less that of the left one. */
  readonly lowerMs: number;
  readonly upperMs: number;
}

export function createIntervalJoin(options: IntervalJoinOptions): RowJoin {
  const { kind, lowerMs, upperMs, delayMs, outputDelayMs, emit, key: keyText } = options;
  const joined = createJoiner(options.names);
  /** How long after its time a row may still find a partner. */
  const afterMs = [upperMs, -lowerMs] as const;
  const entries: RowEntries = { key: options.keyFields, names: sideNames, matches: true };
  let kept = createKeptRows(afterMs);
  const alone = passesAlone[kind];
  let highest = Number.NEGATIVE_INFINITY;
  let number = 0;
  let mark = Number.NEGATIVE_INFINITY;

  const emitAlone = (row: JoinRow): void => {
    if (!row.matched && alone[row.side]) emit(row.text, row.time, mark);
  };
  /** Two rows have met. */
  const meet = (row: JoinRow, partner: JoinRow): void => {
    const [left, right] = row.side === 0 ? [row, partner] : [partner, row];
    if (kind === 'semi') {
      if (!left.matched) emit(left.text, left.time, mark);
    } else if (kind !== 'anti') emit(joined(left.text, right.text), left.time, mark);
    left.matched = true;
    right.matched = true;
  };
  const expireUpTo = (watermark: number): void => {
    for (let row = kept.expire(watermark); row !== undefined; row = kept.expire(watermark)) emitAlone(row);
  };

  return {
    take(side, text, time, key) {
      const row: JoinRow = { side, number: number++, text, time, key, matched: false };
      if (key !== undefined) {
        const [from, to] = side === 0 ? [time + lowerMs, time + upperMs] : [time - upperMs, time - lowerMs];
        for (const partner of kept.partners(side, key, from, to)) meet(row, partner);
      }
      highest = Math.max(highest, time);
      const watermark = highest - delayMs;
      const isUseful = key !== undefined || alone[side];
      if (isUseful && time + afterMs[side] >= watermark) kept.add(row);
      else emitAlone(row);
      expireUpTo(watermark);
      mark = Math.max(mark, watermark - outputDelayMs);
    },
    get watermark() {
      return mark;
    },
    finish: () => expireUpTo(Number.POSITIVE_INFINITY),
    operator: {
      ...stateless,
      stateShape: `${kind} join on ${keyText} from ${lowerMs} to ${upperMs}`,
      staysInMemory: true,
      snapshot(into) {
        writeFacts(into, { highest, number, mark });
        const rows = kept.all().map((row) => ({ number: row.number, thing: row }));
        writeNumbered(into, 'rows-', rows, joinRowCodec);
      },
      restore(from) {
        ({ highest, number, mark } = readFacts(from, { highest, number, mark }));
        readNumbered(from, 'rows-', joinRowCodec, (of, row) => kept.add({ ...row, number: of }));
      },
      entries: () => showRows(entries, kept.all()),
      edit: () =>
        editRows(entries, {
          check({ side, time }) {
            if (time + afterMs[side] >= highest - delayMs) return;
            throw wrongEntry('no partner of one of its rows can come any more', 'take the row out');
          },
          replace(rows, next) {
            kept = createKeptRows(afterMs);
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
