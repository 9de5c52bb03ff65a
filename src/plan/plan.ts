/**
 * A plan: plain, versioned data that every front end makes and every back end reads. Nodes stand in
 * topological order.
 */
import type { PlanNode } from './nodes/index.js';

export const planVersion = 1;

export interface Plan {
  readonly version: typeof planVersion;
  readonly nodes: readonly PlanNode[];
}
