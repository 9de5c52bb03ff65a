/**
 * The room of operators: what each node of a plan means, one state machine a file. Operators touch no process, file,
 * thread or clock.
 */
import { buildEventTime, buildOwnTime } from './event-time.js';
import { buildFilter } from './filter.js';
import { buildFlatten } from './flatten.js';
import { buildKeyby } from './keyby.js';
import { buildSaidTime } from './said-time.js';
import { buildSelect } from './select.js';

export type { Builder } from './builder.js';
export {
  type EntryEditor,
  type GivenEntry,
  isPlainObject,
  type Plain,
  type PlainObject,
  type ShownEntry,
  samePlain,
  wrongEntry,
} from './entry.js';
export { spellBound } from './entry-bounds.js';
export { buildGivenTime, createGivenTimes, type GivenTimes } from './given-time.js';
export { createIntervalJoin } from './join/interval-join.js';
export { buildJoinKeys, type JoinKeys } from './join/join-keys.js';
export { createRegularJoin } from './join/regular-join.js';
export type { JoinKeyFields } from './join/row-entries.js';
export type { RowJoin, RowJoinOptions } from './join/row-join.js';
export { createTemporalJoin } from './join/temporal-join.js';
export { createWindowJoin } from './join/window-join.js';
export {
  type Clock,
  type Operator,
  type Output,
  type Reports,
  type RowShape,
  stateless,
} from './operator.js';
export { buildPartitionValues, type PartitionValues } from './partition.js';
export type { Built, Place, PlaceKey, PlaceTime, PlaceWindow, Services } from './place.js';
export {
  defineProcess,
  type ListState,
  type MapState,
  type ProcessContext,
  type ProcessDefinition,
  type ProcessTimer,
  type Programs,
  type ValueState,
} from './process/definition.js';
export { processingTimeField } from './processing-time.js';
export type { TableContent, TableFile, TableFiles } from './table-file.js';
export { createUnion, type Union, type UnionInput, type UnionRun } from './union.js';
export { buildEventTime, buildOwnTime, buildSaidTime };

/** The builder of each kind of step between a source and a sink. The large ones are loaded when a plan has such a step. */
const loaders = {
  filter: () => buildFilter,
  select: () => buildSelect,
  flatten: () => buildFlatten,
  keyby: () => buildKeyby,
  process: async () => (await import('./process/index.js')).buildProcess,
  tee: async () => (await import('./tee.js')).buildTee,
  sort: async () => (await import('./sort/index.js')).buildSort,
  fill: async () => (await import('./fill/index.js')).buildFill,
  over: async () => (await import('./over/index.js')).buildOver,
  lookup: async () => (await import('./lookup/index.js')).buildLookup,
  window: async () => (await import('./window/index.js')).buildWindow,
  'telling-sessions': async () =>
    (await import('./aggregate/emission/session-stage.js')).buildTellingSessions,
  'head-by-key': async () => (await import('./head-by-key.js')).buildHeadByKey,
  sample: async () => (await import('./sample/index.js')).buildSample,
  top: async () => (await import('./top.js')).buildTop,
  dedup: async () => (await import('./dedup/index.js')).buildDedup,
  exec: async () => (await import('./exec-windows.js')).buildExecWindows,
  aggregate: async () => (await import('./aggregate/index.js')).buildAggregate,
  'windowed-aggregate': async () => (await import('./aggregate/index.js')).buildWindowedAggregate,
} as const;

type Loaders = typeof loaders;

/** Builders by kind of step. */
export type Builders = { readonly [Kind in keyof Loaders]?: Awaited<ReturnType<Loaders[Kind]>> };

/** Loads the builders of some kinds of steps; kinds that no operator stands for are left out. */
export async function loadBuilders(kinds: Iterable<string>): Promise<Builders> {
  const builders: Record<string, unknown> = {};
  for (const kind of kinds) {
    if (Object.hasOwn(loaders, kind)) builders[kind] ??= await loaders[kind as keyof Loaders]();
  }
  return builders;
}
