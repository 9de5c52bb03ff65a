/**
 * The best records of each window and key so far. A record has the number of its arrival, which breaks ties, and a rank; what
 * stands before what is the caller's to say. A record that is not among the best is never kept. Nothing here knows
 * of watermarks.
 */
import type { Value } from '../../expression/index.js';
import type { KeptRecord } from '../window/kept.js';

/** What records are compared by. */
export interface Ranked {
  /** Of its arrival, among all records that came. */
  readonly number: number;
  readonly rank: Value;
}

export interface Candidate extends Ranked {
  readonly record: KeptRecord;
}

/** The records of a key, the best first. */
export interface Group {
  readonly key: string;
  /** The number of the first record of the key, whether it is still kept or not. */
  readonly first: number;
  readonly best: Candidate[];
}

export interface Pane {
  readonly start: number;
  readonly end: number;
  readonly groups: Map<string, Group>;
}

/** The panes of windows that are open, or one for everything, with the bounds 0 and 0. */
export type Panes = Map<string, Pane>;

/** Negative when the first stands before the second. Never 0 for two records. */
export type Before = (a: Ranked, b: Ranked) => number;

/** The pane of a window, new if it has to be. */
export function paneOf(panes: Panes, start: number, end: number): Pane {
  const name = `${start}/${end}`;
  let pane = panes.get(name);
  if (pane === undefined) {
    pane = { start, end, groups: new Map() };
    panes.set(name, pane);
  }
  return pane;
}

/** The group of a key, new if it has to be: then `number` is its first. */
export function groupOf({ groups }: Pane, key: string, number: number): Group {
  let group = groups.get(key);
  if (group === undefined) {
    group = { key, first: number, best: [] };
    groups.set(key, group);
  }
  return group;
}

/** Whether a record would be among so many best. */
export function isAmong({ best }: Group, ranked: Ranked, limit: number, before: Before): boolean {
  return best.length < limit || before(ranked, best.at(-1)!) < 0;
}

/** Puts a record in its place; the last one goes when there are too many. */
export function insert({ best }: Group, candidate: Candidate, limit: number, before: Before): void {
  let low = 0;
  let high = best.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (before(candidate, best[middle]!) < 0) high = middle;
    else low = middle + 1;
  }
  best.splice(low, 0, candidate);
  if (best.length > limit) best.pop();
}

/** The records of a pane as they leave: by group and rank, groups as they came first, or all as they came. */
export function inOrder({ groups }: Pane, order: 'rank' | 'arrival'): readonly Candidate[] {
  const sorted = [...groups.values()].sort((a, b) => a.first - b.first);
  const all = sorted.flatMap(({ best }) => best);
  return order === 'rank' ? all : all.sort((a, b) => a.number - b.number);
}
