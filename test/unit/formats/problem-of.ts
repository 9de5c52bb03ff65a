/** The details of the problem that a function throws; fails when it throws none. */
import { isProblem, type ProblemDetails } from '../../../src/diagnostics/index.js';

export function problemOf(run: () => unknown): ProblemDetails {
  try {
    run();
  } catch (error) {
    if (isProblem(error)) return error.details;
    throw error;
  }
  throw new Error('no problem was thrown');
}
