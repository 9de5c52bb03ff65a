/** What a user reads of a problem with the state; any other failure is passed on. */
import { isProblem } from '../../../src/diagnostics/index.js';

/** Message and hint of the problem that a call ends with, or `no problem`. */
export async function messageOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'no problem';
  } catch (error) {
    if (!isProblem(error)) throw error;
    return `${error.details.message}; ${error.details.hint ?? ''}`;
  }
}
