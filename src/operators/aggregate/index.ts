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
import type { Built, Place, PlaceTime } from '../place.js';
import { processingTimeField } from '../processing-time.js';
import { scopeOf } from '../scope.js';
import { countTime } from '../window/count.js';
import { buildTimeFor, buildWindow, inSequence } from '../window/index.js';
import { keysOf } from '../window/session.js';
import { createAligned } from './aligned.js';
import { createBounded } from './bounds.js';
import { createCounts } from './counts.js';
import { createEmitting } from './emission/emitting.js';
import { assignedWindows, carriedWindows } from './emission/row-windows.js';
import { createUnwindowedChanges } from './emission/unwindowed-changes.js';
import { type PlannedAggregate, placeBehind, planAggregate } from './planned.js';
import { type Running, startRunning } from './running.js';
import { createSessions } from './sessions.js';
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
  const scope = scopeOf(place.rows);
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
  const kind = window.shape.shape === 'count' ? 'count' : 'time';
  const emission = emissionOf(window.emission, node.emit);
  const planned = planAggregate(node, { place, window: kind, known: [], emission });
  if (emission === undefined) {
    return built(planned, place, (running) => createBounded(running, { start, end }, time));
  }
  const shape = alignedShape(node, window.shape);
  refuseLostTime(node, emission, time);
  return built(planned, place, (running) =>
    createEmitting(running, planned.changes, { shape, time, windows: carriedWindows({ start, end }, time) }),
  );
}

/** The shape of windows whose results may be asked for early, and so on: those of a fixed size. */
function alignedShape({ id }: AggregateNode, shape: WindowShape): AlignedShape {
  if (shape.shape !== 'session' && shape.shape !== 'count') return shape;
  throw problem({
    code: 'plan',
    message: `${id}: a ${shape.shape} window gives its results once, when it closes`,
    hint: 'leave --emit out, or take windows of a fixed size',
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

function emittingMaker(planned: PlannedAggregate, shape: AlignedShape, time: PlaceTime) {
  return (running: Running): Operator =>
    createEmitting(running, planned.changes, { shape, time, windows: assignedWindows(shape) });
}

/** Whether two keys are of the same columns, in whatever order. */
function sameColumns(a: readonly { column: number }[], b: readonly { column: number }[]): boolean {
  const columns = (key: readonly { column: number }[]): string =>
    [...new Set(key.map(({ column }) => column))].sort((x, y) => x - y).join();
  return columns(a) === columns(b);
}

function makerOf({ window, by }: WindowNode): (running: Running) => Operator {
  const ofKey = by.length === 0 ? '' : ` of ${keysText(by)}`;
  switch (window.shape) {
    case 'session':
      return (running) => createSessions(running, window, ofKey);
    case 'count':
      return (running) => createCounts(running, window, ofKey);
    default:
      return (running) => createAligned(running, window);
  }
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
  });
  if ((shape === 'session' || shape === 'count') && !sameColumns(planned.keys, keys.key)) {
    const stage = buildWindow(window, place);
    return inSequence(stage, buildAggregate(aggregate, stage.place));
  }
  const inner = built(
    planned,
    inside,
    emission === undefined
      ? makerOf(window)
      : emittingMaker(planned, alignedShape(aggregate, window.window), inside.time!),
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
