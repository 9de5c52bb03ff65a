/**
 * Which windows a time belongs to: tumbling, hopping and cumulating windows as Flink's table functions
 * assign them. Plain arithmetic on epoch ms, without state; windows on the clock of a zone are in
 * zoned-assigner.ts.
 */
import { type AlignedShape, tumbleStart, type WindowAssigner } from './window.js';
import { createZonedAssigner } from './zoned-assigner.js';

function tumbling(sizeMs: number, offsetMs: number): WindowAssigner {
  return {
    most: 1,
    assign(time, starts, ends) {
      const start = tumbleStart(time, sizeMs, offsetMs);
      starts[0] = start;
      ends[0] = start + sizeMs;
      return 1;
    },
  };
}

function hopping(sizeMs: number, slideMs: number, offsetMs: number): WindowAssigner {
  return {
    most: Math.ceil(sizeMs / slideMs),
    assign(time, starts, ends) {
      let count = 0;
      for (let start = tumbleStart(time, slideMs, offsetMs); start > time - sizeMs; start -= slideMs) {
        starts[count] = start;
        ends[count++] = start + sizeMs;
      }
      return count;
    },
  };
}

function cumulating(maxMs: number, stepMs: number, offsetMs: number): WindowAssigner {
  return {
    most: Math.ceil(maxMs / stepMs),
    assign(time, starts, ends) {
      const start = tumbleStart(time, maxMs, offsetMs);
      let count = 0;
      const first = start + (Math.floor((time - start) / stepMs) + 1) * stepMs;
      for (let end = first; end < start + maxMs + stepMs; end += stepMs) {
        starts[count] = start;
        ends[count++] = Math.min(end, start + maxMs);
      }
      return count;
    },
  };
}

/**
 * The assigner of a shape. A tumbling time is in one window; a hopping one in several, the latest start
 * first; a cumulating one in several of the same start, the earliest end first. With a slide longer than the
 * size a time may be in none. With a zone, windows follow that zone's clock: `--zone` of a day-sized window
 * gives local days.
 */
export function createAssigner(shape: AlignedShape): WindowAssigner {
  if (shape.zone !== undefined && shape.zone !== 'UTC') return createZonedAssigner(shape, shape.zone);
  switch (shape.shape) {
    case 'tumble':
      return tumbling(shape.sizeMs, shape.offsetMs);
    case 'hop':
      return hopping(shape.sizeMs, shape.slideMs, shape.offsetMs);
    case 'cumulate':
      return cumulating(shape.maxMs, shape.stepMs, shape.offsetMs);
  }
}
