/**
 * An interval join after Flink's: a row meets the kept rows of the other input that have its key and a time within bounds of
 * its own, and is kept itself until the watermark says that no partner can come. Rows come from a union of both inputs by
 * event time; the watermark is that of the union, and advances after every row, so the answer depends on the rows alone.
 * A row that comes late still meets what is kept.
 */
import type { JoinKind } from '../../plan/index.js';
import { readFacts, readNumbered, writeFacts, writeNumbered } from '../../state/index.js';
import { type Operator, stateless } from '../operator.js';
import { createJoiner, type JoinedNames } from './joined-text.js';
import { createKeptRows, type JoinRow, type JoinSide, joinRowCodec } from './kept-rows.js';

export interface IntervalJoinOptions {
  readonly kind: JoinKind;
  /** The time of the right row less that of the left one. */
  readonly lowerMs: number;
  readonly upperMs: number;
  /** Delay of the watermark behind the highest time of both inputs. */
  readonly delayMs: number;
  /** How much further behind the output is. */
  readonly outputDelayMs: number;
  readonly names: JoinedNames;
  /** What the key is, for the shape of the state. */
  readonly key: string;
  /** Takes a record of the result, with its time and the watermark before it. */
  emit(text: string, time: number, mark: number): void;
}

export interface IntervalJoin {
  /** The next row of both inputs. */
  take(side: JoinSide, text: string, time: number, key: string | undefined): void;
  /** The watermark of the output. */
  readonly watermark: number;
  /** No more rows come: what waits in vain leaves. */
  finish(): void;
  readonly operator: Operator;
}

const passesAlone: Readonly<Record<JoinKind, readonly [boolean, boolean]>> = {
  inner: [false, false],
  left: [true, false],
  right: [false, true],
  full: [true, true],
  semi: [false, false],
  anti: [true, false],
};

export function createIntervalJoin(options: IntervalJoinOptions): IntervalJoin {
  const { kind, lowerMs, upperMs, delayMs, outputDelayMs, emit, key: keyText } = options;
  const joined = createJoiner(options.names);
  const kept = createKeptRows([upperMs, -lowerMs]);
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
      if (isUseful && time + (side === 0 ? upperMs : -lowerMs) >= watermark) kept.add(row);
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
      onBatch() {},
      onWatermark() {},
      onEnd() {},
    },
  };
}
