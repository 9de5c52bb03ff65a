/**
 * Windows that follow the clock of a zone. The bounds are times of the wall clock, each taken to the first
 * instant at which that clock shows it or has gone past it, so a day that daylight saving makes 23 or 25
 * hours long is one window. Windows shorter than a day keep their length wherever the change of the clock is
 * a multiple of their grid, as an hour is of ten minutes; else the one around the change is longer or
 * shorter. Either way windows of a shape never leave a hole.
 */
import { dayMs } from './civil.js';
import { type AlignedShape, tumbleStart, type WindowAssigner } from './window.js';
import { firstInstantOf, zoneOffsetMs } from './zone.js';

/**
 * From a time of the grid to the instant it stands for. The grid's times are the wall clock's or shifted
 * instants.
 */
type Instant = (gridTime: number) => number;

/** A shape as a grid of starts with ends behind each: the common form of the three. */
interface Grid {
  readonly startStepMs: number;
  readonly endStepMs: number;
  readonly lengthMs: number;
  readonly offsetMs: number;
}

function gridOf(shape: AlignedShape): Grid {
  const { offsetMs } = shape;
  switch (shape.shape) {
    case 'tumble':
      return { startStepMs: shape.sizeMs, endStepMs: shape.sizeMs, lengthMs: shape.sizeMs, offsetMs };
    case 'hop':
      return { startStepMs: shape.slideMs, endStepMs: shape.sizeMs, lengthMs: shape.sizeMs, offsetMs };
    case 'cumulate':
      return { startStepMs: shape.maxMs, endStepMs: shape.stepMs, lengthMs: shape.maxMs, offsetMs };
  }
}

/**
 * How grid times become instants around a time: by a constant offset where the grid is not disturbed within
 * a day of it, else by the wall clock.
 */
function instantsAround(time: number, grid: Grid, zone: string): Instant {
  if (grid.lengthMs < dayMs) {
    const offset = zoneOffsetMs(zone, time);
    const step = Math.min(grid.startStepMs, grid.endStepMs);
    const before = zoneOffsetMs(zone, time - dayMs);
    const after = zoneOffsetMs(zone, time + dayMs);
    const even = (before - offset) % grid.startStepMs === 0 && (after - offset) % grid.startStepMs === 0;
    if (even && (after - before) % step === 0) return (gridTime) => gridTime - offset;
  }
  return (gridTime) => firstInstantOf(zone, gridTime);
}

/** The latest grid time whose instant is not after `time`. */
function latestStart(time: number, grid: Grid, zone: string, instant: Instant): number {
  let start = tumbleStart(time + zoneOffsetMs(zone, time), grid.startStepMs, grid.offsetMs);
  // Around a change of the clock, the wall clock of `time` may lie before or behind where the grid's
  // instants put it.
  while (instant(start + grid.startStepMs) <= time) start += grid.startStepMs;
  while (instant(start) > time) start -= grid.startStepMs;
  return start;
}

/**
 * The assigner of a shape whose bounds are on the wall clock of `zone`. Same order of windows as without a
 * zone.
 */
export function createZonedAssigner(shape: AlignedShape, zone: string): WindowAssigner {
  const grid = gridOf(shape);
  const { startStepMs, endStepMs, lengthMs } = grid;
  const perStart = Math.ceil(lengthMs / endStepMs);
  // A clock set back by up to a day makes that much more of the grid overlap.
  const most = Math.ceil((lengthMs + dayMs) / startStepMs) * perStart + 1;
  let lastFrom = Number.NaN;
  let lastTo = Number.NaN;

  function assign(time: number, starts: Float64Array, ends: Float64Array): number {
    const instant = instantsAround(time, grid, zone);
    let count = 0;
    let start = latestStart(time, grid, zone, instant);
    for (; instant(start + lengthMs) > time; start -= startStepMs) {
      const from = instant(start);
      let previousEnd = Number.NaN;
      for (let length = endStepMs; length < lengthMs + endStepMs; length += endStepMs) {
        const end = instant(start + Math.min(length, lengthMs));
        if (end <= time || end === previousEnd) continue;
        starts[count] = from;
        ends[count++] = end;
        previousEnd = end;
      }
    }
    return count;
  }

  if (shape.shape !== 'tumble') return { most, assign };
  const bounds = [new Float64Array(most), new Float64Array(most)] as const;
  return {
    most: 1,
    assign(time, starts, ends) {
      // Records come nearly in order, so most are in the window of the one before.
      if (!(time >= lastFrom && time < lastTo)) {
        assign(time, bounds[0], bounds[1]);
        lastFrom = bounds[0][0]!;
        lastTo = bounds[1][0]!;
      }
      starts[0] = lastFrom;
      ends[0] = lastTo;
      return 1;
    },
  };
}
