/** Operators that work in event time: in that of their place, or in one of their own. */
import type { TimeAssignment } from '../plan/index.js';
import { buildOwnTime, needsOwnTime } from './event-time.js';
import type { Built, Place } from './place.js';
import { inSequence } from './window/index.js';

/** Builds an operator for a place that has event time, behind what gives the records theirs if it needs one. */
export function buildTimed(
  node: { readonly time?: TimeAssignment | undefined },
  place: Place,
  build: (place: Place) => Built,
): Built {
  if (!needsOwnTime(node, place)) return build(place);
  const timed = buildOwnTime(node.time, place);
  return inSequence(timed, build(timed.place));
}
