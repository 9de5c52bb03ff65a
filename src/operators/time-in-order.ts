/**
 * Event time behind an operator whose records leave in the order of their times. The delay is over there: the watermark
 * follows from the last record, also for who reads the stream in another process and where several sources made it.
 */
import { heldInOrderMs } from '../time/index.js';
import type { PlaceTime } from './place.js';
import { processingTimeField } from './processing-time.js';

export function timeInOrder(time: PlaceTime): PlaceTime {
  const { assignment, cell } = time;
  if (assignment.field === processingTimeField) return time;
  return { assignment: { ...assignment, delayMs: heldInOrderMs }, cell };
}
