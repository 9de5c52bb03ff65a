/**
 * Windows by their definitions, record at a time: which windows a record is in, when they fire, what is
 * late.
 */
import type { WindowShape } from '../../../src/plan/index.js';
import { createAssigner } from '../../../src/time/index.js';

/** A record in its window; `number` counts records in the order of their arrival. */
export interface Placed<Item> {
  readonly item: Item;
  readonly key: string;
  readonly time: number;
  readonly number: number;
}

export interface FiredWindow<Item> {
  readonly start: number;
  readonly end: number;
  readonly members: readonly Placed<Item>[];
  /** A row that is spelled already, and all there is to it. */
  readonly said?: string;
}

interface Open<Item> {
  start: number;
  end: number;
  /** Of sessions and count windows; the others hold all keys. */
  key: string | undefined;
  members: Placed<Item>[];
}

export interface OracleWindows<Item> {
  /** Fires what a watermark passes. */
  advance(watermark: number): FiredWindow<Item>[];
  /** Takes a record; false when it is late for all its windows. Count windows may fire at once. */
  add(placed: Placed<Item>, watermark: number): { late: boolean; fired: FiredWindow<Item>[] };
  /** The last watermark is known, before the input ends. */
  settle?(watermark: number): void;
}

/** The first arrival in a window, which orders sessions of the same bounds. */
function firstOf<Item>(open: Open<Item>): number {
  return Math.min(...open.members.map((member) => member.number));
}

function merge<Item>(windows: Open<Item>[], added: Open<Item>): void {
  for (;;) {
    const meeting = windows.find(
      (other) =>
        other !== added && other.key === added.key && other.start <= added.end && added.start <= other.end,
    );
    if (meeting === undefined) break;
    windows.splice(windows.indexOf(meeting), 1);
    added.start = Math.min(added.start, meeting.start);
    added.end = Math.max(added.end, meeting.end);
    added.members.push(...meeting.members);
  }
  added.members.sort((a, b) => a.number - b.number);
}

function timeWindows<Item>(shape: Exclude<WindowShape, { shape: 'count' }>): OracleWindows<Item> {
  const windows: Open<Item>[] = [];
  const assigner = shape.shape === 'session' ? undefined : createAssigner(shape);
  const place = (start: number, end: number, placed: Placed<Item>): void => {
    const known = windows.find((window) => window.start === start && window.end === end);
    if (known === undefined) windows.push({ start, end, key: undefined, members: [placed] });
    else known.members.push(placed);
  };
  return {
    advance(watermark) {
      const fired = windows.filter((window) => watermark >= window.end - 1);
      for (const window of fired) windows.splice(windows.indexOf(window), 1);
      return fired.sort((a, b) => a.end - b.end || a.start - b.start || firstOf(a) - firstOf(b));
    },
    add(placed, watermark) {
      if (shape.shape === 'session') {
        const own: Open<Item> = {
          start: placed.time,
          end: placed.time + shape.gapMs,
          key: placed.key,
          members: [placed],
        };
        const meets = windows.some(
          (other) => other.key === own.key && other.start <= own.end && own.start <= other.end,
        );
        if (!meets && watermark >= own.end - 1) return { late: true, fired: [] };
        windows.push(own);
        merge(windows, own);
        return { late: false, fired: [] };
      }
      const starts = new Float64Array(assigner!.most);
      const ends = new Float64Array(assigner!.most);
      const count = assigner!.assign(placed.time, starts, ends);
      let open = 0;
      for (let k = 0; k < count; k++) {
        if (watermark >= ends[k]! - 1) continue;
        open++;
        place(starts[k]!, ends[k]!, placed);
      }
      return { late: count > 0 && open === 0, fired: [] };
    },
  };
}

function countWindows<Item>(size: number, slide: number): OracleWindows<Item> {
  const all = new Map<string, Placed<Item>[]>();
  return {
    advance: () => [],
    add(placed) {
      const records = all.get(placed.key) ?? [];
      all.set(placed.key, records);
      records.push(placed);
      if (records.length % slide !== 0) return { late: false, fired: [] };
      return { late: false, fired: [{ start: 0, end: 0, members: records.slice(-size) }] };
    },
  };
}

/** The windows of a shape. */
export function oracleWindows<Item>(shape: WindowShape): OracleWindows<Item> {
  return shape.shape === 'count' ? countWindows(shape.size, shape.slide) : timeWindows(shape);
}
