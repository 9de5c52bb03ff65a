/** Time zones of a plan: whether they exist. */
import { isProblem, type ProblemDetails } from '../../diagnostics/index.js';
import { checkZone } from '../../time/index.js';

/** A problem with the nearest zone as its hint when there is none of this name. */
export function zoneProblems(zone: string | undefined): readonly ProblemDetails[] {
  if (zone === undefined) return [];
  try {
    checkZone(zone);
    return [];
  } catch (error) {
    if (isProblem(error)) return [error.details];
    throw error;
  }
}
