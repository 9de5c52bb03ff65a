/**
 * The published API: exports only. A pipeline's text becomes a plan, a plan can be checked, explained,
 * stored and run. Everything else is inside and may change.
 */
export { type BadPolicy, type RunOptions, type RunResult, runLocal } from './backends/local/index.js';
export { isProblem, type Problem, type ProblemDetails, renderProblem } from './diagnostics/index.js';
export { parsePipeline } from './frontends/index.js';
export { checkPlan, explainPlan, type Plan, type PlanNode, planFromJson, planToJson } from './plan/index.js';
