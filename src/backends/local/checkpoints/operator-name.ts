/** An operator under the name that its state has in the store of the job. */
import type { Operator } from '../../../operators/index.js';
import { nameOfStage, type Uid } from '../../../state/index.js';
import type { JobStage } from './job-stage.js';

export interface NamedOperator {
  readonly uid: Uid;
  readonly operator: Operator;
}

/** The name of an operator's state; behind the first stage it begins with the number of the stage. */
export function nameIn(stage: JobStage, uid: Uid): Uid {
  return nameOfStage(stage.id, uid);
}

/** The operators of a stage; with the names of their states. */
export function namesIn(stage: JobStage, operators: readonly NamedOperator[]): readonly NamedOperator[] {
  return operators.map(({ uid, operator }) => ({ uid: nameIn(stage, uid), operator }));
}
