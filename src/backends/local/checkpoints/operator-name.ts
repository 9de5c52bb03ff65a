/** An operator under the name that its state has in the store of the job. */
import type { Operator } from '../../../operators/index.js';
import type { Uid } from '../../../state/index.js';
import type { JobStage } from './job-stage.js';

export interface NamedOperator {
  readonly uid: Uid;
  readonly operator: Operator;
}

/** The operators of a stage; behind the first stage names begin with the number of the stage. */
export function namesIn(stage: JobStage, operators: readonly NamedOperator[]): readonly NamedOperator[] {
  if (stage.number === 0) return operators;
  return operators.map(({ uid, operator }) => ({ uid: `${stage.number}.${uid}`, operator }));
}
