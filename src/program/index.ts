/** What a program in TypeScript or JavaScript uses: streams that can be run. */
import type { RunResult } from '../backends/local/index.js';
import { createStreams } from '../frontends/index.js';
import { type ProgramOptions, resultsOf, runToEnd } from './results.js';

export type { ProgramOptions } from './results.js';

const streams = createStreams<ProgramOptions, RunResult>({ results: resultsOf<never>, result: runToEnd });

/**
 * A stream of the records of files, globs or stdin (`-`), of a type that can be given. Nothing is read before it is run.
 * Throws problems of the code usage when an option is wrong. See docs/api.md.
 */
export const from = streams.from;
