/**
 * The published API: exports only. A typed stream or a pipeline's text becomes a plan, a plan can be checked, explained,
 * stored and run. Everything else is inside and may change.
 */
export { type BadPolicy, type RunOptions, type RunResult, runLocal } from './backends/local/index.js';
export { isProblem, type Problem, type ProblemDetails, renderProblem } from './diagnostics/index.js';
export {
  type Aggregate,
  type AggregateOptions,
  type AnyRecord,
  aggregate,
  avg,
  type Change,
  count,
  countDistinct,
  countOf,
  cumulate,
  type Emits,
  type EmitWords,
  type ExecOptions,
  first,
  hop,
  type JoinOptions,
  last,
  list,
  max,
  min,
  type Pipeline,
  parsePipeline,
  quantile,
  type Results,
  type SourceOptions,
  type Stream,
  session,
  set,
  sum,
  type TimeOptions,
  tumble,
  type ViaOptions,
  type WindowBounds,
  type WindowOptions,
  type WindowWords,
} from './frontends/index.js';
export {
  defineProcess,
  type ListState,
  type MapState,
  type ProcessContext,
  type ProcessDefinition,
  type ProcessTimer,
  type ValueState,
} from './operators/index.js';
export {
  checkPlan,
  explainPlan,
  type Plan,
  type PlanNode,
  planFromJson,
  planToJson,
  type RowKind,
} from './plan/index.js';
export { from, type ProgramOptions } from './program/index.js';
