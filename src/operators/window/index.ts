/**
 * window as a stage of its own: puts the operator of the shape behind what gives records their time. The
 * bounds are in the records from here on, so that an aggregate, here or in another process, groups by
 * them.
 */
import type { WindowNode } from '../../plan/index.js';
import { scannedColumn } from '../../record/index.js';
import { readerUnder, writerUnder } from '../../state/index.js';
import type { Builder } from '../builder.js';
import { rejectOf } from '../builder.js';
import { buildOwnTime, needsOwnTime } from '../event-time.js';
import type { Operator, RowShape } from '../operator.js';
import type { Built, Place, PlaceKey, PlaceTime } from '../place.js';
import { buildProcessingTime } from '../processing-time.js';
import { buildAligned } from './aligned.js';
import { buildCount, countTime } from './count.js';
import { entriesInSequence } from './sequence-entries.js';
import { buildSession, keysOf } from './session.js';

/**
 * What gives the records at a place the time that a window needs: nothing when they have it, and for count windows,
 * which need none.
 */
export function buildTimeFor(node: WindowNode, place: Place): Built | undefined {
  if (node.window.shape === 'count') return undefined;
  if (node.processingTime) return buildProcessingTime(node.window, place);
  return needsOwnTime(node, place) ? buildOwnTime(node.time, place) : undefined;
}

/** The operator that puts records into windows, and what they look like behind it. */
export interface Stage {
  readonly rows: RowShape;
  readonly key: readonly PlaceKey[];
  readonly time: PlaceTime;
  readonly create: Built['create'];
}

/** Keys of rows that were written out and scanned again are found by their names. */
function rescannedKey(key: readonly PlaceKey[], rows: RowShape): readonly PlaceKey[] {
  return key.map(({ name }) => ({ name, column: scannedColumn(rows.layout, [name]) }));
}

function buildStage(node: WindowNode, place: Place): Stage {
  const { window } = node;
  const keys = keysOf(node.by, place);
  if (window.shape === 'count') {
    const time = countTime();
    const stage = buildCount(window, keys, time);
    return { ...stage, key: rescannedKey(keys.key, stage.rows), time };
  }
  const time = place.time!;
  if (window.shape === 'session') {
    const stage = buildSession(window.gapMs, keys, time);
    return { ...stage, key: rescannedKey(keys.key, stage.rows), time };
  }
  const latenessMs = node.emission?.latenessMs ?? 0;
  const aligned = buildAligned(window, { ...place, rows: keys.rows }, time, latenessMs);
  return {
    rows: aligned.rows,
    key: keys.key,
    time,
    create(output, services) {
      const inner = aligned.create(output, services);
      const reject = rejectOf(services);
      return { ...inner, onBatch: (batch) => keys.around(batch, reject, (keyed) => inner.onBatch(keyed)) };
    },
  };
}

function shapeInSequence(operators: readonly Operator[]): string | undefined {
  const shapes = operators.flatMap(({ stateShape }) => stateShape ?? []);
  return shapes.length === 0 ? undefined : shapes.join(', then ');
}

/** Two operators as one: what the first puts out goes into the second. */
export function inSequence(first: Built, second: Built): Built {
  return {
    place: second.place,
    create(output, services) {
      const behind = second.create(output, services);
      const front = first.create(
        { batch: (batch) => behind.onBatch(batch), watermark: (time) => behind.onWatermark(time) },
        services,
      );
      const operators: readonly Operator[] = [front, behind];
      return {
        stateShape: shapeInSequence(operators),
        staysInMemory: operators.some(({ staysInMemory }) => staysInMemory === true),
        snapshot(into) {
          operators.forEach((operator, index) => {
            operator.snapshot(writerUnder(into, `${index}/`));
          });
        },
        restore(from) {
          operators.forEach((operator, index) => {
            if (operator.stateShape !== undefined) operator.restore(readerUnder(from, `${index}/`));
          });
        },
        ...entriesInSequence(operators),
        onBatch: (batch) => front.onBatch(batch),
        onWatermark: (time) => front.onWatermark(time),
        onEnd() {
          for (const operator of operators) operator.onEnd();
        },
        // What the first emits goes through the second, which must be at rest itself.
        onRest: () => (behind.onRest?.() ?? false) || (front.onRest?.() ?? false),
        nextTimer: () =>
          Math.min(...operators.map((operator) => operator.nextTimer?.() ?? Number.POSITIVE_INFINITY)),
        onTimer(nowMs) {
          for (const operator of operators) {
            if ((operator.nextTimer?.() ?? Number.POSITIVE_INFINITY) <= nowMs) operator.onTimer?.(nowMs);
          }
        },
      };
    },
  };
}

/** Builds a window whose operator is built by `build` for a place with event time. */
export function buildWindowWith(
  build: (node: WindowNode, place: Place) => Stage,
  node: WindowNode,
  place: Place,
): Built {
  const timed = buildTimeFor(node, place);
  const stage = build(node, timed?.place ?? place);
  const built: Built = {
    place: {
      ...place,
      rows: stage.rows,
      time: stage.time,
      key: stage.key,
      window: {
        shape: node.window,
        startField: 'window_start',
        endField: 'window_end',
        emission: node.emission,
      },
    },
    create: stage.create,
  };
  return timed === undefined ? built : inSequence(timed, built);
}

export const buildWindow: Builder<WindowNode> = (node, place) => buildWindowWith(buildStage, node, place);
