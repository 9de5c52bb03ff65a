/**
 * A window join after Flink's: rows that have one key and are in the same window. A window is joined when the watermark
 * reaches its end, which drops it: left rows in the order in which they came, each with its partners in theirs, then right
 * rows that are alone. A row that comes when all its windows have fired is late.
 */
import { windowText } from '../../plan/index.js';
import {
  createWindowQueue,
  nextEnd,
  popWindow,
  pushWindow,
  readFacts,
  readNumbered,
  writeFacts,
  writeNumbered,
} from '../../state/index.js';
import { type AlignedShape, createAssigner, hasFired, isLate } from '../../time/index.js';
import { wrongEntry } from '../entry.js';
import { stateless } from '../operator.js';
import { createJoiner, withBounds } from './joined-text.js';
import { type JoinRow, type JoinSide, joinRowCodec } from './kept-rows.js';
import { editRows, type RowEntries, showRows } from './row-entries.js';
import { passesAlone, type RowJoin, type RowJoinOptions, sideNames } from './row-join.js';

export interface WindowJoinOptions extends RowJoinOptions {
  readonly window: AlignedShape;
  /** Spells a bound as JSON. */
  spell(instant: number): string;
}

/** A window that has not fired, with its rows by side in the order in which they came. */
interface OpenJoin {
  readonly start: number;
  readonly end: number;
  readonly rows: readonly [JoinRow[], JoinRow[]];
}

interface OpenJoins {
  /** Puts a row into those of its windows that are open at a watermark; false when none is. */
  add(row: JoinRow, watermark: number): boolean;
  /** Whether one of the windows of a time is open at a watermark. */
  isOpen(time: number, watermark: number): boolean;
  /** Takes out the next window that has fired at a watermark, by end and start; undefined for none. */
  fired(watermark: number): OpenJoin | undefined;
  /** All rows, by number, each once. */
  all(): JoinRow[];
}

function createOpenJoins(shape: AlignedShape): OpenJoins {
  const assigner = createAssigner(shape);
  const starts = new Float64Array(assigner.most);
  const ends = new Float64Array(assigner.most);
  const open = new Map<string, OpenJoin>();
  /** The windows by place; the queue has their places. */
  const places: (OpenJoin | undefined)[] = [];
  const free: number[] = [];
  const queue = createWindowQueue();
  const nameOf = (start: number, end: number): string => `${start}/${end}`;
  const windowAt = (start: number, end: number): OpenJoin => {
    let window = open.get(nameOf(start, end));
    if (window === undefined) {
      window = { start, end, rows: [[], []] };
      const place = free.pop() ?? places.length;
      places[place] = window;
      pushWindow(queue, start, end, place);
      open.set(nameOf(start, end), window);
    }
    return window;
  };
  return {
    add(row, watermark) {
      const count = assigner.assign(row.time, starts, ends);
      let added = false;
      for (let k = 0; k < count; k++) {
        if (isLate(ends[k]!, watermark)) continue;
        windowAt(starts[k]!, ends[k]!).rows[row.side].push(row);
        added = true;
      }
      return added;
    },
    isOpen(time, watermark) {
      const count = assigner.assign(time, starts, ends);
      return ends.subarray(0, count).some((end) => !isLate(end, watermark));
    },
    fired(watermark) {
      if (queue.size === 0 || !hasFired(nextEnd(queue), watermark)) return undefined;
      const place = popWindow(queue);
      const window = places[place]!;
      places[place] = undefined;
      free.push(place);
      open.delete(nameOf(window.start, window.end));
      return window;
    },
    all() {
      const rows = new Map<number, JoinRow>();
      for (const window of open.values()) {
        for (const side of window.rows) for (const row of side) rows.set(row.number, row);
      }
      return [...rows.values()].sort((a, b) => a.number - b.number);
    },
  };
}

function byKey(rows: readonly JoinRow[]): ReadonlyMap<string, JoinRow[]> {
  const found = new Map<string, JoinRow[]>();
  for (const row of rows) {
    if (row.key === undefined) continue;
    const same = found.get(row.key);
    if (same === undefined) found.set(row.key, [row]);
    else same.push(row);
  }
  return found;
}

export function createWindowJoin(options: WindowJoinOptions): RowJoin {
  const { kind, window: shape, delayMs, emit, key: keyText } = options;
  const joined = createJoiner(options.names);
  const alone = passesAlone[kind];
  const isPaired = kind !== 'semi' && kind !== 'anti';
  const entries: RowEntries = { key: options.keyFields, names: sideNames, matches: false };
  let windows = createOpenJoins(shape);
  let watermark = Number.NEGATIVE_INFINITY;
  let number = 0;

  const joinWindow = ({ start, end, rows: [left, right] }: OpenJoin): void => {
    const bounds = `"window_start":${options.spell(start)},"window_end":${options.spell(end)}`;
    const give = (text: string, time: number): void => emit(withBounds(text, bounds), time, watermark);
    const partnersOf = byKey(right);
    const found = new Set<string>();
    for (const { key, text, time } of left) {
      const partners = key === undefined ? undefined : partnersOf.get(key);
      if (partners === undefined) {
        if (alone[0]) give(text, time);
        continue;
      }
      found.add(key!);
      if (kind === 'semi') give(text, time);
      if (isPaired) for (const partner of partners) give(joined(text, partner.text), time);
    }
    if (!alone[1]) return;
    for (const { key, text, time } of right) if (key === undefined || !found.has(key)) give(text, time);
  };
  const advance = (to: number): void => {
    if (to <= watermark) return;
    for (let fired = windows.fired(to); fired !== undefined; fired = windows.fired(to)) joinWindow(fired);
    watermark = to;
  };

  return {
    take(side: JoinSide, text, time, key) {
      const row: JoinRow = { side, number: number++, text, time, key, matched: false };
      if (!windows.add(row, watermark)) options.late(text);
      advance(time - delayMs);
    },
    get watermark() {
      return watermark;
    },
    finish: () => advance(Number.POSITIVE_INFINITY),
    operator: {
      ...stateless,
      stateShape: `${kind} join on ${keyText} in ${windowText(shape)}`,
      staysInMemory: true,
      snapshot(into) {
        writeFacts(into, { number, watermark });
        const rows = windows.all().map((row) => ({ number: row.number, thing: row }));
        writeNumbered(into, 'rows-', rows, joinRowCodec);
      },
      restore(from) {
        ({ number, watermark } = readFacts(from, { number, watermark }));
        readNumbered(from, 'rows-', joinRowCodec, (of, row) => {
          windows.add({ ...row, number: of }, watermark);
        });
      },
      entries: () => showRows(entries, windows.all()),
      edit: () =>
        editRows(entries, {
          check({ time }) {
            if (windows.isOpen(time, watermark)) return;
            throw wrongEntry('the windows of one of its rows have fired already', 'take the row out');
          },
          replace(rows, next) {
            windows = createOpenJoins(shape);
            for (const row of rows) windows.add({ ...row, matched: false }, watermark);
            number = Math.max(number, next);
          },
        }),
      onBatch() {},
      onWatermark() {},
      onEnd() {},
    },
  };
}
