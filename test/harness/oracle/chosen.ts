/**
 * Choosing among records as its definition says: all rows are kept, and each is judged by looking at all others. Shares no
 * code with the operators.
 */

/** A record in a window, or in none: then start and end are 0. */
export interface OracleRow {
  readonly line: string;
  readonly key: string;
  readonly value: number | string | null;
  readonly time: number;
  /** The watermark before it. */
  readonly mark: number;
  readonly start: number;
  readonly end: number;
  readonly number: number;
}

export interface Chosen {
  readonly output: readonly string[];
  readonly late: number;
}

interface Given {
  readonly ts?: unknown;
  readonly k?: unknown;
  readonly v?: unknown;
}

type Windows = (time: number) => readonly (readonly [number, number])[];

/** Tumbling windows and windows of twice the size every size, by start. */
export const windowsOf: Readonly<Record<string, Windows>> = {
  '': () => [[0, 0]],
  'tumble 10s': (time) => {
    const start = Math.floor(time / 10_000) * 10_000;
    return [[start, start + 10_000]];
  },
  'hop 20s 10s': (time) => {
    const start = Math.floor(time / 10_000) * 10_000;
    return [
      [start - 10_000, start + 10_000],
      [start, start + 20_000],
    ];
  },
};

/** Rows in the windows that are open when they come; `late` are those for which none is. */
export function rowsOf(
  lines: readonly string[],
  delayMs: number,
  shape: string,
): { readonly rows: readonly OracleRow[]; readonly late: number } {
  const rows: OracleRow[] = [];
  let mark = Number.NEGATIVE_INFINITY;
  let late = 0;
  for (const line of lines) {
    const { ts, k = null, v = null } = JSON.parse(line) as Given;
    const time = (ts as number) * 1000;
    const open = windowsOf[shape]!(time).filter(([, end]) => shape === '' || mark < end - 1);
    if (open.length === 0) late++;
    for (const [start, end] of open) {
      const bounds = shape === '' ? '' : `,"window_start":${start / 1000},"window_end":${end / 1000}`;
      rows.push({
        line: `${line.slice(0, -1)}${bounds}}`,
        key: JSON.stringify(k),
        value: v as OracleRow['value'],
        time,
        mark,
        start,
        end,
        number: rows.length,
      });
    }
    mark = Math.max(mark, time - delayMs);
  }
  return { rows, late };
}

const isSameGroup = (a: OracleRow, b: OracleRow): boolean =>
  a.key === b.key && a.start === b.start && a.end === b.end;

const linesOf = (rows: readonly OracleRow[]): readonly string[] => rows.map(({ line }) => line);

/** The order in which windows fire. */
const byWindow = (a: OracleRow, b: OracleRow): number => a.end - b.end || a.start - b.start;

/** The first `limit` rows of each key and window, as they come. */
export function firstRows(rows: readonly OracleRow[], limit: number): Chosen {
  const kept = rows.filter(
    (row, at) => rows.slice(0, at).filter((one) => isSameGroup(one, row)).length < limit,
  );
  return { output: linesOf(kept), late: 0 };
}

/** The latest row of each key and window. */
export function latestRows(rows: readonly OracleRow[], isTimed: boolean): Chosen {
  const isLater = (a: OracleRow, b: OracleRow): boolean =>
    isTimed && a.time !== b.time ? a.time > b.time : a.number > b.number;
  const kept = rows.filter((row) => !rows.some((one) => isSameGroup(one, row) && isLater(one, row)));
  return { output: linesOf(kept.sort((a, b) => byWindow(a, b) || a.number - b.number)), late: 0 };
}

/** Rows unless one of their key that was passed on, and is not forgotten, is less than the span away. */
export function firstWithin(rows: readonly OracleRow[], withinMs: number): Chosen {
  const kept: OracleRow[] = [];
  let late = 0;
  for (const row of rows) {
    const isKnown = (one: OracleRow): boolean =>
      one.key === row.key && one.time + withinMs > row.mark && Math.abs(one.time - row.time) < withinMs;
    if (row.time + withinMs <= row.mark) late++;
    else if (!kept.some(isKnown)) kept.push(row);
  }
  return { output: linesOf(kept), late };
}

/** Rows that none of their key follows, less than the span later, before the watermark has made them certain. */
export function lastWithin(rows: readonly OracleRow[], withinMs: number): Chosen {
  const isLate = ({ time, mark }: OracleRow): boolean => time + withinMs <= mark;
  const inTime = rows.filter((row) => !isLate(row));
  const follows = (next: OracleRow, row: OracleRow): boolean =>
    next.key === row.key &&
    next.time - row.time < withinMs &&
    (next.time > row.time || (next.time === row.time && next.number > row.number)) &&
    (next.number < row.number || next.mark < row.time + withinMs);
  const kept = inTime.filter((row) => !inTime.some((next) => follows(next, row)));
  kept.sort((a, b) => a.time - b.time || a.number - b.number);
  return { output: linesOf(kept), late: rows.length - inTime.length };
}

/** The rows of which the draw is below a share. */
export function drawnRows(
  rows: readonly OracleRow[],
  draw: (number: number) => number,
  share: number,
): Chosen {
  return { output: linesOf(rows.filter(({ number }) => draw(number) < share)), late: 0 };
}

/** So many rows of each window: those with the least draws. */
export function leastDrawn(
  rows: readonly OracleRow[],
  draw: (number: number) => number,
  count: number,
): Chosen {
  const isIn = (row: OracleRow): boolean => {
    const others = rows.filter((one) => one.start === row.start && one.end === row.end);
    return others.filter((one) => draw(one.number) < draw(row.number)).length < count;
  };
  const kept = rows.filter(isIn).sort((a, b) => byWindow(a, b) || a.number - b.number);
  return { output: linesOf(kept), late: 0 };
}

/** Numbers before texts, and nothing behind all of them. */
function compareRanks(a: OracleRow['value'], b: OracleRow['value'], sign: 1 | -1): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a !== typeof b) return sign * (typeof a === 'number' ? -1 : 1);
  return a === b ? 0 : sign * (a < b ? -1 : 1);
}

/** The rows with the greatest values (sign -1) or the least (1) of each window, or of each key of it. */
export function topRows(rows: readonly OracleRow[], limit: number, sign: 1 | -1, perKey: boolean): Chosen {
  const isTogether = (a: OracleRow, b: OracleRow): boolean =>
    isSameGroup(a, perKey ? b : { ...b, key: a.key });
  const order = (a: OracleRow, b: OracleRow): number =>
    compareRanks(a.value, b.value, sign) || a.number - b.number;
  const groups: OracleRow[][] = [];
  for (const row of rows) {
    const group = groups.find(([first]) => isTogether(first!, row));
    if (group === undefined) groups.push([row]);
    else group.push(row);
  }
  // Groups of one window stay in the order of their first rows.
  groups.sort(([a], [b]) => byWindow(a!, b!));
  return { output: groups.flatMap((group) => linesOf(group.sort(order).slice(0, limit))), late: 0 };
}
