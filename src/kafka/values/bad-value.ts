/**
 * What is said of a value that its format does not allow, and of a record that cannot be written in one. It concerns
 * that one record: others go on.
 */
import { type Problem, problem } from '../../diagnostics/index.js';

export function badValue(message: string, hint?: string): Problem {
  return problem({ code: 'bad-record', message, ...(hint === undefined ? {} : { hint }) });
}
