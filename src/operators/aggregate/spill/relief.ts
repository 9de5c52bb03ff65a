/**
 * Keeps the tables of an aggregation within their memory: at rest, while they take too much, the largest is written
 * out and emptied, a piece at a time so that what waits to be written stays small. Which one is decided by size alone: what
 * fires soon and what is hot is not known here.
 */
import { emptyGroups, type Groups, renewGroups } from '../groups.js';
import type { Running } from '../running.js';
import { arrayBytes, isNearlyFull, thingBytes } from './group-memory.js';
import type { RunningSpill } from './running-spill.js';
import { beginWriting, createSpilled, type Writing, writeSome } from './spilled-groups.js';

/** Written between two flushes. */
const pieceBytes = 1 << 21;
/** Tables of fewer groups stay, for their things cannot be many: groups that are hot would only come and go. */
const leastGroups = 64;
/** Arrays beyond this are given up whatever is in them. */
const idleBytes = 1 << 20;

/** A table that is being written out. */
export interface Relieving {
  readonly groups: Groups;
  readonly writing: Writing;
  /** Its arrays are given up, not only emptied. */
  readonly gives: boolean;
}

function bytesOf(groups: Groups, running: Running): number {
  const { sampled, rowsTaken } = groups;
  // Looking at things costs more than looking at arrays: it waits until an eighth of the rows is new.
  if (running.cellPlan.lists.length > 0 && rowsTaken > sampled.rows * 1.125) {
    groups.sampled = { rows: rowsTaken, bytes: thingBytes(groups, running.cellPlan) };
  }
  return arrayBytes(groups) + groups.sampled.bytes;
}

function choose(spill: RunningSpill, running: Running, tables: Iterable<Groups>): Relieving | undefined {
  const least = Math.max(1, Math.min(leastGroups, spill.memoryBytes >> 14));
  let total = 0;
  let most = 0;
  let largest: Groups | undefined;
  for (const groups of tables) {
    const bytes = bytesOf(groups, running);
    total += bytes;
    const isSmall = groups.keys.table.count < least && arrayBytes(groups) < idleBytes;
    if (isSmall || bytes <= most) continue;
    most = bytes;
    largest = groups;
  }
  if (largest === undefined) return undefined;
  const isOver = total > spill.memoryBytes;
  if (!isOver && !(isNearlyFull(largest) && total + most > spill.memoryBytes)) return undefined;
  return { groups: largest, writing: beginWriting(), gives: isOver };
}

/** Whether a table that is free keeps its arrays for its next use. */
export function isWorthKeeping(groups: Groups, { memoryBytes }: RunningSpill): boolean {
  return arrayBytes(groups) * 8 < memoryBytes;
}

/**
 * Writes a piece of what is too much. Returns whether it has put something, and wants to be called again when that has
 * been flushed.
 */
export function relieve(spill: RunningSpill, running: Running, tables: Iterable<Groups>): boolean {
  spill.relieving ??= choose(spill, running, tables);
  while (spill.relieving?.groups.keys.table.count === 0) {
    renewGroups(spill.relieving.groups, running);
    spill.relieving = choose(spill, running, tables);
  }
  if (spill.relieving === undefined) return false;
  const { groups, writing, gives } = spill.relieving;
  groups.spilled ??= createSpilled(spill.nextId++, groups);
  if (writeSome(spill.space, groups.spilled, groups, running.cellPlan, writing, pieceBytes)) return true;
  spill.relieving = undefined;
  if (gives) renewGroups(groups, running);
  else emptyGroups(groups);
  return true;
}
