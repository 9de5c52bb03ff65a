/** The room of plans: node kinds, checking, rewriting, explaining, the plan file. */
export { resolveAggregates } from './aggregate-call.js';
export {
  type AggregateDefinition,
  type AggregateParameter,
  aggregateNames,
  aggregateTable,
  aggregateUsage,
  findAggregate,
} from './aggregates.js';
export { type Changes, changeField, type RowKind, rowKinds } from './changelog.js';
export { type CheckContext, checkPlan } from './check/check-plan.js';
export { whyNotBehind } from './check/emission.js';
export { whyNotInWindows } from './check/in-windows.js';
export { isFolderUri } from './check/to.js';
export { type Emission, type Emit, emissionOf, emissionTexts, isUpdating } from './emission.js';
export { explainPlan, windowText } from './explain.js';
export type { ExpressionText, NamedExpression } from './expression-text.js';
export { planFromJson, planToJson } from './file/plan-file.js';
export {
  type Flow,
  type FormatFields,
  flowOf,
  joinDelayMs,
  type KnownFields,
  makesText,
  needsTime,
} from './flow.js';
export { whatGrows } from './growth.js';
export { whatStalls } from './idleness.js';
export { latePolicyOf } from './late-policy.js';
export { defaultName, windowFields } from './names.js';
export * from './nodes/index.js';
export { type PartitionPiece, readPartition } from './partition.js';
export { type Plan, planVersion } from './plan.js';
export { repeatsItself } from './repeats.js';
export {
  type GenStep,
  type PhysicalStep,
  physicalSteps,
  type TellingSessionsStep,
  type WindowedAggregateStep,
} from './rewrite/physical-steps.js';
export { type ForeignNode, isForeign, type Sections, sectionsOf } from './rewrite/sections.js';
