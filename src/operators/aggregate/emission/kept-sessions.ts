/**
 * The sessions of an aggregation that tells more than its results once, and what happens when time goes on: sessions fire,
 * early results are due, sessions that take no more records go. What a session is told with is what it is at that moment, so
 * it does not matter how often one is queued to fire, as long as it is queued when its end is passed.
 */
import {
  createWindowQueue,
  nextEnd,
  popWindow,
  pushWindow,
  readerUnder,
  readFacts,
  type SnapshotReader,
  type SnapshotWriter,
  type WindowQueue,
  writeFacts,
  writerUnder,
} from '../../../state/index.js';
import type { Running } from '../running.js';
import { readSessionGroups, type SessionGroups, writeSessionGroups } from '../session-groups.js';
import { forgetSessions } from './join-session.js';
import { nextStep } from './steps.js';
import type { Teller } from './teller.js';

export interface KeptSessions {
  readonly running: Running;
  readonly groups: SessionGroups;
  readonly teller: Teller;
  /** Every change is told at once. */
  readonly tellsAll: boolean;
  /** Step of early results; undefined without them. */
  readonly everyMs: number | undefined;
  readonly latenessMs: number;
  /** Sessions that have not fired, by an end that they have or had. */
  firing: WindowQueue;
  /** The least end by which a session is queued to fire, by its slot. */
  readonly queued: Map<number, number>;
  /** Sessions that may have changed since they were told, where early results are given. */
  readonly changed: Set<number>;
  /** How far time has gone on here. */
  watermark: number;
}

export function createKeptSessions(running: Running, groups: SessionGroups, teller: Teller): KeptSessions {
  const { emit, latenessMs = 0 } = running.emission ?? {};
  return {
    running,
    groups,
    teller,
    tellsAll: emit?.kind === 'changes',
    everyMs: emit?.kind === 'early' ? emit.everyMs : undefined,
    latenessMs,
    firing: createWindowQueue(),
    queued: new Map(),
    changed: new Set(),
    watermark: Number.NEGATIVE_INFINITY,
  };
}

const isThere = ({ groups }: KeptSessions, slot: number): boolean => groups.table.keys[slot] !== -1;

/** In the order in which they are told: by end, start and first arrival. */
function inOrder({ groups }: KeptSessions, slots: number[]): readonly number[] {
  const { starts, ends, arrivals } = groups.table;
  return slots.sort((a, b) => ends[a]! - ends[b]! || starts[a]! - starts[b]! || arrivals[a]! - arrivals[b]!);
}

/** Has a session fire when its end is passed. */
function queue({ firing, queued, groups }: KeptSessions, slot: number): void {
  const { starts, ends } = groups.table;
  const end = ends[slot]!;
  if ((queued.get(slot) ?? Number.POSITIVE_INFINITY) <= end) return;
  queued.set(slot, end);
  pushWindow(firing, starts[slot]!, end, slot);
}

/** Takes out the sessions that a watermark fires. */
function takeFiring(kept: KeptSessions, watermark: number): readonly number[] {
  const { firing, queued, groups } = kept;
  const due: number[] = [];
  for (let end = nextEnd(firing); firing.size > 0 && end - 1 <= watermark; end = nextEnd(firing)) {
    const slot = popWindow(firing);
    if (queued.get(slot) === end) queued.delete(slot);
    if (!isThere(kept, slot)) continue;
    if (groups.table.ends[slot]! - 1 > watermark) queue(kept, slot);
    else due.push(slot);
  }
  return inOrder(kept, due);
}

/** Tells what has changed of the sessions that end behind a moment. */
function tellChanged(kept: KeptSessions, moment: number): void {
  const { changed, groups, teller } = kept;
  const open = [...changed].filter((slot) => isThere(kept, slot) && groups.table.ends[slot]! - 1 > moment);
  changed.clear();
  for (const slot of inOrder(kept, open)) teller.tell(slot);
}

/**
 * Time goes on to a watermark. However many early moments are passed at once, no record comes between them, so only the first
 * has something to tell: behind what fires at that moment or before.
 */
export function advance(kept: KeptSessions, to: number): void {
  const { watermark: from, everyMs, groups, teller, running } = kept;
  if (to <= from) return;
  kept.watermark = to;
  const step = everyMs === undefined || kept.changed.size === 0 ? Infinity : nextStep(from, everyMs);
  let isEarlyDue = step <= to;
  for (const slot of takeFiring(kept, to)) {
    if (isEarlyDue && groups.table.ends[slot]! - 1 > step) {
      isEarlyDue = false;
      tellChanged(kept, step);
    }
    teller.tell(slot);
  }
  if (isEarlyDue) tellChanged(kept, step);
  forgetSessions(groups, running, to - kept.latenessMs);
}

/** A session has taken a row. Tells what is told at once. */
export function sessionChanged(kept: KeptSessions, slot: number): void {
  const { groups, watermark, teller } = kept;
  const hasFired = groups.table.ends[slot]! - 1 <= watermark;
  if (!hasFired) queue(kept, slot);
  if (hasFired || kept.tellsAll) teller.tell(slot);
  else if (kept.everyMs !== undefined) kept.changed.add(slot);
}

/** Looks anew which sessions there are, when they have come otherwise than one by one. */
export function takeStock(kept: KeptSessions): void {
  const { groups, watermark, everyMs } = kept;
  const { ends, used } = groups.table;
  kept.firing = createWindowQueue();
  kept.queued.clear();
  kept.changed.clear();
  for (let slot = 0; slot < used; slot++) {
    if (!isThere(kept, slot) || ends[slot]! - 1 <= watermark) continue;
    queue(kept, slot);
    if (everyMs !== undefined) kept.changed.add(slot);
  }
}

export function writeKept(into: SnapshotWriter, { running, groups, watermark }: KeptSessions): void {
  writeSessionGroups(into, running, groups);
  writeFacts(writerUnder(into, 'emission/'), { watermark });
}

export function readKept(from: SnapshotReader, kept: KeptSessions): void {
  readSessionGroups(from, kept.running, kept.groups);
  Object.assign(kept, readFacts(readerUnder(from, 'emission/'), { watermark: 0 }));
  takeStock(kept);
}
