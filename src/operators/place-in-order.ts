/**
 * The place behind an operator whose records leave in the order of their times. The delay is over there: the watermark
 * follows from the last record, also for who reads the stream in another process and where several sources made it.
 */
import { heldInOrderMs } from '../time/index.js';
import type { Place, PlaceTime } from './place.js';
import { processingTimeField } from './processing-time.js';

function timeInOrder(time: PlaceTime): PlaceTime {
  const { assignment, cell } = time;
  if (assignment.field === processingTimeField) return time;
  return { assignment: { ...assignment, delayMs: heldInOrderMs }, cell };
}

/** The place has event time. */
export function placeInOrder(place: Place): Place {
  return { ...place, time: timeInOrder(place.time!), isBeside: false };
}
