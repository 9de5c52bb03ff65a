/** What is thrown when the pages of a snapshot are not those of the state that is to be restored. */
import { type Problem, problem } from '../diagnostics/index.js';

/** A problem of the code state: the section does not hold what it should. */
export function misfit(section: string, why: string): Problem {
  return problem({
    code: 'state',
    message: `the stored state cannot be read: its section ${section} ${why}`,
    hint: 'it was written by another version of leat, or it is damaged; start from an older checkpoint or without state',
  });
}
