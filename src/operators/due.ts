/**
 * The watermark by which windows and timers fire in front of a record and behind a batch, where it shows what comes first.
 * It must not depend on where a stream was cut, into chunks or into processes. A stage behind a cut knows of dropped
 * records only what matters to the next one, so the record itself says how far time has gone on: up to its own time less
 * the delay.
 */
import { heldInOrderMs } from '../time/index.js';
import type { PlaceTime } from './place.js';
import { processingTimeField } from './processing-time.js';

/** The watermarks of a place. */
export interface Dues {
  /** In front of a record at `time`, before which the watermark was `mark`. */
  before(time: number, mark: number): number;
  /** When the watermark is said by itself. */
  said(watermark: number): number;
}

/**
 * Without a delay a further record of the newest time may come, which is judged by that time; so what is due at the very
 * millisecond of the newest record waits for the next one.
 */
export function duesOf({ assignment, said }: PlaceTime): Dues {
  const { field, delayMs } = assignment;
  if (field === processingTimeField || said === true)
    return { before: (_time, mark) => mark, said: (watermark) => watermark };
  if (delayMs > 0) {
    return { before: (time, mark) => Math.max(mark, time - delayMs), said: (watermark) => watermark };
  }
  return {
    before: (time, mark) => (mark > time ? mark : time - 1),
    said: (watermark) => (Number.isFinite(watermark) ? watermark - 1 : watermark),
  };
}

/**
 * The same for sessions. Which sessions a record meets is decided by the watermark in front of it; what could still meet a
 * record is not told as complete: a session of the millisecond before its time, which it touches.
 */
export function sessionDuesOf({ assignment, said }: PlaceTime): Dues {
  const { field, delayMs } = assignment;
  if (field === processingTimeField || said === true)
    return { before: (_time, mark) => mark, said: (watermark) => watermark };
  const heldMs = Math.max(delayMs, heldInOrderMs);
  const leastMs = heldMs - delayMs;
  return {
    before: (time, mark) => (mark > time - delayMs ? mark : time - heldMs),
    said: (watermark) => watermark - leastMs,
  };
}

/** Whether records come in the order of their times: results of windows, and what an operator has put in order. */
const isInOrder = ({ field, delayMs }: PlaceTime['assignment']): boolean =>
  delayMs === heldInOrderMs || (field === 'window_end' && delayMs === 0);

/**
 * The same for timers of programs. They fire when the watermark has come to them, as in Flink; where it is certain that
 * records are in order, also when only the next one shows that.
 */
export function timerDuesOf(time: PlaceTime): Dues {
  if (isInOrder(time.assignment)) return sessionDuesOf(time);
  return { before: (_time, mark) => mark, said: (watermark) => watermark };
}

/** The first early moment behind a watermark: the last millisecond of a step, as it is that of a window. */
export function nextStep(watermark: number, everyMs: number): number {
  return (Math.floor((watermark + 1) / everyMs) + 1) * everyMs - 1;
}
