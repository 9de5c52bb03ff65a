/** The local back end: runs a plan as a chain of operators in this process. */
export type { BadPolicy, Totals } from './accounts.js';
export { type JobOptions, jobDefaults } from './checkpoints/job-options.js';
export type { ChainEnd } from './ndjson-output.js';
export { runLocal } from './run.js';
export type { RunOptions, RunProgress, RunResult } from './run-options.js';
