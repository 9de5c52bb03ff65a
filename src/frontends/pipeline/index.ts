/** The room of the pipeline text and the shell form: both make the same plan of the same question. */
export { assemble } from './assemble.js';
export { parsePipeline, pipelineDrafts, timeSaid } from './parse-pipeline.js';
export { planOfCommand, type ShellContext } from './plan-of-command.js';
