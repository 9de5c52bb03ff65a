/** The local back end: runs a plan as a chain of operators in this process. */

export type { Member } from '../../record/index.js';
export type { BadPolicy, KeptFile, Totals } from './accounts.js';
export { processHolders } from './checkpoints/holders.js';
export { type JobOptions, jobDefaults } from './checkpoints/job-options.js';
export { type EntryLines, firstEntries, replaceEntries } from './edit-state.js';
export {
  type EpochEndsContext,
  openEpochSink,
  openSideOutputs,
  type SideOutputs,
  sidePaths,
} from './epoch-ends.js';
export { type InspectedOperator, type Inspection, inspectState, type StateEntry } from './inspect.js';
export type { ChainEnd, EndFacts } from './ndjson-output.js';
export { runLocal } from './run.js';
export type { RunOptions, RunProgress, RunResult } from './run-options.js';
