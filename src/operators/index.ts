/**
 * The room of operators: what each node of a plan means, one state machine a file. Operators touch no process, file,
 * thread or clock.
 */
import { buildAggregate, buildWindowedAggregate } from './aggregate/index.js';
import { buildEventTime } from './event-time.js';
import { buildFilter } from './filter.js';
import { buildFlatten } from './flatten.js';
import { buildKeyby } from './keyby.js';
import { buildSaidTime } from './said-time.js';
import { buildSelect } from './select.js';
import { buildWindow } from './window/index.js';

export type { Builder } from './builder.js';
export {
  type Clock,
  type EntryVisitor,
  type Operator,
  type Output,
  type Reports,
  type RowShape,
  stateless,
} from './operator.js';
export { buildPartitionValues, type PartitionValues } from './partition.js';
export type { Built, Place, PlaceKey, PlaceTime, PlaceWindow, Services } from './place.js';
export { processingTimeField } from './processing-time.js';
export { buildEventTime, buildSaidTime, buildWindowedAggregate };

/** The builder of each kind of node that stands between a source and a sink. */
export const operatorBuilders = {
  filter: buildFilter,
  select: buildSelect,
  flatten: buildFlatten,
  keyby: buildKeyby,
  window: buildWindow,
  aggregate: buildAggregate,
} as const;
