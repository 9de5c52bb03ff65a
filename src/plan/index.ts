/** The room of plans: node kinds, checking, rewriting, explaining, the plan file. */
export type { ExpressionText, NamedExpression } from './expression-text.js';
export * from './nodes/index.js';
export { type Plan, planVersion } from './plan.js';
