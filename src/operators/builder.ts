/** What a builder of operators is, and the parts that every operator shares. */

import type { Batch } from '../record/index.js';
import type { Built, Place, Services } from './place.js';

/** Builds the operator of a node for its place. Throws a problem when the node cannot work there. */
export type Builder<Node> = (node: Node, place: Place) => Built;

/** Refuses a row; the form in which compiled expressions call it. */
export type Reject = (batch: Batch, row: number, reason: string) => void;

/** The reject function of the services, free of its object. */
export function rejectOf(services: Services): Reject {
  const { reports } = services;
  return (batch, row, reason) => reports.reject(batch, row, reason);
}
