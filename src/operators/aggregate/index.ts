/**
 * The aggregate node, alone and fused with the window before it. Fused, nothing is materialised; the
 * answer is the same as that of the two stages one after the other.
 */
import type { AggregateNode, WindowNode } from '../../plan/index.js';
import { pairColumn } from '../../record/index.js';
import { rejectOf } from '../builder.js';
import type { Operator } from '../operator.js';
import type { Built, Place } from '../place.js';
import { scopeOf } from '../scope.js';
import { countTime } from '../window/count.js';
import { buildTimeFor, buildWindow, inSequence } from '../window/index.js';
import { keysOf } from '../window/session.js';
import { createAligned } from './aligned.js';
import { createBounded } from './bounds.js';
import { createCounts } from './counts.js';
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
    const changes = node.emit !== undefined;
    const planned = planAggregate(node, { place, window: 'none', known: [], changes });
    return built(planned, place, (running) =>
      planned.changes === undefined
        ? createUnwindowed(running)
        : createUnwindowedChanges(running, planned.changes),
    );
  }
  pairColumn(place.rows.layout, start);
  pairColumn(place.rows.layout, end);
  const kind = window.shape.shape === 'count' ? 'count' : 'time';
  const planned = planAggregate(node, { place, window: kind, known: [], changes: false });
  return built(planned, place, (running) => createBounded(running, { start, end }, time));
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
  const planned = planAggregate(aggregate, {
    place: inside,
    window: shape === 'count' ? 'count' : 'time',
    known,
    changes: false,
  });
  if ((shape === 'session' || shape === 'count') && !sameColumns(planned.keys, keys.key)) {
    const stage = buildWindow(window, place);
    return inSequence(stage, buildAggregate(aggregate, stage.place));
  }
  const inner = built(planned, inside, makerOf(window));
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
