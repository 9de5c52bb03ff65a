/**
 * What an emission asks for, by its definition: all records of every window and key are kept, rows are spelled anew whenever
 * something could be said, and what was said last is remembered as a text.
 */
import type { Emission, RowKind, WindowShape } from '../../../src/plan/index.js';
import { createAssigner } from '../../../src/time/index.js';
import { momentsBetween } from './moments.js';
import type { FiredWindow, OracleWindows, Placed } from './windows.js';

/** Spells the row of a group; `example` is any record with its key. */
export type SpellRow<Item> = (
  example: Placed<Item>,
  members: readonly Placed<Item>[],
  bounds: { readonly start: number; readonly end: number },
  kind: RowKind | undefined,
) => string;

interface Group<Item> {
  readonly example: Placed<Item>;
  members: Placed<Item>[];
  said: string | undefined;
}

interface Window<Item> {
  readonly start: number;
  readonly end: number;
  readonly groups: Map<string, Group<Item>>;
}

/** Windows that say more than their results once; without a shape one that holds everything and never fires. */
export function emittingWindows<Item>(
  shape: WindowShape | undefined,
  emission: Emission,
  delayMs: number,
  keyOf: (item: Item) => string,
  spell: SpellRow<Item>,
): OracleWindows<Item> {
  const { emit, latenessMs = 0, fill, atMost } = emission;
  const updating = emit !== undefined || latenessMs > 0;
  const windows: Window<Item>[] = [];
  const seen = new Map<string, { example: Placed<Item>; first: number }>();
  const assigner =
    shape === undefined || shape.shape === 'session' || shape.shape === 'count'
      ? undefined
      : createAssigner(shape);
  let watermark = Number.NEGATIVE_INFINITY;
  let said: FiredWindow<Item>[] = [];

  const say = (text: string): void => {
    said.push({ start: 0, end: 0, members: [], said: text });
  };
  /** Says a group, or what has become of it since it was said. */
  const sayGroup = (window: Window<Item>, group: Group<Item>): void => {
    const row = (kind: RowKind | undefined): string => spell(group.example, group.members, window, kind);
    if (!updating) {
      say(row(undefined));
      return;
    }
    const before = group.said;
    const after = row('+U');
    if (before === undefined) say(row('+I'));
    else if (before !== after) {
      say(before.replace('"+U"', '"-U"'));
      say(after);
    }
    group.said = after;
  };
  const at = (start: number, end: number): Window<Item> => {
    let window = windows.find((one) => one.start === start && one.end === end);
    if (window === undefined) {
      window = { start, end, groups: new Map() };
      windows.push(window);
      windows.sort((a, b) => a.end - b.end || a.start - b.start);
    }
    return window;
  };
  const windowsOf = (time: number): { start: number; end: number }[] => {
    if (assigner === undefined) return [{ start: 0, end: 0 }];
    const starts = new Float64Array(assigner.most + 1);
    const ends = new Float64Array(assigner.most + 1);
    const count = assigner.assign(time, starts, ends);
    const found = Array.from({ length: count }, (_, k) => ({ start: starts[k]!, end: ends[k]! }));
    return found.sort((a, b) => a.start - b.start || a.end - b.end);
  };
  const fire = (window: Window<Item>): void => {
    if (fill !== undefined) {
      for (const [key, { example, first }] of seen) {
        if (first >= window.end || window.groups.has(key)) continue;
        window.groups.set(key, { example, members: [], said: undefined });
      }
    }
    for (const group of window.groups.values()) {
      if (group.members.length > 0 || fill !== undefined) sayGroup(window, group);
    }
  };
  let lastEnd: number | undefined;
  /** Opens the windows between those that fired and those that now do, and have no records. */
  const openBetween = (to: number): void => {
    const unfired = windows.filter(({ end }) => end - 1 > watermark);
    const last = to === Number.POSITIVE_INFINITY ? Math.max(...unfired.map(({ end }) => end)) : to + 1;
    let from = lastEnd ?? unfired[0]?.end;
    while (from !== undefined && from <= last) {
      const next = windowsOf(from).sort((a, b) => a.end - b.end)[0]!;
      if (next.end <= last) at(next.start, next.end);
      lastEnd = from;
      from = next.end;
    }
  };
  const advance = (to: number): void => {
    if (to <= watermark || shape === undefined) return;
    if (fill !== undefined) openBetween(to);
    for (const moment of momentsBetween(watermark, to, windows, emit)) {
      for (const window of [...windows]) if (window.end - 1 === moment) fire(window);
      if (emit?.kind !== 'early' || (moment + 1) % emit.everyMs !== 0) continue;
      for (const window of windows.filter(({ end }) => end - 1 > moment)) {
        for (const group of window.groups.values()) sayGroup(window, group);
      }
    }
    watermark = to;
  };
  const answer = (): FiredWindow<Item>[] => {
    const all = said;
    said = [];
    return all;
  };
  return {
    advance(to) {
      if (to === Number.POSITIVE_INFINITY) advance(to);
      return answer();
    },
    settle: (mark) => advance(delayMs > 0 ? mark : mark - 1),
    add(placed, mark) {
      const { time } = placed;
      if (shape !== undefined) {
        if (delayMs > 0) advance(Math.max(mark, time - delayMs));
        else advance(mark > time ? mark : time - 1);
      }
      const all = windowsOf(time);
      const taking = shape === undefined ? all : all.filter(({ end }) => mark < end - 1 + latenessMs);
      const key = keyOf(placed.item);
      if (taking.length > 0) {
        const known = seen.get(key);
        if (known === undefined) seen.set(key, { example: placed, first: time });
        else known.first = Math.min(known.first, time);
      }
      for (const { start, end } of taking) {
        const window = at(start, end);
        const group = window.groups.get(key) ?? { example: placed, members: [], said: undefined };
        window.groups.set(key, group);
        group.members.push(placed);
        if (emit?.kind === 'changes' || (shape !== undefined && end - 1 <= watermark))
          sayGroup(window, group);
        if (group.members.length === atMost) {
          sayGroup(window, group);
          group.members = [];
        }
      }
      return { late: taking.length === 0 && all.length > 0, fired: answer() };
    },
  };
}
