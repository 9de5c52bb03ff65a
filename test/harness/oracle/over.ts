/**
 * Aggregates over the records before each one, as the definition says: all records are kept, and each is judged and
 * aggregated by looking at all others. Shares no code with the operators.
 */
import { spellValue, type Value } from '../../../src/expression/index.js';
import type { AggregateCall, OverFrame, OverNode } from '../../../src/plan/index.js';
import { aggregateOf, argumentsOf } from './aggregates.js';
import { parseRecord } from './record.js';

interface Row {
  readonly line: string;
  readonly key: string;
  readonly time: number;
  /** The watermark before it, held back by a millisecond. */
  readonly mark: number;
  readonly number: number;
}

function rowsOf(lines: readonly string[], delayMs: number): readonly Row[] {
  let mark = Number.NEGATIVE_INFINITY;
  return lines.map((line, number) => {
    const { ts, k = null } = JSON.parse(line) as { ts: number; k?: unknown };
    const row = { line, key: JSON.stringify(k), time: ts, mark: mark - 1, number };
    mark = Math.max(mark, ts - delayMs);
    return row;
  });
}

/** Whether a record is late, given those before it that were not. */
function isLate(row: Row, inTime: readonly Row[], frame: OverFrame): boolean {
  const bound = frame.kind === 'rows' ? frame.count : frame.rangeMs;
  if (bound === undefined) return row.time <= row.mark;
  if (frame.kind === 'range' && row.time < row.mark - bound) return true;
  return inTime.some((other) => other.key === row.key && other.time >= row.time && other.time <= row.mark);
}

function frameOf(row: Row, inTime: readonly Row[], frame: OverFrame): readonly Row[] {
  const before = inTime
    .filter(({ key, time }) => key === row.key && time <= row.time)
    .sort((a, b) => a.time - b.time || a.number - b.number);
  if (frame.kind === 'range') {
    const { rangeMs = Number.POSITIVE_INFINITY } = frame;
    return before.filter(({ time }) => time >= row.time - rangeMs);
  }
  const upTo = before.slice(0, before.indexOf(row) + 1);
  return frame.count === undefined ? upTo : upTo.slice(-frame.count);
}

function resultOf(call: AggregateCall, rows: readonly Row[]): Value {
  const all = rows.map(({ line }) => argumentsOf(call, parseRecord(line)!));
  if (call.function !== 'lag') return aggregateOf(call, all, undefined);
  return all.at(-1 - Number(call.arguments[1] ?? 1))?.[0] ?? null;
}

/** The step at which a record leaves: when the first record comes that finds the watermark at its time. */
function leavesAt(row: Row, rows: readonly Row[]): number {
  const step = rows.findIndex(({ number, mark }) => number > row.number && mark >= row.time);
  return step < 0 ? rows.length : step;
}

/** What `over` says of lines of one key `k`, with times `ts` in milliseconds. */
export function overRows(
  { calls, frame }: OverNode,
  lines: readonly string[],
  delayMs: number,
): { readonly output: readonly string[]; readonly late: readonly string[] } {
  const rows = rowsOf(lines, delayMs);
  const inTime: Row[] = [];
  const late: string[] = [];
  for (const row of rows) {
    if (isLate(row, inTime, frame)) late.push(row.line);
    else inTime.push(row);
  }
  const output = inTime
    .map((row) => {
      const near = frameOf(row, inTime, frame);
      const added = calls.map((call) => `,${JSON.stringify(call.name)}:${spellValue(resultOf(call, near))}`);
      return { row, step: leavesAt(row, rows), text: `${row.line.slice(0, -1)}${added.join('')}}` };
    })
    .sort((a, b) => a.step - b.step || a.row.time - b.row.time || a.row.number - b.row.number);
  return { output: output.map(({ text }) => text), late };
}
