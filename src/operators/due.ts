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

/** When the watermark itself has come to it. */
const atOnce: Dues = { before: (_time, mark) => mark, said: (watermark) => watermark };

/** What is due waits until the records that say so are `leastMs` later, or later by the delay where that is more. */
function duesBehind({ assignment, said }: PlaceTime, leastMs: number): Dues {
  const { field, delayMs } = assignment;
  if (field === processingTimeField || said === true) return atOnce;
  const heldMs = Math.max(delayMs, leastMs);
  return {
    before: (time, mark) => (mark > time - delayMs ? mark : time - heldMs),
    said: (watermark) => watermark - (heldMs - delayMs),
  };
}

/**
 * For windows of a fixed size. Without a delay a further record of the newest time may come, which is judged by that time; so
 * what is due at the very millisecond of the newest record waits for the next one.
 */
export const duesOf = (time: PlaceTime): Dues => duesBehind(time, 1);

/**
 * For sessions. Which sessions a record meets is decided by the watermark in front of it; what could still meet a record is
 * not told as complete: a session of the millisecond before its time, which it touches.
 */
export const sessionDuesOf = (time: PlaceTime): Dues => duesBehind(time, heldInOrderMs);

/** Whether records come in the order of their times: results of windows, and what an operator has put in order. */
const isInOrder = ({ field, delayMs }: PlaceTime['assignment']): boolean =>
  delayMs === heldInOrderMs || (field === 'window_end' && delayMs === 0);

/**
 * For timers of programs. They fire when the watermark has come to them, as in Flink; where it is certain that records are in
 * order, also when only the next one shows that.
 */
export const timerDuesOf = (time: PlaceTime): Dues =>
  isInOrder(time.assignment) ? sessionDuesOf(time) : atOnce;
