/** Whether all records in front of a barrier have arrived: a barrier says how many the stage before has written. */
import { problem } from '../../../diagnostics/index.js';
import type { BarrierLine, EndLine } from '../../../stream/index.js';

function lostRecords(epoch: number, said: number, seen: number): Error {
  return problem({
    code: 'state',
    message: `checkpoint ${epoch} is not whole: the stage before wrote ${said} records since the last barrier, and ${seen} arrived`,
    hint: 'something between the stages takes records out or puts some in; put it in front of the job, or behind it',
  });
}

/** Throws when data lines were lost on the way from the stage before, or some were put in. */
export function assertWhole({ checkpoint, records }: BarrierLine | EndLine, lines: number): void {
  if (checkpoint === undefined || records === undefined || records === lines) return;
  throw lostRecords(checkpoint, records, lines);
}
