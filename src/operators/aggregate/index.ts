/**
 * The aggregate node, alone and fused with the window before it. Fused, nothing is materialised; the
 * answer is the same as that of the two stages one after the other.
 */
import { problem } from '../../diagnostics/index.js';
import {
  type AggregateNode,
  type Emission,
  emissionOf,
  type WindowNode,
  type WindowShape,
} from '../../plan/index.js';
import { pairColumn } from '../../record/index.js';
import type { AlignedShape } from '../../time/index.js';
import { rejectOf } from '../builder.js';
import type { Operator } from '../operator.js';
import type { Built, Place, PlaceKey, PlaceTime } from '../place.js';
import { processingTimeField } from '../processing-time.js';
import { ownScopeOf } from '../scope.js';
import { countTime } from '../window/count.js';
import { buildTimeFor, buildWindow, inSequence } from '../window/index.js';
import { keysOf } from '../window/session.js';
import { createAligned } from './aligned.js';
import { type BoundColumns, createBounded } from './bounds.js';
import { createCounts } from './counts.js';
import { createEmitting } from './emission/emitting.js';
import { createEmittingSessions, type SessionPlace } from './emission/emitting-sessions.js';
import { assignedSessions, carriedSessions, type RowSessions } from './emission/join-session.js';
import { assignedWindows, carriedWindows } from './emission/row-windows.js';
import { createUnwindowedChanges } from './emission/unwindowed-changes.js';
import { type PlannedAggregate, placeBehind, planAggregate } from './planned.js';
import { type Running, startRunning } from './running.js';
import { createSessions, type SessionShape } from './sessions.js';
import { keysText } from './state-shape.js';
import { createUnwindowed } from './unwindowed.js';

function built(planned: PlannedAggregate, place: Place, make: (running: Running) => Operator): Built {
  return {
    place: placeBehind(planned, place),
    create: (output, services) => make(startRunning(planned, place.time, output, services)),
  };
}

/**
 * Aggregates what comes to the place. Records that are in a window (place.window) are grouped by its
 * bounds, which they carry, and by key; they fire when the watermark passes the end. Others are grouped by
 * key until the input ends.
 */
export function buildAggregate(node: AggregateNode, place: Place): Built {
  const { window, time } = place;
  const scope = ownScopeOf(place.rows);
  const start = window === undefined ? undefined : scope.resolve([window.startField]);
  const end = window === undefined ? undefined : scope.resolve([window.endField]);
  // Without their bounds, which a select may have left out, the records are in no window any more.
  if (window === undefined || time === undefined || start === undefined || end === undefined) {
    const emission = emissionOf(undefined, node.emit);
    const planned = planAggregate(node, { place, window: 'none', known: [], emission });
    return built(planned, place, (running) =>
      planned.changes === undefined
        ? createUnwindowed(running)
        : createUnwindowedChanges(running, planned.changes),
    );
  }
  pairColumn(place.rows.layout, start);
  pairColumn(place.rows.layout, end);
  const { shape } = window;
  const kind = shape.shape === 'count' ? 'count' : 'time';
  const emission = emissionOf(window.emission, node.emit);
  const merging = emission !== undefined && shape.shape === 'session';
  const planned = planAggregate(node, { place, window: kind, known: [], emission, merging });
  if (emission === undefined) {
    return built(planned, place, (running) => createBounded(running, { start, end }, time));
  }
  refuseLostTime(node, emission, time);
  if (shape.shape === 'session') {
    refuseLateWord(node);
    refuseOtherKey(node, planned.keys, place.key);
    return built(
      planned,
      place,
      sessionsMaker(planned, { shape, time, by: ofKey(place.key) }, { start, end }),
    );
  }
  const aligned = alignedShape(node, shape);
  const windows = { shape: aligned, time, windows: carriedWindows({ start, end }, time) };
  return built(planned, place, (running) => createEmitting(running, planned.changes, windows));
}

const ofKey = (key: readonly { readonly name: string }[]): string =>
  key.length === 0 ? '' : ` of ${key.map(({ name }) => name).join(', ')}`;

/** An operator over sessions that says more than results once; of rows that carry bounds, if there are columns of them. */
function sessionsMaker(
  planned: PlannedAggregate,
  place: Omit<SessionPlace, 'sessions'>,
  bounds: BoundColumns | undefined,
) {
  const sessions = (): RowSessions =>
    bounds === undefined ? assignedSessions(place.shape.gapMs) : carriedSessions(bounds, place.time);
  return (running: Running): Operator =>
    createEmittingSessions(running, planned.changes!, { ...place, sessions: sessions() });
}

/** A stage in another process that was not asked for changes has kept its records until sessions closed. */
function refuseLateWord({ id, emit }: AggregateNode): void {
  if (emit === undefined) return;
  throw problem({
    code: 'plan',
    message: `${id}: the results of sessions are asked for at the window, which sends their records as they come then`,
    hint: 'say --emit at window session',
  });
}

/** Sessions are of a key; results of another key would have to be told of several sessions at once. */
function refuseOtherKey(
  { id }: AggregateNode,
  keys: readonly PlaceKey[],
  ofSessions: readonly PlaceKey[],
): void {
  if (sameColumns(keys, ofSessions)) return;
  throw problem({
    code: 'plan',
    message: `${id}: sessions of one key that are told before they close cannot be aggregated by another`,
    hint: 'say the same --by at the window and at the aggregate, or leave --emit and --allowed-lateness out',
  });
}

/** The shape of windows of a fixed size. Count windows cannot be asked for results early, and so on. */
function alignedShape({ id }: AggregateNode, shape: Exclude<WindowShape, SessionShape>): AlignedShape {
  if (shape.shape !== 'count') return shape;
  throw problem({
    code: 'plan',
    message: `${id}: a ${shape.shape} window gives its results once, when it closes`,
    hint: 'leave --emit out, or take windows of time',
  });
}

/** Where windows have event time that the records carry no longer, nobody can say what came first. */
function refuseLostTime({ id }: AggregateNode, { emit, atMost }: Emission, { assignment }: PlaceTime): void {
  if (assignment.field !== processingTimeField || emit?.kind === 'changes' || atMost !== undefined) return;
  throw problem({
    code: 'plan',
    message: `${id}: the records have lost the field of their event time, by which results are given`,
    hint: 'keep it in select',
  });
}

/** Whether two keys are of the same columns, in whatever order. */
function sameColumns(a: readonly { column: number }[], b: readonly { column: number }[]): boolean {
  const columns = (key: readonly { column: number }[]): string =>
    [...new Set(key.map(({ column }) => column))].sort((x, y) => x - y).join();
  return columns(a) === columns(b);
}

const spelledKey = ({ by }: WindowNode): string => (by.length === 0 ? '' : ` of ${keysText(by)}`);

function makerOf(node: WindowNode): (running: Running) => Operator {
  const { window } = node;
  switch (window.shape) {
    case 'session':
      return (running) => createSessions(running, window, spelledKey(node));
    case 'count':
      return (running) => createCounts(running, window, spelledKey(node));
    default:
      return (running) => createAligned(running, window);
  }
}

/** What makes the operator of a window that says more than results once. */
function emittingMaker(
  planned: PlannedAggregate,
  node: WindowNode,
  aggregate: AggregateNode,
  time: PlaceTime,
): (running: Running) => Operator {
  const { window } = node;
  if (window.shape === 'session') {
    refuseLateWord(aggregate);
    return sessionsMaker(planned, { shape: window, time, by: spelledKey(node) }, undefined);
  }
  const shape = alignedShape(aggregate, window);
  return (running) =>
    createEmitting(running, planned.changes, { shape, time, windows: assignedWindows(shape) });
}

/**
 * A window and the aggregate behind it as one operator, with whatever gives the records their time before
 * it. Sessions and counts of one key aggregated by another are two stages after all.
 */
export function buildWindowedAggregate(window: WindowNode, aggregate: AggregateNode, place: Place): Built {
  const timed = buildTimeFor(window, place);
  const start = timed?.place ?? place;
  const keys = keysOf(window.by, start);
  const { shape } = window.window;
  const inside: Place = {
    ...start,
    rows: keys.rows,
    key: keys.key,
    time: shape === 'count' ? countTime() : start.time,
  };
  const known = window.by.map(({ expression }, index) => ({ expression, column: keys.key[index]!.column }));
  const emission = emissionOf(window.emission, aggregate.emit);
  const planned = planAggregate(aggregate, {
    place: inside,
    window: shape === 'count' ? 'count' : 'time',
    known,
    emission,
    merging: emission !== undefined && shape === 'session',
  });
  if (emission !== undefined && shape === 'session') refuseOtherKey(aggregate, planned.keys, keys.key);
  if ((shape === 'session' || shape === 'count') && !sameColumns(planned.keys, keys.key)) {
    const stage = buildWindow(window, place);
    return inSequence(stage, buildAggregate(aggregate, stage.place));
  }
  const inner = built(
    planned,
    inside,
    emission === undefined ? makerOf(window) : emittingMaker(planned, window, aggregate, inside.time!),
  );
  const fused: Built = {
    place: inner.place,
    create(output, services) {
      const operator = inner.create(output, services);
      const reject = rejectOf(services);
      return { ...operator, onBatch: (batch) => keys.around(batch, reject, operator.onBatch) };
    },
  };
  return timed === undefined ? fused : inSequence(timed, fused);
}
