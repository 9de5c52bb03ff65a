/**
 * Names of the stages of a job. Those of the pipe whose head holds the store are numbers from 0; those of another pipe that
 * flows into it are numbers behind the name of that branch: `b.0`, `b.1`. A branch has a name and no number because its state
 * belongs to it wherever it stands on the command line.
 */

export type StageId = number | `${string}.${number}`;

/** What a branch can be called: no dot and no digit first, so that no stage and no file is taken for another. */
const branchName = /^[A-Za-z][A-Za-z0-9_-]{0,31}$/;

const stageOfBranch = /^([A-Za-z][A-Za-z0-9_-]{0,31})\.(0|[1-9]\d{0,5})$/;

export const isBranchName = (text: string): boolean => branchName.test(text);

/** The stage of this number in a branch, or in the main pipe. */
export function stageId(branch: string | undefined, number: number): StageId {
  return branch === undefined ? number : `${branch}.${number}`;
}

/** The branch that a stage belongs to; undefined for the main pipe. */
export function branchOf(stage: StageId): string | undefined {
  return typeof stage === 'number' ? undefined : stage.slice(0, stage.lastIndexOf('.'));
}

/** The number of a stage in its pipe. */
export function numberOf(stage: StageId): number {
  return typeof stage === 'number' ? stage : Number(stage.slice(stage.lastIndexOf('.') + 1));
}

/** Whether plain data is the name of a stage. */
export function isStageId(value: unknown): value is StageId {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0;
  return typeof value === 'string' && stageOfBranch.test(value);
}

/** The name that something of a stage has in the job: what the first stage has keeps its own. */
export function nameOfStage(stage: StageId, name: string): string {
  return stage === 0 ? name : `${stage}.${name}`;
}

/** The main pipe first, then the branches by name. */
export function compareStages(a: StageId, b: StageId): number {
  const [one, other] = [branchOf(a) ?? '', branchOf(b) ?? ''];
  if (one !== other) return one < other ? -1 : 1;
  return numberOf(a) - numberOf(b);
}
