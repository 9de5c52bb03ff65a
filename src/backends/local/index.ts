/** The local back end: runs a plan as a chain of operators in this process. */
export type { BadPolicy, Totals } from './accounts.js';
export type { ChainEnd } from './ndjson-output.js';
export { type RunOptions, type RunProgress, type RunResult, runLocal } from './run.js';
